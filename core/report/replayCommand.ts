/** The command that replays a schedule, to be pasted into a shell. */
import { hasUnseen, replaceUnseen } from '../harmless/invisible.ts';
import { DEFAULT_HOST } from '../hosts/index.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { importsFileOf } from '../stress/scenario/scenario.ts';
import { unitOf } from '../stress/scenario/units.ts';
import { stepsSyntax } from './stepSyntax.ts';

/** Whether the scenario has what only a scenario file can say. */
const needsFile = (scenario: StressResult['scenario']): boolean =>
  importsFileOf(scenario) !== undefined ||
  Object.keys(scenario.wasi).length > 0 ||
  scenario.compare !== 'auto' ||
  scenario.repeats !== undefined ||
  typeof scenario.life !== 'string' ||
  [scenario.setup, ...scenario.callers, scenario.probe].some((steps) => stepsSyntax(steps) === undefined);

/** The command without its schedule. The module is `file`, or what the result calls it. */
export function replayCommand(
  { module, scenario }: Pick<StressResult, 'module' | 'scenario'>,
  file: string = module,
): string {
  const words = ['wasm-hazards', 'replay', fileWord(file)];
  const option = (name: string, value: string) => void words.push(name, shellWord(value));
  if (needsFile(scenario)) option('--scenario', 'FILE.stress.json');
  else {
    if (scenario.host !== DEFAULT_HOST) option('--host', scenario.host);
    if (scenario.model !== 'auto') option('--model', scenario.model);
    if (unitOf(scenario) !== unitOf({ ...scenario, unit: 'auto' })) option('--unit', scenario.unit);
    if (scenario.life !== 'auto') option('--life', String(scenario.life));
    if (scenario.setup.length > 0) option('--setup', stepsSyntax(scenario.setup) ?? '');
    for (const calls of scenario.callers) option('--call', stepsSyntax(calls) ?? '');
    // One call alone would mean two callers.
    if (scenario.callers.length === 1) option('--callers', '1');
    if (scenario.probe.length > 0) option('--probe', stepsSyntax(scenario.probe) ?? '');
  }
  return words.join(' ');
}

/** A file name as a word that is not taken for an option. */
export const fileWord = (file: string): string => shellWord(/^-./.test(file) ? `./${file}` : file);

const PLAIN = /^[\w@%+=:,./-]+$/;

/** `text` as one word of a POSIX shell. Control characters are in the notation of bash and zsh. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!hasUnseen(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = replaceUnseen(text.replace(/[\\']/g, '\\$&'), (point) => `\\U${point.toString(16).padStart(8, '0')}`);
  return `$'${escaped}'`;
}
