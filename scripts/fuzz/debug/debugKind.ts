/** Fuzzing of debug information: DWARF, source maps, names, and everything that speaks of them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debugInfoOf } from '../../../core/debug/debugInfo.ts';
import { attachSource } from '../../../core/debug/moduleSource.ts';
import { allSteps } from '../../../core/debug/steps.ts';
import { askAll } from '../../../core/debug/testing/askAll.ts';
import { damagedDebug } from '../../../core/debug/testing/mutants.ts';
import { joinedBytes, nameSection, withoutSections } from '../../../core/debug/testing/sections.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { askFeatures } from '../../../server/src/testing/askFeatures.ts';
import { documentOfBytes } from '../../../server/src/testing/testDocument.ts';
import { ROOT } from '../../paths.ts';
import { type FuzzKind, stackOf } from '../kind.ts';
import { smallerModules } from '../modules/smaller.ts';

/** Largest seed in bytes: what is read of a larger one is in a smaller one, too. */
const MOST_BYTES = 200_000;
const MOST_MILLISECONDS = 5000;
/** Lines between two about which features are asked. */
const STEP = 40;

/** Modules of many compilers, of which the debug information is damaged. */
export const debugKind: FuzzKind = {
  id: 'debug',
  extension: 'wasm',
  isGuided: true,
  async seeds() {
    const files = globSync('core/debug/**/cases/*.wasm', { cwd: ROOT }).sort();
    const modules = files.map((file) => new Uint8Array(readFileSync(join(ROOT, file))));
    return [...modules.filter(({ length }) => length <= MOST_BYTES), withMap()];
  },
  mutate: damagedDebug,
  async check(input) {
    try {
      return problemOf(input);
    } catch (error) {
      return `throws ${stackOf(error)}`;
    }
  },
  smaller: smallerModules,
};

/** A module with its source map inside, as text: damage changes a mapping, a name, or the syntax. */
function withMap(): Uint8Array {
  const cases = join(ROOT, 'core/debug/cases');
  const module = new Uint8Array(readFileSync(join(cases, 'counter.wasm')));
  const map = readFileSync(join(cases, 'counter.wasm.map'), 'utf8');
  const url = `data:application/json,${map.replaceAll('%', '%25').replaceAll('#', '%23')}`;
  return joinedBytes(
    withoutSections(module, (name) => name === 'sourceMappingURL'),
    nameSection('sourceMappingURL', url),
  );
}

function problemOf(bytes: Uint8Array): string | undefined {
  const started = performance.now();
  const module = decodeModule(bytes);
  const info = debugInfoOf(module);
  allSteps(info.prepare());
  askAll(module, info);
  for (const file of info.files().slice(0, 10))
    if (hides(file)) return `the path ${JSON.stringify(file)} hides something`;
  for (let func = 0; func < Math.min(50, module.functions.typeIndex.length); func++) {
    const name = info.functionAt(func)?.name ?? '';
    if (hides(name)) return `the name ${JSON.stringify(name)} hides something`;
  }
  const doc = documentOfBytes(bytes);
  attachSource(doc.module, { info });
  askFeatures(doc, STEP);
  const took = performance.now() - started;
  return took > MOST_MILLISECONDS ? `took ${Math.round(took)} ms` : undefined;
}

/** Whether a text has characters that nobody sees, or that move others. */
const hides = (text: string): boolean => /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u.test(text);
