/** The input of a run as one file: a module with the text of a scenario for it. */
import type { Random } from '../../../core/testing/random.ts';
import { inputOfText, textOfInput } from '../bytes.ts';
import { mutatedJson } from '../json.ts';

/** What is run. The text of the scenario may be no scenario at all. */
export interface ScenarioInput {
  module: Uint8Array;
  scenario: string;
}

/** JSON: the scenario first, for whoever looks into the file. */
export const packInput = ({ module, scenario }: ScenarioInput): Uint8Array =>
  inputOfText(`${JSON.stringify({ scenario, wasm: Buffer.from(module).toString('base64') }, undefined, 2)}\n`);

/** Nothing where the file is none of ours. */
export function unpackInput(input: Uint8Array): ScenarioInput {
  try {
    const { scenario, wasm } = JSON.parse(textOfInput(input)) as Record<string, unknown>;
    return { module: new Uint8Array(Buffer.from(String(wasm), 'base64')), scenario: String(scenario) };
  } catch {
    return { module: new Uint8Array(), scenario: '' };
  }
}

/** Values that scenarios contain, and ones that they should not. */
const VALUES: readonly unknown[] = [
  0,
  1,
  -1,
  8,
  65536,
  2 ** 31,
  2 ** 53,
  0.5,
  '',
  'nan',
  'inf',
  '-0',
  '18446744073709551615',
  '$p',
  '$p + 4',
  '$r >> 32',
  '$$',
  '((((',
  'f0',
  'auto',
  'none',
  'sequence',
  'call',
  'own',
  'shared-memory',
  'cooperative',
  'isolated',
  'wazero',
  'javascript',
  null,
  true,
  [],
  {},
  [['f0']],
  ['f0', 1, 2],
  { call: 'f0', args: [1, 2], as: 'p' },
  { write: 64, i32: 7 },
  { read: 64, length: 4, as: 'q', type: 'utf8' },
  { expect: '$p == 1' },
  { like: 0 },
  { repeat: 2, steps: [['f1', 0, 1]] },
  { suspends: true },
  { calls: [['f1', 0, 0]] },
  { returns: 3 },
  { writes: [{ at: '$0', utf8: 'a', max: '$1' }], returns: 1 },
];

const KEYS = [
  'setup',
  'probe',
  'life',
  'unit',
  'model',
  'host',
  'compare',
  'stacks',
  'imports',
  'budget',
  'invariants',
  'wasi',
  'seed',
];

/** A scenario with some part of it left out, repeated, moved or replaced. */
export function mutatedScenario(text: string, next: Random): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text;
  }
  return JSON.stringify(mutatedJson(json, next, VALUES, KEYS));
}
