/** A hammer run whose wrong outcomes are explored: how often something goes wrong, and a schedule that shows how. */

import type { SentJob } from '../../core/jobs/model.ts';
import { resultsKey } from '../../core/stress/explore/outcomes.ts';
import type { StressResult, WrongOutcome } from '../../core/stress/explore/result.ts';
import { missingSupport } from '../../core/stress/explore/stress.ts';
import type { HammerAnswer } from '../../core/stress/hammer/hammer.ts';
import {
  type Found,
  type HammerOutcome,
  type HammerResult,
  isWrongKind,
} from '../../core/stress/hammer/hammerResult.ts';
import { t } from '../../core/text/l10n.ts';
import { type HammerOptions, runHammer } from './runHammer.ts';
import { runStress } from './runStress.ts';

/** Options of a hammer run and of the search for schedules after it. */
export interface ExplainedOptions extends HammerOptions {
  /** What exploration of the scenario has shown already. */
  explored?: StressResult;
  /** Called when the search for schedules begins. */
  onExplain?(): void;
}

/** Share of the time that is for exploring, and at least so many seconds: it ends once everything is explored. */
const SEARCH_SHARE = 0.2;
const LEAST_SECONDS = 2;
/** Outcomes that are looked for. */
const MAX_WANTED = 10;

/** Never rejects. */
export async function explainedHammer(job: SentJob, options: ExplainedOptions): Promise<HammerAnswer> {
  const { explored } = options;
  const answer = await runHammer(explored === undefined ? withShare(job, 1 - SEARCH_SHARE) : job, options);
  return 'failure' in answer ? answer : explainedOutcomes(job, options, answer.result);
}

/** What rounds of a job have shown, with schedules for its wrong outcomes. Never rejects. */
export async function explainedOutcomes(
  job: SentJob,
  options: ExplainedOptions,
  shown: HammerResult,
): Promise<HammerAnswer> {
  const { explored } = options;
  const result = { ...shown, scenario: job.scenario };
  const wrong = result.outcomes.filter(isWrongKind).slice(0, MAX_WANTED);
  const missing = wrong.filter((one) => scheduleFor(one, explored) === undefined);
  const gaveUp = options.signal?.aborted || options.enough?.aborted;
  if (gaveUp || (explored !== undefined && missing.length === 0)) return { result: explained(result, [explored], []) };
  // A process may have the engine's flag for it, and says itself when it does not help.
  if (options.isolation === 'thread' && missingSupport() !== undefined) {
    const note = t('No schedules are known, because exploration needs Node.js 24 or later.');
    return { result: explained({ ...result, notes: [...result.notes, note] }, [explored], []) };
  }
  options.onExplain?.();
  const found = await search(job, options, missing);
  if ('result' in found) return { result: explained(result, [explored, found.result], missing) };
  if (found.failure.kind === 'cancelled') return found;
  const note = t('No schedules are known, because exploration failed: {0}.', found.failure.message);
  return { result: explained({ ...result, notes: [...result.notes, note] }, [explored], []) };
}

function withShare(job: SentJob, share: number): SentJob {
  const { budget } = job.scenario;
  return { ...job, scenario: { ...job.scenario, budget: { ...budget, seconds: budget.seconds * share } } };
}

function search(job: SentJob, options: ExplainedOptions, wanted: readonly HammerOutcome[]) {
  const share = Math.max(SEARCH_SHARE, LEAST_SECONDS / job.scenario.budget.seconds);
  const { workerPath, isolation, signal, enough, memory, importsModule } = options;
  return runStress(
    { ...withShare(job, share), wanted: wanted.map(({ results, probe }) => ({ results, probe })) },
    { workerPath, isolation, signal, enough, memory, importsModule },
  );
}

type FoundSchedule = Extract<Found, { how: 'schedule' }>;

/** A schedule without store buffers, else one with them. */
function scheduleFor(outcome: HammerOutcome, explored: StressResult | undefined): FoundSchedule | undefined {
  if (explored === undefined) return undefined;
  const key = resultsKey(outcome);
  const among = (wrong: readonly WrongOutcome[]): WrongOutcome | undefined =>
    wrong.find((one) => resultsKey(one) === key);
  const plain = among(explored.outcomes.wrong);
  if (plain !== undefined) return { how: 'schedule', schedule: plain.schedule };
  const buffered = among(explored.storeBuffers?.wrong ?? []);
  const storeBuffers = explored.exhaustive ? 'only' : 'seen';
  return buffered && { how: 'schedule', schedule: buffered.schedule, storeBuffers };
}

/** @param searched outcomes that the last of the explorations was told to find */
function explained(
  result: HammerResult,
  explorations: readonly (StressResult | undefined)[],
  searched: readonly HammerOutcome[],
): HammerResult {
  const last = explorations.findLast((one) => one !== undefined);
  const outcomes = result.outcomes.map((outcome) => {
    if (!isWrongKind(outcome)) return outcome;
    const schedules = explorations.flatMap((one) => scheduleFor(outcome, one) ?? []);
    const found = schedules.find(({ storeBuffers }) => storeBuffers === undefined) ?? schedules[0];
    if (found !== undefined) return { ...outcome, found };
    return { ...outcome, found: searched.includes(outcome) ? notFound(outcome, last, result.imports.wasi) : null };
  });
  const explored =
    last === undefined
      ? null
      : {
          verdict: last.verdict,
          wrongOutcome: last.wrongOutcome,
          exhaustive: last.exhaustive,
          schedule: last.schedule,
          hangCause: last.hang?.cause.text ?? null,
        };
  return { ...result, outcomes, explored };
}

function notFound(
  { results }: HammerOutcome,
  searched: StressResult | undefined,
  wasi: readonly string[],
): Found | null {
  if (searched === undefined) return null;
  // Callers of the hammer have a host each, those of exploration have one.
  if (wasi.length > 0) return { how: 'not-found', schedules: searched.explored.schedules };
  // Trap messages may differ in instrumented code, so nothing follows from not having seen one.
  const traps = results.flat().some((text) => text.startsWith('trap: '));
  return searched.exhaustive && !traps
    ? { how: 'not-sequential' }
    : { how: 'not-found', schedules: searched.explored.schedules };
}
