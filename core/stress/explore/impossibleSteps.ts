/** Accesses of the host and expectations that trap in every order: the scenario is wrong there, not the module. */
import { t } from '../../text/l10n.ts';
import { callerName, type Scenario } from '../scenario/scenario.ts';
import { calledExport, stepText } from '../scenario/steps.ts';
import type { SerialOutcome } from './result.ts';

/** Most sentences. */
const MAX_NOTES = 3;

/** A sentence for each such step: what cannot be done, why, and what to do. */
export function impossibleSteps(
  { callers }: Pick<Scenario, 'callers'>,
  outcomes: readonly Pick<SerialOutcome, 'results'>[],
): string[] {
  if (outcomes.length === 0) return [];
  const notes = new Set<string>();
  for (const [caller, steps] of callers.entries())
    for (const [k, step] of steps.entries()) {
      const texts = outcomes.map(({ results }) => results[caller]?.[k] ?? '');
      if (calledExport(step) !== undefined || !texts.every((text) => text.startsWith('trap: '))) continue;
      // What follows from an earlier trap is told by that.
      if (/\$\w+ has no value yet/.test(texts[0])) continue;
      const why = texts[0].slice('trap: '.length);
      notes.add(
        t(
          'The step {0} of caller {1} is not possible in any serial order ({2}): correct it in the scenario.',
          stepText(step),
          callerName(caller),
          why,
        ),
      );
    }
  return [...notes].slice(0, MAX_NOTES);
}
