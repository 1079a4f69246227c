/** Words for the conditions of conflicts. */

import { type Message, message, t, translated } from '../../text/l10n.ts';
import type { Analysis, Conflict } from '../model.ts';
import { exchanged, type ObjectCondition } from './condition.ts';
import { parametersText } from './threadText.ts';

/** A few words for tables: `always`, `same object`, `overlap`, `same object or overlap`. */
export function conditionLabel(condition: 'always' | readonly ObjectCondition[]): string {
  if (condition === 'always') return t('always');
  return (['same-object', 'overlap'] as const)
    .filter((when) => condition.some((one) => one.when === when))
    .map((when) => translated(LABELS[when]))
    .reduce((before, next) => t('{0} or {1}', before, next));
}

const LABELS: Readonly<Record<ObjectCondition['when'], Message>> = {
  'same-object': message('same object'),
  overlap: message('overlap'),
};

/** `, only when both calls get the same object (parameter 0)`, as export `position` sees it; empty if it always conflicts. */
export function onlyText({ effects }: Analysis, conflict: Conflict, position: number): string {
  const { a, condition, effects: pairs } = conflict;
  if (condition === 'always') return '';
  const slots = pairs.every(([e]) => effects[e].cell.kind === 'table');
  return t(', only {0}', whenText(a === position ? condition : condition.map(exchanged), slots));
}

/**
 * When an access conflicts, to be put after `only`: `when both calls get the same object (parameter 0)`. The first
 * parameters are those of the access's own export; `slots`: of a table.
 */
export function whenText(conditions: readonly ObjectCondition[], slots: boolean): string {
  const of = (test: (one: ObjectCondition) => boolean): ObjectCondition[] => conditions.filter(test);
  const same = of(({ when }) => when === 'same-object');
  const ranges = of(({ when, parameters: [a, b] }) => when === 'overlap' && a !== undefined && b !== undefined);
  const own = of(({ parameters: [a, b] }) => a !== undefined && b === undefined);
  const theirs = of(({ parameters: [a] }) => a === undefined);
  const led = same.some(({ through }) => through);
  return [
    ...(same.length === 0
      ? []
      : [
          led
            ? t('when both calls get the same object, or objects that lead to the same memory ({0})', sidesText(same))
            : t('when both calls get the same object ({0})', sidesText(same)),
        ]),
    ...(ranges.length === 0
      ? []
      : [
          slots
            ? t('when both calls get the same slot ({0})', sidesText(ranges))
            : t('where the memory that both calls get overlaps ({0})', sidesText(ranges)),
        ]),
    ...(own.length === 0
      ? []
      : [
          slots
            ? t('if {0} points to a slot that the other call uses', sidesText(own))
            : t('if {0} points to data or stack frames that the other call uses', sidesText(own)),
        ]),
    ...(theirs.length > 0 ? [t('if an argument of the other call points there')] : []),
  ].reduce((before, next) => (before === '' ? next : t('{0}, or {1}', before, next)), '');
}

/** `parameter 0`; `parameter 0, and 0 or 1 of the other call`, where they differ. */
function sidesText(conditions: readonly ObjectCondition[]): string {
  const side = (nth: 0 | 1): number[] => {
    const numbers = conditions.map(({ parameters }) => parameters[nth]).filter((one) => one !== undefined);
    return [...new Set(numbers)].sort((a, b) => a - b);
  };
  const [own, other] = [side(0), side(1)];
  return other.length === 0 || own.join() === other.join()
    ? parametersText(own)
    : t(
        '{0}, and {1} of the other call',
        parametersText(own),
        other.map(String).reduce((before, next) => t('{0} or {1}', before, next)),
      );
}
