/**
 * `fix`: calls that a host function makes back into the instance before it returns. No lock and no queue helps there: the
 * outer call holds it, and waits for the inner one.
 */

import { calledBackIn } from '../../stress/scenario/importBehaviour.ts';
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { exportLabelOf } from '../../wasm/displayNames.ts';
import type { Advice } from '../advice.ts';
import { findingsOf } from '../evidence.ts';
import { calledBy, type ExploredRun } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

/** Whether what a run shows can come from a call back: no order of whole calls gives its outcome, and imports call back. */
export const callsBack = ({ result }: ExploredRun): boolean => calledBackIn(result.scenario.behaviours).length > 0;

/** One piece about all runs with a wrong outcome whose imports call back, otherwise none. */
export function reentryAdvice(facts: AdviceFacts): Advice[] {
  const wrong = facts.runs.filter((run) => run.result.wrongOutcome && callsBack(run));
  if (wrong.length === 0) return [];
  const positions = positionsOf(facts, calledBy(wrong));
  const inner = [...new Set(wrong.flatMap(({ result }) => calledBackIn(result.scenario.behaviours)))];
  const names = listOf(
    inner.map((name) => quoted(exportLabelOf(facts.module, name))),
    3,
  );
  return [
    {
      remedy: 'fix',
      exports: namesOf(facts, positions),
      pairs: [],
      text: t(
        'Do not call {0} from a host function that {1} has called: let the host function return first, and call after the outer call has ended. A lock does not help: the outer call would hold it while it waits for the inner one.',
        names,
        exportsText(facts, positions, 'or'),
      ),
      because: findingsOf(wrong, () => true),
      checked: {
        by: 'construction',
        exhaustive: wrong.every(({ result }) => result.outcomes.serialComplete),
        text: t('by construction: calls that do not overlap leave only orders of whole calls, which were run'),
      },
    },
  ];
}
