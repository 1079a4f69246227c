/** `mutex`: on hosts whose instances take one call at a time, whatever the calls do. */
import { t } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import { type Advice, type Evidence, UNCHECKED } from '../advice.ts';
import { criticalSection } from '../criticalSection.ts';
import { hostHazardEvidence } from '../evidence.ts';
import { waitingExports } from '../facts/waitingCalls.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf } from '../wording.ts';

/** One piece about all exports that do not wait for another caller, and one about those that do; none where the host takes concurrent calls. */
export function overlapAdvice(facts: AdviceFacts): Advice[] {
  const { overlap, scope, profile, runs } = facts;
  if (overlap === undefined || scope.length === 0) return [];
  // A single caller overlaps nobody.
  if (runs.length > 0 && runs.every(({ result }) => result.scenario.callers.length < 2)) return [];
  const shown = hostHazardEvidence(runs, 'overlapping-calls');
  const known: Evidence = { kind: 'host-hazard', name: 'overlapping-calls', schedule: '', text: overlap.name };
  const because = shown.length > 0 ? shown : [known];
  const waiting = waitingExports(facts.analysis, runs);
  const [waits, locked] = [true, false].map((is) =>
    scope.filter((position) => waiting.has(facts.analysis.exports[position].name) === is),
  );
  const advices: Advice[] = [];
  if (waits.length > 0)
    advices.push({
      remedy: 'fix',
      exports: namesOf(facts, waits),
      pairs: [],
      text: t(
        'Do not hold a host lock around calls of {0}, which wait for another caller: an instance takes one call at a time, so the call that ends the wait could not start. Give each caller an instance over one shared memory, which the module has to import.',
        exportsText(facts, waits),
      ),
      because,
      checked: UNCHECKED,
    });
  if (locked.length > 0)
    advices.push({
      remedy: 'mutex',
      exports: namesOf(facts, locked),
      pairs: [],
      text: paragraph([
        criticalSection(facts, locked),
        t('Even calls that share no state need it, or an instance for each caller: {0}.', profile.remedy.pool),
      ]),
      because,
      checked: UNCHECKED,
    });
  return advices;
}
