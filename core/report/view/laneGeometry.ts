/** Where lanes, marks and lines are: the same on the page and in a picture. All lengths are CSS pixels. */

import type { LaneRow } from './scheduleRows.ts';
import type { StepView } from './scheduleSteps.ts';

/** Height of every row. */
export const ROW_HEIGHT = 26;

/** Two callers have their texts on both sides of their rails; more of them, or little room, have all texts on the right. */
export interface LaneGeometry {
  form: 'sides' | 'rails';
  width: number;
  /** Of the rail of each caller. */
  rails: number[];
  /** Where texts are: `[left, right]` of each caller. */
  texts: [number, number][];
}

/** Room for texts that both sides need at least. */
const LEAST_SIDE = 340;
const SIDES_GAP = 72;
const RAIL_GAP = 36;
const MARGIN = 18;
const EDGE = 10;

/** Lanes of `callers` in `width`. */
export function laneGeometry(callers: number, width: number): LaneGeometry {
  const middle = Math.round(width / 2);
  if (callers === 2 && width >= 2 * LEAST_SIDE + SIDES_GAP) {
    const [a, b] = [middle - SIDES_GAP / 2, middle + SIDES_GAP / 2];
    return {
      form: 'sides',
      width,
      rails: [a, b],
      texts: [
        [EDGE, a - MARGIN],
        [b + MARGIN, width - EDGE],
      ],
    };
  }
  const rails = Array.from({ length: callers }, (_, i) => MARGIN + i * RAIL_GAP);
  const left = MARGIN + (callers - 1) * RAIL_GAP + MARGIN;
  return { form: 'rails', width, rails, texts: rails.map(() => [left, width - EDGE]) };
}

/** Middle of a row. */
export const rowMiddle = (row: number): number => row * ROW_HEIGHT + ROW_HEIGHT / 2;

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
  { rails }: LaneGeometry,
  [from, to]: readonly [number, number],
): FlowLine[] {
  const lines: FlowLine[] = [];
  let before = from;
  for (let row = from; row < to; row++) {
    if (rows[row].kind === 'note') continue;
    if (row > before) {
      const [x1, x2] = [rails[steps[lastStep(rows[before])].caller], rails[steps[rows[row].at].caller]];
      const [y1, y2] = [rowMiddle(before), rowMiddle(row)];
      const turn = y2 - ROW_HEIGHT / 2;
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
