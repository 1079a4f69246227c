/** The public part of a generated file, the same for every runtime: errors, imports, options, and a function an export. */
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { commentLines, nameInComment } from '../../harmless/code.ts';
import { functionTypeText } from '../signature.ts';
import { isProgram, type WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { type CNames, cParameters, cResults } from './names.ts';
import { C_TYPES, type CRuntime } from './runtime.ts';
import { fitted, safeComment } from './text.ts';

/** Comment lines of sentences that may contain anything. */
const comment = (sentences: readonly string[], indent = ''): string =>
  `${safeComment(commentLines(sentences, indent)).join('\n')}\n`;

/** Status codes, error, imports, options and instance. */
export function publicTypes(input: WrapInput, names: CNames, runtime: CRuntime): string {
  const { prefix: p, upper: u } = names;
  return `// What a function answers: 0, or why it failed.
typedef enum ${p}_status {
  ${u}_OK = 0,
  // A null pointer, or a size of zero.
  ${u}_ERR_ARGUMENT,
  // No memory, or another resource of the system.
  ${u}_ERR_MEMORY,
  // The bytes are not a module, or not this one; or it could not be compiled or instantiated.
  ${u}_ERR_MODULE,
  // The call did not return: a trap, or a host function failed. The instance is not used again.
  ${u}_ERR_TRAP,
  // The module ended itself with the exit code in the error. The instance is not used again.
  ${u}_ERR_EXIT,
  // An earlier call on the instance failed, so its state is unknown.
  ${u}_ERR_BROKEN,
  // The range is not in the memory of the module.
  ${u}_ERR_BOUNDS,
  // Nothing became free in time.
  ${u}_ERR_BUSY,
  // It is closed.
  ${u}_ERR_CLOSED,
} ${p}_status;

// Why a function failed. It holds all that it says, so there is nothing to free. Every function takes
// a null pointer for it.
typedef struct ${p}_error {
  ${p}_status status;
  // With ${u}_ERR_EXIT only.
  int32_t exit_code;
  char message[512];
} ${p}_error;

// An instance of the module, for one thread at a time.
typedef struct ${p}_instance ${p}_instance;

${importsType(input, names)}// What can be chosen. All zero is a good start${input.surface.functions.length > 0 ? ', once imports is set' : ''}.
typedef struct ${p}_options {
${input.surface.functions.length > 0 ? `  // Required; copied.\n  const ${p}_imports *imports;\n` : ''}${runtime.options(input, names)}} ${p}_options;
`;
}

/** The structure of functions that the module imports; nothing for a module without any. */
function importsType({ surface }: WrapInput, { prefix: p, imports }: CNames): string {
  if (surface.functions.length === 0) return '';
  const members = surface.functions.map((one) => {
    const params = one.params.map((type, i) => `${C_TYPES[type]} p${i}`);
    const results = cResults(one.results.length).map((name, i) => `${C_TYPES[one.results[i]]} *${name}`);
    const head = comment(
      [`The import ${nameInComment(one.name)} of ${nameInComment(one.module)}, ${functionTypeText(one)}.`],
      '  ',
    );
    return `${head}${fitted('  ', `const char *(*${imports.get(one)})`, ['void *user', `${p}_instance *instance`, ...params, ...results], ';')}\n`;
  });
  return `// The functions that the module imports. Threads call them at the same time, each with the instance
// that it has. A function returns a null pointer, or a message with which the call fails; the message
// is copied. It must not unwind past its caller (longjmp).
typedef struct ${p}_imports {
  // Passed to every function.
  void *user;
${members.join('')}} ${p}_imports;

`;
}

/** Parameters of the method of an export. */
export function methodParameters(one: WrapExport, prefix: string): string[] {
  const given = cParameters(one);
  return [
    `${prefix}_instance *instance`,
    ...one.params.map((type, i) => `${C_TYPES[type]} ${given[i]}`),
    ...cResults(one.results.length).map((name, i) => `${C_TYPES[one.results[i]]} *${name}`),
    `${prefix}_error *error`,
  ];
}

/** Declarations of the functions that an instance has. */
export function publicMethods(input: WrapInput, names: CNames, runtime: CRuntime): string {
  const { prefix: p, methods } = names;
  const { surface } = input;
  const lines = surface.exports.map((one) => {
    const says = `Calls the export ${nameInComment(one.name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}.`;
    const more = isProgram(one) ? ' A program runs once per instance, which is not used again.' : '';
    return `${comment([`${says}${more}`])}${fitted('', `${p}_status ${methods.get(one)}`, methodParameters(one, p), ';')}\n`;
  });
  const memory = runtime.memory(input)
    ? `
// Copies \`size\` bytes at \`address\` out of the memory of the instance, and into it.
${fitted('', `${p}_status ${p}_memory_read`, [`${p}_instance *instance`, 'uint32_t address', 'void *to', 'size_t size', `${p}_error *error`], ';')}
${fitted('', `${p}_status ${p}_memory_write`, [`${p}_instance *instance`, 'uint32_t address', 'const void *from', 'size_t size', `${p}_error *error`], ';')}
`
    : '';
  return `// A function for each export. After ${names.upper}_OK the results are set; else they are left as they
// were. No pointer but that to the error may be null.

${lines.join('\n')}${memory}`;
}
