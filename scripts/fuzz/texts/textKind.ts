/** Fuzzing of everything that reads WebAssembly text: the reader, the compiler's errors, the map between text and binary. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseSource, type SourceModule } from '../../../core/source/analyseSource.ts';
import { sourceLineStarts } from '../../../core/text/lines.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { wasmEngine } from '../../../core/wasm/webAssembly.ts';
import type { WatDocument } from '../../../core/wat/model.ts';
import { CONSTRUCTS } from '../../../core/wat/testing/constructs.ts';
import { textMutant } from '../../../core/wat/testing/mutants.ts';
import { badSpans, differences } from '../../../core/wat/testing/ordinals.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/defaultSettings.ts';
import { sourceModule } from '../../../server/src/documents/source/sourceModule.ts';
import { askFeatures } from '../../../server/src/testing/askFeatures.ts';
import { ROOT } from '../../paths.ts';
import { inputOfText, textOfInput } from '../bytes.ts';
import { type FuzzKind, stackOf } from '../kind.ts';
import { stretches } from '../minimise.ts';
import { randomModule } from '../modules/generate.ts';

/** Time limit for a text of some kilobytes; generous, because the machine may be busy. */
const MOST_MILLISECONDS = 5000;

const FOLDERS = ['test-fixtures/*.wat', 'core/wat/cases/*.wa{t,st}', 'core/analysis/cases/**/*.wat'];

/** Texts of generated modules, and mutants of texts. */
export const textKind: FuzzKind = {
  id: 'text',
  extension: 'wat',
  isGuided: true,
  async seeds() {
    const files = FOLDERS.flatMap((pattern) => globSync(pattern, { cwd: ROOT }).sort());
    const texts = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
    return [...texts, ...Object.values(CONSTRUCTS)].map(inputOfText);
  },
  async generate(next) {
    const options = { bodyBudget: 1e9, prefer: [], expand: new Set<number>(), dataBudget: 1e9 };
    return inputOfText(disassemble(decodeModule(randomModule(next)), options).text);
  },
  mutate: (input, next) => inputOfText(textMutant(textOfInput(input), next)),
  async check(input) {
    try {
      return await problemOf(textOfInput(input));
    } catch (error) {
      return `throws ${stackOf(error)}`;
    }
  },
  *smaller(input) {
    const text = textOfInput(input);
    const lines = text.split('\n');
    for (const [from, to] of stretches(lines.length)) {
      yield inputOfText([...lines.slice(0, from), ...lines.slice(to)].join('\n'));
    }
    const tokens = text.split(/(?=[\s()])/);
    if (tokens.length > 400) return;
    for (const [from, to] of stretches(tokens.length)) {
      yield inputOfText([...tokens.slice(0, from), ...tokens.slice(to)].join(''));
    }
  },
};

async function problemOf(text: string): Promise<string | undefined> {
  const started = performance.now();
  const script = /\((?:assert_|invoke|register)/.test(text);
  const analysed = await analyseSource({ text, script, host: 'wazero', model: 'auto' }, { now: () => 0 });
  if (analysed === undefined) return 'the analysis says that it was abandoned';
  const { wat, modules } = analysed;
  const bad = badSpans(wat)[0] ?? wat.errors.find(({ message }) => message.length > 200)?.message;
  if (bad !== undefined) return `the reader says ${bad}`;
  for (const [index, one] of modules.entries()) {
    if (one.kind === 'failed') {
      const { start, end, message } = one.error;
      if (!(start >= 0 && start <= end && end <= text.length)) return `an error outside of the text: ${message}`;
      continue;
    }
    const found = compiledProblem(one, wat, index, script) ?? featuresProblem(one, wat, index, text);
    if (found !== undefined) return found;
  }
  const took = performance.now() - started;
  return took > MOST_MILLISECONDS ? `took ${Math.round(took)} ms` : undefined;
}

/** What compiles is read without an error, and its instructions are those of the binary. */
function compiledProblem(
  { module, map, invalid }: SourceModule<Module>,
  wat: WatDocument,
  index: number,
  script: boolean,
): string | undefined {
  if (module.kind !== 'module') return undefined;
  if (module.errors.length > 0) return `what wasm-tools compiled cannot be decoded: ${module.errors[0].message}`;
  if (invalid === undefined && !wasmEngine.validate(module.bytes))
    return 'the engine refuses it, and we do not say why';
  if (!script && wat.errors.length > 0) return `it compiles, and the reader says ${wat.errors[0].message}`;
  if (map.mismatches.length > 0) return `it is read otherwise than it compiles: ${map.mismatches[0].why}`;
  const other = differences(wat, wat.modules[index], module)[0];
  return other === undefined ? undefined : `it is read otherwise than it compiles: ${other}`;
}

/** No feature throws, or points outside of the text. */
function featuresProblem(one: SourceModule<Module>, wat: WatDocument, index: number, text: string): string | undefined {
  const doc = sourceModule(
    one,
    { wat, index, version: 1, isCurrent: () => true },
    {
      uri: 'file:///fuzz.wat',
      lineStarts: sourceLineStarts(text),
      host: { host: 'wazero', reason: 'fuzzing' },
      settings: DEFAULT_SETTINGS,
    },
  );
  askFeatures(doc, 5);
  return undefined;
}
