/** Races that exhaustive exploration found to change no outcome. */

import { HOST_PROFILES } from '../../../../server/src/analysis/hosts/index.ts';
import type { HostProfile } from '../../../../server/src/analysis/hosts/profile.ts';
import type { RaceReport, StressResult } from '../engine/result.ts';
import type { Advice } from './advice.ts';
import { exploredBy, raceEvidence, verdictEvidence } from './evidence.ts';
import { calledIn, exportsText, namesOf, type Subject } from './subject.ts';

/**
 * What a race of this kind does beyond the values that callers see: growth can move the memory under a store, and a
 * dropped segment can crash the host. No exploration of outcomes shows that.
 */
function endangersHost({ kind }: RaceReport, { growMovesMemory, segmentDropCrashes }: HostProfile): boolean {
  if (kind === 'host') return true;
  if (kind === 'segment') return segmentDropCrashes;
  return (kind === 'memory.grow' || kind === 'table.grow') && growMovesMemory;
}

/** Whether the races of a run may stay as they are. */
export const isHarmless = (result: StressResult): boolean =>
  result.benign && !result.races.some((race) => endangersHost(race, HOST_PROFILES[result.host]));

export function leaveAdvice(subject: Subject): Advice[] {
  const names = new Set(namesOf(subject, subject.scope));
  const benign = subject.results.filter(
    (result) => isHarmless(result) && [...calledIn(result)].some((name) => names.has(name)),
  );
  if (benign.length === 0) return [];
  const called = new Set(benign.flatMap((result) => [...calledIn(result)]));
  const positions = subject.analysis.exports.flatMap(({ name }, position) => (called.has(name) ? [position] : []));
  // With other arguments the same exports go wrong: then there is nothing to leave alone.
  const wrong = subject.results.some(
    (result) =>
      [...calledIn(result)].every((name) => called.has(name)) &&
      !isHarmless(result) &&
      (result.races.length > 0 || result.wrongOutcome),
  );
  if (wrong) return [];
  const [first] = benign;
  return [
    {
      remedy: 'leave',
      exports: namesOf(subject, positions),
      pairs: [],
      text: `Leave the race of ${exportsText(subject, positions)} alone as long as callers make these calls and no others: it changes no outcome of them. Other arguments, more callers, or a processor that reorders plain accesses would change that, and a race detector goes on reporting it.`,
      because: [raceEvidence(first, first.races[0]), ...verdictEvidence(first)],
      checked: exploredBy(benign),
    },
  ];
}
