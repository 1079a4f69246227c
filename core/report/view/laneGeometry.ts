/** Where lanes, marks and lines are: the same on the page and in a picture. All lengths are CSS pixels. */

import type { LaneRow } from './scheduleRows.ts';
import type { StepView } from './scheduleSteps.ts';

/** Height of a row by its lines of text. */
const ROW_HEIGHT = { 1: 26, 2: 44 } as const;

/** Two callers have their texts on both sides of their rails; more of them, or little room, have all texts on the right. */
export interface LaneGeometry {
  form: 'sides' | 'rails';
  width: number;
  /** Lines of text in a row: with little room, what a step touches has a line below what it does. */
  lines: 1 | 2;
  /** Height of every row. */
  rowHeight: number;
  /** Of the rail of each caller. */
  rails: number[];
  /** Where texts are: `[left, right]` of each caller. */
  texts: [number, number][];
}

/** Room for texts that both sides need at least. */
const LEAST_SIDE = 340;
const SIDES_GAP = 72;
/** Room for texts that one line needs at least: an access of memory with its values. */
const LEAST_LINE = 380;
const MARGIN = 18;
const EDGE = 10;
/** Between rails, and around them; less where there is little room. */
const RAILS = { gap: 36, margin: MARGIN };
const NARROW_RAILS = { gap: 24, margin: 14 };

/** Lanes of `callers` in `width`. */
export function laneGeometry(callers: number, width: number): LaneGeometry {
  const middle = Math.round(width / 2);
  if (callers === 2 && width >= 2 * LEAST_SIDE + SIDES_GAP) {
    const [a, b] = [middle - SIDES_GAP / 2, middle + SIDES_GAP / 2];
    return {
      form: 'sides',
      width,
      lines: 1,
      rowHeight: ROW_HEIGHT[1],
      rails: [a, b],
      texts: [
        [EDGE, a - MARGIN],
        [b + MARGIN, width - EDGE],
      ],
    };
  }
  const isNarrow = width - EDGE - textsFrom(callers, RAILS) < LEAST_LINE;
  const placed = isNarrow ? NARROW_RAILS : RAILS;
  const left = textsFrom(callers, placed);
  const rails = Array.from({ length: callers }, (_, i) => placed.margin + i * placed.gap);
  const lines = isNarrow ? 2 : 1;
  const texts = rails.map((): [number, number] => [left, width - EDGE]);
  return { form: 'rails', width, lines, rowHeight: ROW_HEIGHT[lines], rails, texts };
}

/** Where texts begin, on the right of all rails. */
const textsFrom = (callers: number, { gap, margin }: typeof RAILS): number => 2 * margin + (callers - 1) * gap;

/** Middle of a row. */
export const rowMiddle = (row: number, { rowHeight }: Pick<LaneGeometry, 'rowHeight'>): number =>
  row * rowHeight + rowHeight / 2;

/** A line that joins two marks; one of a caller with itself goes around to the side. */
export function joinPath(x1: number, y1: number, x2: number, y2: number): string {
  if (x1 === x2) return `M${x1},${y1}C${x1 + 30},${y1 + 10} ${x2 + 30},${y2 - 10} ${x2},${y2}`;
  const middle = (x1 + x2) / 2;
  return `M${x1},${y1}C${middle},${y1} ${middle},${y2} ${x2},${y2}`;
}

/** Where the execution goes from one row to the next: down, and over to another rail at a switch. */
export interface FlowLine {
  path: string;
  /** It preempts a caller that could have gone on. */
  switched: boolean;
}

/** Lines between rows `[from, to)` and the rows before them. */
export function flowLines(
  rows: readonly LaneRow[],
  steps: readonly StepView[],
  geometry: LaneGeometry,
  [from, to]: readonly [number, number],
): FlowLine[] {
  const { rails, rowHeight } = geometry;
  const lines: FlowLine[] = [];
  let before = from;
  for (let row = from; row < to; row++) {
    if (rows[row].kind === 'note') continue;
    if (row > before) {
      const [x1, x2] = [rails[steps[lastStep(rows[before])].caller], rails[steps[rows[row].at].caller]];
      const [y1, y2] = [rowMiddle(before, geometry), rowMiddle(row, geometry)];
      const turn = y2 - rowHeight / 2;
      lines.push({
        path: x1 === x2 ? `M${x1},${y1}V${y2}` : `M${x1},${y1}V${turn}H${x2}V${y2}`,
        switched: steps[rows[row].at].switched === true,
      });
    }
    before = row;
  }
  return lines;
}

const lastStep = (row: LaneRow): number => (row.kind === 'fold' ? row.fold.to - 1 : row.at);
