/** Whether a schedule that was run again shows the finding again. */
import type { AdvisedResult } from '../../advice/advised.ts';
import type { RaceParty, StressResult } from '../../stress/explore/result.ts';
import { printable } from '../printable.ts';
import { verdictText } from '../verdicts.ts';
import { type FoundFinding, findingId, foundIn } from './scheduleFindings.ts';
import type { PlaceInText } from './scheduleSteps.ts';
import { type TraceView, traceView } from './scheduleView.ts';

/** What running a schedule again has shown. */
export interface ReplayedView {
  /** Whether it showed the finding. */
  same: boolean;
  /** What it showed, in one line. */
  verdict: string;
  /** Undefined where the calls made no step. */
  trace?: TraceView;
}

/** The finding of a result that an id or a schedule names, the worst if several do. */
export function findingNamed(result: StressResult, name: string): FoundFinding | undefined {
  const all = foundIn(printable(result));
  return all.find((one) => findingId(printable(result), one) === name) ?? all.find(({ of }) => of.schedule === name);
}

/** Compares a finding with what a replay of its schedule shows. */
export function replayedView(finding: FoundFinding, replayed: AdvisedResult, place?: PlaceInText): ReplayedView {
  const result = printable(replayed);
  const trace = traceView(result, place);
  return { same: shows(result, finding), verdict: verdictText(result), ...(trace === undefined ? {} : { trace }) };
}

function shows(result: StressResult, { kind, of }: FoundFinding): boolean {
  const { races, hostHazards } = result;
  switch (kind) {
    case 'race':
      return races.some((race) => race.kind === of.kind && sameParties(race, of));
    case 'host-hazard':
      return hostHazards.some((hazard) => hazard.kind === of.kind && sameParties(hazard, of));
    case 'hang':
      return foundIn(result).some(
        (one) => one.kind === 'hang' && one.of.kind === of.kind && stuckIn(one.of) === stuckIn(of),
      );
    case 'wrong-outcome':
      return foundIn(result).some(
        (one) =>
          one.kind === 'wrong-outcome' &&
          String(one.of.results) === String(of.results) &&
          String(one.of.probe) === String(of.probe),
      );
  }
}

/** Either order. */
const sameParties = (x: { a: RaceParty; b: RaceParty }, y: { a: RaceParty; b: RaceParty }): boolean =>
  partiesKey(x) === partiesKey(y);

const partiesKey = ({ a, b }: { a: RaceParty; b: RaceParty }): string =>
  [a, b]
    .map(({ caller, call, offset, op }) => [caller, call, offset, op].join())
    .sort()
    .join(' ');

const stuckIn = ({ lastSeen }: { lastSeen: readonly { caller: number; call: number }[] }): string =>
  lastSeen.map(({ caller, call }) => `${caller}.${call}`).join();
