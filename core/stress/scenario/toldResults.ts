/** Which results of steps say something to a reader: not those of writes, of expectations that hold, or addresses. */
import { FAILS } from './comparison.ts';
import { isCall, resultNames, type Step, unnamedText } from './steps.ts';

/** A step without its name, and its result. */
interface Told {
  text: string;
  result: string;
}

/** Steps and results that say something; all of them where a caller only makes calls. */
export function toldSteps(steps: readonly Step[], results: readonly string[]): Told[] {
  const all = steps.map((step, i): Told => ({ text: unnamedText(step), result: results[i] ?? '' }));
  if (steps.every(isCall)) return all;
  const told = all.filter(({ result }, i) => tells(steps[i], result));
  return told.length === 0 ? all.slice(-1) : told;
}

/** The results alone. */
export const toldResults = (steps: readonly Step[], results: readonly string[]): string[] =>
  steps.length === results.length ? toldSteps(steps, results).map(({ result }) => result) : [...results];

function tells(step: Step, result: string): boolean {
  if (result === '' || result === '()' || result === '-') return false;
  if (!isCall(step) && 'expect' in step) return result.startsWith(FAILS);
  const names = resultNames(step).map((name) => `$${name}`);
  return result !== names.join(' ');
}
