/** A check of the engine by itself: a search that was complete has seen the outcome of each serial order. */
import { t } from '../../text/l10n.ts';
import type { SerialOutcomes } from './outcomes.ts';
import type { EngineDefect } from './result.ts';

/**
 * The defect if the search has left out an outcome.
 * @param seen keys of the outcomes of the search
 */
export function missingSerialOutcome(
  { byKey }: Pick<SerialOutcomes, 'byKey'>,
  seen: Pick<ReadonlySet<string>, 'has'>,
): EngineDefect | undefined {
  for (const [key, { order, nested }] of byKey) {
    if (nested || seen.has(key)) continue;
    return {
      kind: 'serial-outcome-missing',
      text: t('the search was complete, but the outcome of serial order {0} was not seen', order),
      schedule: order,
    };
  }
  return undefined;
}
