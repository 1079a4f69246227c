/** Races that exhaustive exploration found to change no outcome. */

import type { Advice } from './advice.ts';
import { exploredBy, raceEvidence, verdictEvidence } from './evidence.ts';
import { isHarmless } from './harmless.ts';
import { sharedStates } from './sharedState.ts';
import { calledIn, exportsText, namesOf, type Subject } from './subject.ts';

/** Exports that have to take turns for another reason have no race left that could be left alone. */
const needLock = (subject: Subject, names: ReadonlySet<string>): boolean =>
  sharedStates(subject).some(({ positions }) => namesOf(subject, positions).some((name) => names.has(name)));

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
  if (wrong || needLock(subject, called)) return [];
  const [first] = benign;
  return [
    {
      remedy: 'leave',
      exports: namesOf(subject, positions),
      pairs: [],
      text: `Leave the race of ${exportsText(subject, positions)} alone as long as callers make the calls that were run and no others: it changes no outcome of them. Other arguments, more callers or a processor that reorders plain accesses can change that, and a race detector goes on reporting it.`,
      because: [raceEvidence(first, first.races[0]), ...verdictEvidence(first)],
      checked: exploredBy(benign),
    },
  ];
}
