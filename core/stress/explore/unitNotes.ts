/** What the user should know of the unit that outcomes were judged by. */
import { t } from '../../text/l10n.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { unitOf } from '../scenario/units.ts';
import type { Exploration } from './exploration.ts';

/**
 * At most one sentence: that no serial order of whole sequences returns, or, where the scenario leaves the unit open,
 * that an accepted outcome has calls of another caller between two calls of one.
 */
export function unitNotes(scenario: Scenario, { serial, seen }: Pick<Exploration, 'serial' | 'seen'>): string[] {
  const { unit, byKey } = serial;
  if (byKey.size === 0) return [];
  if (unit !== unitOf(scenario))
    return [
      t(
        'No serial order of whole sequences returns: callers need each other between their calls. Outcomes were judged call by call.',
      ),
    ];
  const divides = [...byKey].some(([key, { whole }]) => !whole && seen.has(key));
  if (unit !== 'call' || scenario.unit !== 'auto' || !divides) return [];
  return [
    t(
      'Outcomes were judged call by call, and in some of them another caller came between two calls of one. Where these belong together, set "unit": "sequence" in the scenario, or --unit sequence.',
    ),
  ];
}
