/**
 * Units: what has to look undivided. Either each call, so that a serial order may put calls of other callers between
 * two calls of one, or the whole sequence of calls that a caller makes. Where a caller repeats its steps, each repetition is
 * a sequence.
 */
import { t } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { isInstantiation } from './instantiation.ts';
import { callerName, type Scenario } from './scenario.ts';
import { calledExport, callsOf, isCall, type Step, stepText } from './steps.ts';

/** - `call`: each call on its own - `sequence`: all calls of a caller together, or those of one repetition */
export type Unit = 'call' | 'sequence';

/** The units that a scenario can name besides `auto`. */
export const UNITS: readonly Unit[] = ['call', 'sequence'];

/** What units follow from. */
type Units = Pick<Scenario, 'unit' | 'callers' | 'repeats'>;

/** The steps that a caller makes, once for all repetitions. */
export const stepsOnce = ({ callers, repeats }: Pick<Scenario, 'callers' | 'repeats'>, caller: number): Step[] =>
  (callers[caller] ?? []).slice(0, callers[caller]?.length / (repeats?.[caller] ?? 1));

/** What a caller does: `put(1); get()`, `put(1); get(), 3 times`. */
export function callerText(scenario: Pick<Scenario, 'callers' | 'repeats'>, caller: number): string {
  const times = scenario.repeats?.[caller] ?? 1;
  const once = stepsOnce(scenario, caller).map(stepText).join('; ');
  return times === 1 ? once : t('{0}, {1} times', once, times);
}

/**
 * How many steps of each caller are one unit, 1 where each is: those of the scenario's unit. Without one, calls of different exports by
 * one caller are taken for a protocol (store and read back, allocate and free, request and response); repeated calls of
 * one export are not, and neither is an instantiation with the calls after it.
 */
export function unitLengths(scenario: Units): number[] {
  const { unit, callers } = scenario;
  return callers.map((_, caller) => {
    const once = stepsOnce(scenario, caller);
    const together = unit === 'auto' ? isProtocol(once.filter((step) => !isInstantiation(step))) : unit === 'sequence';
    return together ? Math.max(1, once.length) : 1;
  });
}

/** Whether some unit has several steps. */
export const hasSequences = (lengths: readonly number[]): boolean => lengths.some((length) => length > 1);

/** The unit of a scenario: `sequence` if the calls of some caller belong together. */
export const unitOf = (scenario: Units): Unit =>
  scenario.unit === 'sequence' || hasSequences(unitLengths(scenario)) ? 'sequence' : 'call';

/** Whether steps belong together: calls of different exports, or accesses of the host and named results around calls. */
const isProtocol = (steps: readonly Step[]): boolean =>
  steps.length > 1 && (!steps.every(isCall) || new Set(callsOf(steps)).size > 1);

/** Where other callers came between two calls of one caller. */
interface Division {
  caller: number;
  /** The call before, as an index among the caller's; the next one comes after the others. */
  call: number;
  /** Callers that came between, in order, each once. */
  by: number[];
}

/**
 * The first caller whose sequence a serial order of calls (`ABAB`) divides; undefined when it divides none.
 * @param lengths steps of one unit of each caller, of `unitLengths`
 */
export function divisionOf(order: string, lengths: readonly number[]): Division | undefined {
  const names = [...order];
  const made = lengths.map(() => 0);
  for (const [at, name] of names.entries()) {
    const caller = callerIndex(name);
    const call = made[caller]++;
    if (made[caller] % lengths[caller] === 0 || names[at + 1] === name) continue;
    const next = names.indexOf(name, at + 1);
    if (next < 0) continue;
    return { caller, call, by: [...new Set(names.slice(at + 1, next))].map(callerIndex) };
  }
  return undefined;
}

/** Whether a serial order of calls leaves those together that belong together. */
export const isWhole = (order: readonly number[], lengths: readonly number[]): boolean =>
  divisionOf(order.map(callerName).join(''), lengths) === undefined;

const callerIndex = (name: string): number => name.charCodeAt(0) - callerName(0).charCodeAt(0);

/** `` `request` ``, or a step that is no call as it is written. */
const labelOf = (step: Step | undefined): string =>
  quoted(step === undefined ? '' : exportLabel({ name: calledExport(step) ?? stepText(step) }));

/** What a serial order of calls (`ABAB`) does to sequences: `` another caller came between `request` and `response` ``. */
export function divisionText(scenario: Units, order: string): string {
  const { callers } = scenario;
  const division = divisionOf(order, unitLengths(scenario));
  if (division === undefined) return t('no caller was divided');
  const { caller, call, by } = division;
  const [before, after] = [call, call + 1].map((k) => labelOf(callers[caller]?.[k]));
  return by.length === 1
    ? t('another caller came between {0} and {1}', before, after)
    : t('other callers came between {0} and {1}', before, after);
}
