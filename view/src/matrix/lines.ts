/** The lines of the picture, which are its columns as well: rows of the matrix, and exports of rows that are unfolded. */
import type { ExportClass } from '../../../core/analysis/model.ts';
import type { MatrixRow, MatrixView } from '../../../core/report/view/matrixModel.ts';

/** One line. */
export interface Line {
  /** Stays the same when others come and go. */
  key: string;
  row: MatrixRow;
  /** Position in `MatrixView.rows`. */
  index: number;
  /** Position of the one export that it is about; undefined for several that behave alike. */
  position: number | undefined;
  label: string;
  /** It is one export of an unfolded line above it. */
  isMember: boolean;
  /** Whether its exports follow it; undefined where there is nothing to unfold. */
  unfolded: boolean | undefined;
}

/** What the lines are sorted by. */
export type MatrixSort = 'conflicts' | 'class' | 'name';

/** What the user chose to see. */
export interface MatrixChoice {
  sort: MatrixSort;
  /** Part of the names of exports; empty shows all. */
  search: string;
  /** Exports of the toolchain are shown. */
  plumbing: boolean;
  /** Positions in `MatrixView.rows` of those that are unfolded. */
  unfolded: readonly number[];
}

/** From what conflicts most to what conflicts least. */
const CLASSES: readonly ExportClass[] = ['grows', 'stateful', 'host-dependent', 'synchronised', 'reads-only', 'pure'];

/** All lines in their order, without regard to the search: the columns of the picture. */
export function linesOf(view: MatrixView, { sort, plumbing, unfolded }: Omit<MatrixChoice, 'search'>): Line[] {
  const open = new Set(unfolded);
  return order(view, sort)
    .filter((index) => plumbing || !view.rows[index].plumbing)
    .flatMap((index) => {
      const row = view.rows[index];
      const line = { row, index, key: `${index}` };
      if (row.exports.length === 1) {
        const [position] = row.exports;
        return [{ ...line, position, label: view.labels[position], isMember: false, unfolded: undefined }];
      }
      const whole: Line = {
        ...line,
        position: undefined,
        label: view.labels[row.exports[0]],
        isMember: false,
        unfolded: open.has(index),
      };
      return whole.unfolded ? [whole, ...row.exports.map((position) => memberOf(view, whole, position))] : [whole];
    });
}

const memberOf = (view: MatrixView, { row, index }: Line, position: number): Line => ({
  ...{ row, index, position },
  key: `${index} ${position}`,
  label: view.labels[position],
  isMember: true,
  unfolded: undefined,
});

/**
 * The lines that a search leaves. Of several exports that behave alike those that match are shown singly, unless their
 * line is unfolded.
 */
export function searched(view: MatrixView, lines: readonly Line[], search: string): Line[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return [...lines];
  const matches = (position: number): boolean => view.labels[position].toLowerCase().includes(wanted);
  return lines.flatMap((line) => {
    if (line.position !== undefined) return matches(line.position) ? [line] : [];
    // Its members follow it, and speak for themselves.
    if (line.unfolded) return [];
    return line.row.exports.filter(matches).map((position) => memberOf(view, line, position));
  });
}

function order({ rows, labels, conflicts, shown }: MatrixView, sort: MatrixSort): number[] {
  const found = new Set(
    shown.flatMap(({ a, b, sign }) => (sign.startsWith('clean') || sign === 'inconclusive' ? [] : [a, b])),
  );
  const name = (index: number): string => labels[rows[index].exports[0]];
  const byName = (a: number, b: number): number => compare(name(a).toLowerCase(), name(b).toLowerCase());
  const byConflicts = (a: number, b: number): number =>
    rows[b].count - rows[a].count ||
    Number(found.has(rows[b].exports[0])) - Number(found.has(rows[a].exports[0])) ||
    // Rows that look alike side by side make areas that the eye can find.
    compare(conflicts[rows[a].behaviour], conflicts[rows[b].behaviour]) ||
    byName(a, b);
  const byClass = (a: number, b: number): number => CLASSES.indexOf(rows[a].class) - CLASSES.indexOf(rows[b].class);
  const indices = rows.map((_, index) => index);
  switch (sort) {
    case 'name':
      return indices.sort(byName);
    case 'class':
      return indices.sort((a, b) => byClass(a, b) || byConflicts(a, b));
    case 'conflicts':
      return indices.sort(byConflicts);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
