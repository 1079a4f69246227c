/** The calls that a new instance needs before its API works, as calls of `P_begin`; the same for every runtime. */
import { allocatorOf } from '../../analysis/allocator.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import { signatureOf } from '../signature.ts';
import type { WrapInput } from '../wrapInput.ts';
import { cName, fitted } from './text.ts';

/** Bytes of a stack that is made for an instance over a shared memory. */
const STACK_SIZE = 65_536;

/** Statements, and the locals that they need. `indent` before each line. */
export interface Calls {
  text: string;
  locals: string;
}

/** Calls of the life of the module for every instance, or for the first over a memory. */
export const lifeCallText = (input: WrapInput, prefix: string, per: LifeCall['per'] | 'all', indent: string): string =>
  input.surface.life
    .filter((call) => per === 'all' || call.per === per)
    .map((call) => begin(prefix, indent, call.name, call.args.map(String), 'NULL', isMain(call)))
    .join('');

/** One call with its result in `result`, which answers from the function where it fails. */
function begin(
  prefix: string,
  indent: string,
  name: string,
  args: readonly string[],
  result: string,
  program: boolean,
): string {
  const values = args.length === 0 ? 'NULL' : `(const int32_t[]){${args.join(', ')}}`;
  const given = ['instance', cName(name), values, String(args.length), result, String(program), 'error'];
  return `${fitted(indent, `status = ${prefix}_impl_begin`, given, ';')}
${indent}if (status != ${prefix.toUpperCase()}_OK) {
${indent}  return status;
${indent}}
`;
}

/** A name of a result in the arguments of the recogniser's steps, and what else they consist of. */
const RESULT = /\$([a-z_][a-z0-9_]*)/g;
const ARITHMETIC = /^[\s\d()+&-]*$/;

/**
 * What each instance after the first over one memory needs: thread-local storage, and a stack (`stack`) where the module
 * exports its stack pointer and an allocator. Empty text for other modules.
 */
export function threadCallText(input: WrapInput, prefix: string, indent: string, stack: boolean): Calls {
  const { module, analysis, surface } = input;
  if (!surface.commonMemory) return { text: '', locals: '' };
  const locals = new Set<string>();
  let text = '';
  for (const { call, args, as, per } of lifeOf(module, analysis).steps) {
    if (per !== 'thread') continue;
    const given = args.map((one) => (typeof one === 'number' ? String(one) : expression(one)));
    if (given.includes(undefined)) continue;
    if (as !== undefined) locals.add(as);
    text += begin(
      prefix,
      indent,
      call,
      given.filter((one) => one !== undefined),
      as === undefined ? 'NULL' : `&${as}`,
      false,
    );
  }
  const pointer = stackGlobal(input);
  const allocate = allocator(input);
  if (stack && pointer !== undefined && allocate !== undefined) {
    locals.add('stack');
    text += begin(prefix, indent, allocate, [String(STACK_SIZE)], '&stack', false);
    text += `${fitted(indent, `status = ${prefix}_impl_give_stack`, ['instance', cName(pointer), `(int32_t)(((uint32_t)stack + ${STACK_SIZE}u) & ~15u)`, 'error'], ';')}
${indent}if (status != ${prefix.toUpperCase()}_OK) {
${indent}  return status;
${indent}}
`;
  }
  return { text, locals: [...locals].map((name) => `${indent}int32_t ${name} = 0;\n`).join('') };
}

/** `(int32_t)(((uint32_t)life_tls + 15) & 4294967280)`; undefined for what is no such arithmetic. */
function expression(text: string): string | undefined {
  if (!ARITHMETIC.test(text.replace(RESULT, ''))) return undefined;
  const unsigned = text.replace(/\d+/g, (digits) => `${digits}u`).replace(RESULT, '(uint32_t)$1');
  return `(int32_t)(${unsigned})`;
}

/** The name under which the stack pointer is exported, where all instances begin with the same one and nothing sets it. */
function stackGlobal({ module, analysis, surface }: WrapInput): string | undefined {
  const { stackPointer, sharing } = analysis;
  if (!surface.commonMemory || stackPointer < 0 || sharing.ownStacks) return undefined;
  if (!module.globals[stackPointer].mutable) return undefined;
  return module.exports.find(({ kind, index }) => kind === 'global' && index === stackPointer)?.name;
}

/** The export that takes a size and returns an address. */
function allocator({ module, analysis }: WrapInput): string | undefined {
  const { allocate } = allocatorOf(module, analysis);
  if (allocate < 0) return undefined;
  const { name, func } = analysis.exports[allocate];
  const type = signatureOf(module, func);
  return typeof type !== 'string' && type.params.join() === 'i32' && type.results.join() === 'i32' ? name : undefined;
}

/** Whether further instances get a stack. */
export const givesStacks = (input: WrapInput): boolean =>
  stackGlobal(input) !== undefined && allocator(input) !== undefined;
