/** C: functions that take and answer bytes, for exports whose code takes blocks: allocate, write, call, read, free. */

import { nameInComment } from '../../harmless/code.ts';
import { type BlockAllocator, type BlockCall, type ModuleBlocks, moduleBlocks } from '../blocks/blocks.ts';
import { Identifiers } from '../identifiers.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { type CNames, cParameters, cResults } from './names.ts';
import { C_TYPES } from './runtime.ts';
import { fitted } from './text.ts';

/** The exports with such functions: none if the memory cannot be reached. */
export const cBytes = (input: WrapInput, memory: boolean): ModuleBlocks =>
  memory ? moduleBlocks(input) : { allocator: undefined, calls: new Map() };

/** An argument of the C function: bytes with their size, or a number. */
interface Argument {
  name: string;
  size: string;
  at: number;
  block: BlockCall['blocks'][number] | undefined;
}

function argumentsOf(one: WrapExport, call: BlockCall): Argument[] {
  const given = cParameters(one);
  const own = 'instance error answer answer_size packed copy copy_size status blocks'.split(' ');
  const scope = new Identifiers('snake', [...own, ...cResults(one.results.length)]);
  const list: Argument[] = [];
  for (let at = 0; at < one.params.length; at++) {
    if (call.blocks.some((block) => block.at + 1 === at)) continue;
    const block = call.blocks.find((found) => found.at === at);
    const plain = block !== undefined && /^p\d+$/.test(given[at]) ? 'data' : given[at].replace(/(?<=.)_ptr$/, '');
    const name = scope.claim(plain, 'data');
    list.push({ name, size: block === undefined ? '' : scope.claim(`${name} size`, 'size'), at, block });
  }
  return list;
}

function parametersOf(one: WrapExport, call: BlockCall, p: string): string[] {
  const results = cResults(one.results.length).map((name, i) => `${C_TYPES[one.results[i]]} *${name}`);
  return [
    `${p}_instance *instance`,
    ...argumentsOf(one, call).flatMap(({ name, size, at, block }) =>
      block === undefined
        ? [`${C_TYPES[one.params[at]]} ${name}`]
        : [`${block.writes ? '' : 'const '}void *${name}`, `size_t ${size}`],
    ),
    ...(call.answers ? ['void **answer', 'size_t *answer_size'] : results),
    `${p}_error *error`,
  ];
}

/** Declarations; empty without such exports. */
export function bytesDeclarations({ calls }: ModuleBlocks, { prefix: p, upper: u, bytes }: CNames): string {
  if (calls.size === 0) return '';
  const lines = [...calls].map(([one, call]) => {
    const writes = argumentsOf(one, call).filter(({ block }) => block?.writes);
    const more = [
      ...(writes.length > 0
        ? [`what it writes is copied back to ${writes.map(({ name }) => name).join(' and ')}`]
        : []),
      ...(call.answers ? ['answers a copy of its answer'] : []),
    ];
    return `// Calls the export ${nameInComment(one.name)}${more.length > 0 ? `; ${more.join('; ')}` : ''}.
${fitted('', `${p}_status ${bytes.get(one)}`, parametersOf(one, call, p), ';')}
`;
  });
  return `
// The same with bytes: allocates in the memory of the module, writes, calls, reads and frees. If the
// module has no memory for an argument, ${u}_ERR_MEMORY is answered and the export is not called. An
// answer is yours: give it to free(). A zero byte follows it, so that text is a string.

${lines.join('\n')}`;
}

/** Definitions of them and of what they are made of. */
export function bytesDefinitions({ allocator, calls }: ModuleBlocks, names: CNames): string {
  if (allocator === undefined || calls.size === 0) return '';
  const { prefix: p, upper: u, methods } = names;
  const all = [...calls.values()];
  const gives = all.some(({ blocks }) => blocks.length > 0);
  const answers = all.some((one) => one.answers);
  const freed = ['instance', '(int32_t)block', ...(allocator.sized ? ['(int32_t)(size == 0 ? 1 : size)'] : [])];
  return `
// Gives a block back, unless nothing is known of the instance. Answers \`before\` if that is a failure.
${fitted('', `static ${p}_status ${p}_impl_give_back`, [`${p}_instance *instance`, 'uint32_t block', 'size_t size', `${p}_status before`, `${p}_error *error`], ' {')}
${allocator.sized ? '' : '  (void)size;\n'}  if (block == 0 || instance->failed) {
    return before;
  }
${fitted('  ', `const ${p}_status status = ${methods.get(allocator.free)}`, [...freed, `before == ${u}_OK ? error : NULL`], ';')}
  return before == ${u}_OK ? status : before;
}
${gives ? giveText(allocator, names) : ''}${answers ? takeText(names) : ''}${[...calls].map(([one, call]) => definition(one, call, names)).join('')}`;
}

const giveText = ({ allocate }: BlockAllocator, { prefix: p, upper: u, methods }: CNames): string => `
// Allocates a block and copies the bytes into it. Allocators differ in what they make of a size of 0.
${fitted('', `static ${p}_status ${p}_impl_give`, [`${p}_instance *instance`, 'const void *bytes', 'size_t size', 'uint32_t *block', `${p}_error *error`], ' {')}
  if (size > INT32_MAX || (bytes == NULL && size > 0)) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the bytes are null or too many", NULL);
  }
  int32_t address = 0;
${fitted('  ', `const ${p}_status status = ${methods.get(allocate)}`, ['instance', '(int32_t)(size == 0 ? 1 : size)', '&address', 'error'], ';')}
  if (status != ${u}_OK) {
    return status;
  }
  if (address == 0) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "the module has no memory for an argument", NULL);
  }
  *block = (uint32_t)address;
  return ${p}_memory_write(instance, *block, bytes, size, error);
}
`;

const takeText = ({ prefix: p, upper: u }: CNames): string => `
// Copies an answer, whose address is the upper half of \`packed\` and whose size the lower one, and
// gives its block back.
${fitted('', `static ${p}_status ${p}_impl_take`, [`${p}_instance *instance`, 'int64_t packed', 'void **copy', 'size_t *copy_size', `${p}_error *error`], ' {')}
  const uint32_t block = (uint32_t)((uint64_t)packed >> 32);
  const size_t size = (uint32_t)packed;
  char *made = NULL;
  ${p}_status status = ${u}_OK;
  if (size > INT32_MAX) {
    status = ${p}_impl_fail(error, ${u}_ERR_BOUNDS, "the answer is too large", NULL);
  } else if ((made = malloc(size + 1)) == NULL) {
    status = ${p}_impl_fail(error, ${u}_ERR_MEMORY, "no memory for an answer", NULL);
  } else {
    status = ${p}_memory_read(instance, block, made, size, error);
  }
  status = ${p}_impl_give_back(instance, block, size, status, error);
  if (status != ${u}_OK) {
    free(made);
    return status;
  }
  made[size] = '\\0';
  *copy = made;
  *copy_size = size;
  return ${u}_OK;
}
`;

function definition(one: WrapExport, call: BlockCall, { prefix: p, upper: u, methods, bytes }: CNames): string {
  const list = argumentsOf(one, call);
  const blocks = list.filter(({ block }) => block !== undefined);
  const place = (argument: Argument): string => `blocks[${blocks.indexOf(argument)}]`;
  const given = list.flatMap((argument) =>
    argument.block === undefined ? [argument.name] : [`(int32_t)${place(argument)}`, `(int32_t)${argument.size}`],
  );
  const results = call.answers ? ['&packed'] : cResults(one.results.length);
  const step = (text: string, i: number): string =>
    i === 0 ? `  ${p}_status status = ${text}\n` : `  if (status == ${u}_OK) {\n    status = ${text}\n  }\n`;
  const steps = [
    ...blocks.map(
      (argument) => `${p}_impl_give(instance, ${argument.name}, ${argument.size}, &${place(argument)}, error);`,
    ),
    `${methods.get(one)}(${['instance', ...given, ...results, 'error'].join(', ')});`,
    ...(call.answers ? [`${p}_impl_take(instance, packed, &copy, &copy_size, error);`] : []),
    ...blocks
      .filter(({ block }) => block?.writes)
      .map((argument) => `${p}_memory_read(instance, ${place(argument)}, ${argument.name}, ${argument.size}, error);`),
  ];
  const backs = [...blocks]
    .reverse()
    .map(
      (argument) => `  status = ${p}_impl_give_back(instance, ${place(argument)}, ${argument.size}, status, error);\n`,
    );
  const answer = call.answers
    ? `  if (status != ${u}_OK) {
    free(copy);
    return status;
  }
  *answer = copy;
  *answer_size = copy_size;
  return ${u}_OK;
`
    : '  return status;\n';
  return `
${fitted('', `${p}_status ${bytes.get(one)}`, parametersOf(one, call, p), ' {')}
${blocks.length > 0 ? `  uint32_t blocks[${blocks.length}] = {0};\n` : ''}${call.answers ? '  int64_t packed = 0;\n  void *copy = NULL;\n  size_t copy_size = 0;\n' : ''}${steps.map(step).join('')}${backs.join('')}${answer}}
`;
}
