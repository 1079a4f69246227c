/** C: a program whose threads call the exports at once. */
import { isWrite } from '../../analysis/cells.ts';
import { effectsOf } from '../../analysis/queries.ts';
import { cString, nameInComment } from '../../harmless/code.ts';
import { type HammerPair, hammerPairs, integerFor } from '../hammerPairs.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { publicMethods, publicTypes } from './api.ts';
import { comments, STANDARD } from './file.ts';
import { hammerProgramMain } from './hammerMain.ts';
import { hammerProgramRounds } from './hammerRounds.ts';
import { type CNames, cNames, cResults } from './names.ts';
import { C_TYPES } from './runtime.ts';
import { runtimeOf } from './runtimes.ts';
import { fitted } from './text.ts';
import { tidied } from './tidy.ts';

/** Source of a program: each pair of exports in a process of its own, with a lock, with separate instances, or without either. */
export function cHammer(given: WrapInput): string {
  const runtime = runtimeOf(given);
  const input = runtime.adapted(given);
  const names = cNames(input, []);
  const kind = {
    name: 'hammer',
    title: `A hammer test of ${input.moduleFile} for ${runtime.label}: a program that takes the path of the module.`,
    advice: [
      'It exits with 0 if all went right, 1 if results were wrong or a process crashed, 2 if no call of an export returned, so that nothing is known of it, 3 if it could not begin.',
      `With the environment variable WASM_HAZARDS_UNSAFE=1 it runs the calls without a lock, too, which shows what can happen and changes no exit code: ${input.surface.commonMemory ? 'each thread has an instance over the shared memory' : runtime.unsafe}.`,
    ],
    declarations: '',
    implementation: '',
  };
  const pairs = hammerPairs(input.module, input.sharedInstance(), input.surface);
  const calls = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  return `${comments(input, names, runtime, kind)}${tidied(`
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <${runtime.header}>

${publicTypes(input, names, runtime)}
${publicMethods(input, names, runtime)}
${STANDARD.map((name) => `#include <${name}.h>\n`).join('')}
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
${runtime.implementation(input, names, 'hammer')}${imports(input, names)}${callText(calls, names)}${hammerProgramRounds(input, names, runtime, rowsOf(input, pairs, calls))}${hammerProgramMain(input, names, runtime)}`)}`;
}

/** Host functions that answer zero. */
function imports({ surface }: WrapInput, { prefix: p, imports: members }: CNames): string {
  if (surface.functions.length === 0) return '';
  const stubs = surface.functions.map((one, i) => {
    const params = one.params.map((type, n) => `${C_TYPES[type]} p${n}`);
    const results = cResults(one.results.length);
    const types = results.map((name, n) => `${C_TYPES[one.results[n]]} *${name}`);
    const unused = ['user', 'instance', ...params.map((_, n) => `p${n}`)];
    return `
// The import ${nameInComment(one.name)} of ${nameInComment(one.module)}: replace it by what your host does.
${fitted('', `static const char *${p}_impl_stub_${i}`, ['void *user', `${p}_instance *instance`, ...params, ...types], ' {')}
${unused.map((name) => `  (void)${name};\n`).join('')}${results.map((name) => `  *${name} = 0;\n`).join('')}  return NULL;
}
`;
  });
  return `${stubs.join('')}
static const ${p}_imports ${p}_impl_stubs = {
${surface.functions.map((one, i) => `    .${members.get(one)} = ${p}_impl_stub_${i},\n`).join('')}};
`;
}

/** One call of each export with guessed arguments, and its results as one number. */
function callText(calls: readonly WrapExport[], { prefix: p, upper: u, methods }: CNames): string {
  const cases = calls.map((one, i) => {
    const results = cResults(one.results.length);
    const args = one.params.map((type) => (type === 'f32' ? '1.5f' : type === 'f64' ? '1.5' : integerFor(one)));
    const given = ['instance', ...args, ...results.map((name) => `&${name}`), 'error'];
    return `    case ${i}: {
${results.map((name, n) => `      ${C_TYPES[one.results[n]]} ${name} = 0;\n`).join('')}${fitted('      ', `status = ${methods.get(one)}`, given, ';')}
${results.map((name) => `      outcome = ${p}_impl_mix(outcome, &${name}, sizeof ${name});\n`).join('')}      break;
    }
`;
  });
  return `
// FNV-1a, over the bytes of a result.
static inline uint64_t ${p}_impl_mix(uint64_t hash, const void *bytes, size_t size) {
  const unsigned char *one = bytes;
  for (size_t i = 0; i < size; i++) {
    hash = (hash ^ one[i]) * UINT64_C(1099511628211);
  }
  return hash;
}

// Makes one call. The arguments are guesses: replace them with values that your host passes.
${fitted('', `static ${p}_status ${p}_impl_hammer_call`, [`${p}_instance *instance`, 'size_t which', 'uint64_t *made', `${p}_error *error`], ' {')}
  uint64_t outcome = UINT64_C(14695981039346656037);
  ${p}_status status = ${u}_ERR_ARGUMENT;
  switch (which) {
${cases.join('')}    default:
      break;
  }
  *made = outcome;
  return status;
}
`;
}

/** The pairs, as initialisers. */
const rowsOf = (input: WrapInput, pairs: readonly HammerPair[], calls: readonly WrapExport[]): string[] =>
  pairs.map(
    ({ a, b, cell }) =>
      `    {{${calls.indexOf(a)}, ${calls.indexOf(b)}}, ${isJudged(input, a, b)}, ${cString(a === b ? `${short(a.name)} with itself` : `${short(a.name)} with ${short(b.name)}`)}},${cell === undefined ? '' : `  // ${nameInComment(cell)}`}`,
  );

/** Of names that are long the beginning is enough. */
const short = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}...` : name);

/**
 * Whether any order of the calls gives the same results: the calls are the same, and where each thread has an instance
 * over one memory, no call changes what only its instance has.
 */
function isJudged({ analysis, surface }: WrapInput, a: WrapExport, b: WrapExport): boolean {
  if (a !== b) return false;
  if (!surface.commonMemory) return true;
  return !effectsOf(analysis, analysis.exports[a.position].func).some((id) => {
    const effect = analysis.effects[id];
    return isWrite(effect) && (effect.cell.kind === 'global' || effect.cell.kind === 'table');
  });
}
