/** Calls that wait for another caller, as runs show: a lock of the host around them would never be released. */
import type { Analysis } from '../../analysis/model.ts';
import { canBlock } from '../../analysis/waiting.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import type { ExploredRun } from './exploredRun.ts';

/** Whether some order of whole calls of a run does not end, because a call in it waits for another caller. */
const neverReturns = ({ result }: ExploredRun): boolean =>
  result.stuckOrders > 0 || result.poolCheck?.returns === false;

/** Whether a call of a run waits for another caller: alone, it does not return, or only when its time is over. */
export const waitsForOthers = (run: ExploredRun): boolean => neverReturns(run) || run.result.timedOutOrders > 0;

/** Whether calls that wait for another caller return all the same, when their time is over. */
export const returnsInTime = (runs: readonly ExploredRun[]): boolean => !runs.some(neverReturns);

/**
 * Names of the exports that such runs leave waiting: those that were seen to wait, else those that can block in a wait, else
 * all that are called.
 */
export function waitingExports(analysis: Analysis, runs: readonly ExploredRun[]): ReadonlySet<string> {
  const blocking = new Set(
    analysis.exports.filter((_, position) => canBlock(analysis, position)).map(({ name }) => name),
  );
  return new Set(
    runs.filter(waitsForOthers).flatMap(({ result, called }) => {
      const seen = (result.hang?.lastSeen ?? []).flatMap(({ caller, call }) =>
        callsOf(result.scenario.callers[caller]?.slice(call, call + 1) ?? []),
      );
      const can = [...called].filter((name) => blocking.has(name));
      return seen.length > 0 ? seen : can.length > 0 ? can : [...called];
    }),
  );
}
