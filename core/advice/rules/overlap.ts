/** `mutex`: on hosts whose instances take one call at a time, whatever the calls do. */
import { type Advice, type Evidence, UNCHECKED } from '../advice.ts';
import { criticalSection } from '../criticalSection.ts';
import { hostHazardEvidence } from '../evidence.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf } from '../wording.ts';

/** One piece about all exports; none where the host takes concurrent calls. */
export function overlapAdvice(facts: AdviceFacts): Advice[] {
  const { overlap, scope, profile, runs } = facts;
  if (overlap === undefined || scope.length === 0) return [];
  const shown = hostHazardEvidence(runs, 'overlapping-calls');
  const known: Evidence = { kind: 'host-hazard', name: 'overlapping-calls', schedule: '', text: overlap.name };
  return [
    {
      remedy: 'mutex',
      exports: namesOf(facts, scope),
      pairs: [],
      text: `${criticalSection(facts, scope)} Even calls that share no state need it, or an instance for each caller: ${profile.remedy.pool}.`,
      because: shown.length > 0 ? shown : [known],
      checked: UNCHECKED,
    },
  ];
}
