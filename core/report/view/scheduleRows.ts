/** The rows of the lanes: steps, folds in the place of steps, and what the finding means below the steps it is about. */
import type { FoldView } from './scheduleFolds.ts';
import type { LinkView } from './scheduleLinks.ts';

/** One row; all have the same height. */
export type LaneRow =
  | { kind: 'step'; at: number }
  | { kind: 'fold'; at: number; fold: FoldView }
  | { kind: 'note'; at: number; link: LinkView };

/** Rows of `count` steps. `unfolded`: the folds that are open, by their first step. */
export function laneRows(
  count: number,
  folds: readonly FoldView[],
  links: readonly LinkView[],
  unfolded: (fold: FoldView) => boolean,
): LaneRow[] {
  const rows: LaneRow[] = [];
  const notes = new Map<number, LinkView[]>();
  for (const link of links) notes.set(link.to, [...(notes.get(link.to) ?? []), link]);
  let next = 0;
  for (let at = 0; at < count; ) {
    while (next < folds.length && folds[next].to <= at) next++;
    const fold = folds[next];
    if (fold !== undefined && fold.from === at && !unfolded(fold)) {
      rows.push({ kind: 'fold', at, fold });
      at = fold.to;
      continue;
    }
    rows.push({ kind: 'step', at });
    for (const link of notes.get(at) ?? []) rows.push({ kind: 'note', at, link });
    at++;
  }
  return rows;
}

/** Index of the row that shows a step, or the fold that hides it. Rows ascend by their step. */
export function rowOfStep(rows: readonly LaneRow[], at: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rows[middle].at <= at) low = middle;
    else high = middle - 1;
  }
  while (low > 0 && rows[low].kind === 'note') low--;
  return Math.max(low, 0);
}

/** The next row that is no note in a direction; `from` where there is none. */
export function rowBeside(rows: readonly LaneRow[], from: number, direction: 1 | -1): number {
  for (let i = from + direction; i >= 0 && i < rows.length; i += direction) if (rows[i].kind !== 'note') return i;
  return from;
}
