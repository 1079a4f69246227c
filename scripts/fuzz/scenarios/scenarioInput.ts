/** The input of a run as one file: a module with the text of a scenario for it. */
import type { Random } from '../../../core/testing/random.ts';
import { inputOfText, textOfInput } from '../bytes.ts';

/** What is run. The text of the scenario may be no scenario at all. */
export interface ScenarioInput {
  module: Uint8Array;
  scenario: string;
}

/** JSON: the scenario first, for whoever looks into the file. */
export const packInput = ({ module, scenario }: ScenarioInput): Uint8Array =>
  inputOfText(JSON.stringify({ scenario, wasm: Buffer.from(module).toString('base64') }, undefined, 1));

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

type Json = Record<string | number, unknown>;

/** All containers within a value, with the value itself. */
function containers(value: unknown, found: Json[] = []): Json[] {
  if (typeof value !== 'object' || value === null) return found;
  found.push(value as Json);
  for (const one of Object.values(value)) containers(one, found);
  return found;
}

/** A scenario with some part of it left out, repeated, moved or replaced. */
export function mutatedScenario(text: string, next: Random): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text;
  }
  const places = containers(json);
  if (places.length === 0) return text;
  const one = places[next(places.length)];
  const other = places[next(places.length)];
  const keys = Object.keys(one);
  const key = keys[next(Math.max(1, keys.length))];
  const value = JSON.parse(JSON.stringify(VALUES[next(VALUES.length)] ?? null)) as unknown;
  switch (next(9)) {
    case 0:
      if (Array.isArray(one)) one.splice(next(one.length + 1), 1);
      else if (key !== undefined) delete one[key];
      break;
    case 1:
      if (Array.isArray(one)) one.splice(next(one.length + 1), 0, value);
      else one[KEYS[next(KEYS.length)]] = value;
      break;
    case 2:
      if (Array.isArray(one) && one.length > 0) one.push(JSON.parse(JSON.stringify(one[next(one.length)])));
      break;
    case 3:
      // A copy: the same part twice, or a part in the wrong place.
      if (key !== undefined) one[key] = JSON.parse(JSON.stringify(other));
      break;
    case 4:
      if (key !== undefined) one[key] = value;
      break;
    default:
      // Another number or another text in its place: most often a scenario still.
      if (key !== undefined) one[key] = VALUES.filter((kept) => typeof kept === typeof one[key])[next(8)] ?? one[key];
  }
  return JSON.stringify(json);
}
