/**
 * C: what an instance after the first needs for itself in a memory that instances share, as the recogniser of the
 * module's life says: a stack and thread-local storage. The blocks come from the first instance, which is not lent.
 */
import { allocatorOf } from '../../analysis/allocator.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import type { LifeStep } from '../../analysis/life/lifeModel.ts';
import { hasSignature } from '../signature.ts';
import { type GivenStack, stackGiver } from '../threadLife.ts';
import type { WrapInput } from '../wrapInput.ts';
import { beginCall } from './calls.ts';
import type { CNames } from './names.ts';
import { cName, fitted } from './text.ts';

/** Bytes of a stack that is made for an instance. */
const STACK_SIZE = 65_536;

/** What each further instance needs. */
export interface FurtherNeeds {
  /** How it gets a stack: through an exported global, or a call. */
  stack: GivenStack | undefined;
  /** The exports that allocate a block and free one. */
  allocate: string | undefined;
  free: string | undefined;
  steps: readonly LifeStep[];
}

/** Undefined where instances have no memory in common, or need nothing in it. */
export function furtherNeeds(input: WrapInput): FurtherNeeds | undefined {
  const { module, analysis, surface } = input;
  if (!surface.commonMemory) return undefined;
  const allocators = allocatorOf(module, analysis);
  const named = (position: number, params: string, results: string): string | undefined => {
    const found = analysis.exports[position];
    return found !== undefined && hasSignature(module, found.func, params, results) ? found.name : undefined;
  };
  const stack = analysis.sharing.ownStacks ? undefined : stackGiver(module, analysis.stackPointer);
  const steps = lifeOf(module, analysis).steps.filter(({ per, args }) => per === 'thread' && args.every(isExpressible));
  if (stack === undefined && steps.length === 0) return undefined;
  return { stack, allocate: named(allocators.allocate, 'i32', 'i32'), free: named(allocators.free, 'i32', ''), steps };
}

/**
 * The function `P_impl_prepare_thread`, which gives an instance what it needs. `first`: the expression of the first instance;
 * `grow`: statements that grow the memory by a stack and set `stack`, for a module without an allocator; undefined where
 * the runtime gives stacks itself.
 */
export function threadFunction(
  { stack, allocate, steps }: FurtherNeeds,
  { prefix: p, upper: u }: CNames,
  first: string,
  grow: string | undefined,
): string {
  const locals = new Set<string>();
  let text = '';
  if (stack !== undefined && grow !== undefined) {
    locals.add('stack');
    text +=
      allocate === undefined
        ? grow
        : `${beginCall(p, '  ', 'first', allocate, [String(STACK_SIZE)], '&stack', false)}${missing('stack', p, u)}`;
    text += `${allocate === undefined ? '' : '  instance->stack = stack;\n'}  // It grows downwards.
  const int32_t top = (int32_t)(((uint32_t)stack + ${STACK_SIZE}u) & ~15u);
${
  'call' in stack
    ? beginCall(p, '  ', 'instance', stack.call, ['top'], 'NULL', false)
    : `${fitted('  ', `status = ${p}_impl_give_stack`, ['instance', cName(stack.global), 'top', 'error'], ';')}
  if (status != ${u}_OK) {
    return status;
  }
`
}`;
  }
  for (const { call, args, as } of steps) {
    const given = args.map((one) => (typeof one === 'number' ? String(one) : expression(one)));
    if (as !== undefined) locals.add(as);
    const result = as === undefined ? 'NULL' : `&${as}`;
    // An allocation is made where no other thread can be on the stack.
    text += beginCall(p, '  ', as === undefined ? 'instance' : 'first', call, given, result, false);
    if (as !== undefined) text += missing(as, p, u);
    if (as !== undefined) text += `  instance->storage = ${as};\n`;
  }
  return `
// Gives an instance what it needs for itself in the memory that all share.
static ${p}_status ${p}_impl_prepare_thread(${p}_instance *instance, ${p}_error *error) {
${text.includes('(first,') || text.includes('first, ') ? `  ${p}_instance *first = ${first};\n` : ''}  ${p}_status status = ${u}_OK;
${[...locals].map((name) => `  int32_t ${name} = 0;\n`).join('')}${text}  return status;
}
`;
}

const missing = (name: string, p: string, u: string): string => `  if (${name} == 0) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "the module has no memory for an instance", NULL);
  }
`;

/** Members of an instance that say what it has; statements that give it back through `first`. */
export function threadBlocks({ stack, allocate, free, steps }: FurtherNeeds, stacks: boolean): string[] {
  if (allocate === undefined || free === undefined) return [];
  return [
    ...(stack !== undefined && stacks ? ['stack'] : []),
    ...(steps.some(({ as }) => as !== undefined) ? ['storage'] : []),
  ];
}

/** A name of a result in the arguments of the recogniser's steps, and what else they consist of. */
const RESULT = /\$([a-z_][a-z0-9_]*)/g;
const isExpressible = (arg: number | string): boolean =>
  typeof arg === 'number' || /^[\s\d()+&-]*$/.test(arg.replace(RESULT, ''));

/** `(int32_t)(((uint32_t)life_tls + 15u) & 4294967280u)`. */
function expression(text: string): string {
  const unsigned = text.replace(/(?<![\w$])\d+/g, (digits) => `${digits}u`).replace(RESULT, '(uint32_t)$1');
  return `(int32_t)(${unsigned})`;
}
