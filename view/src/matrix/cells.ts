/** What is in a cell: what the analysis supposes, and over it what runs have shown. */
import {
  type MatrixCode,
  type MatrixShown,
  type MatrixView,
  matrixCells,
  reasonsKey,
} from '../../../core/report/view/matrixModel.ts';
import type { Line } from './lines.ts';

/** One cell. */
export interface MatrixCell {
  /** Undefined where no conflict was found. */
  code: MatrixCode | undefined;
  /** Undefined where nothing was shown of exactly these two exports. */
  shown: MatrixShown | undefined;
}

/** Answers what is in the cell of two lines. */
export type CellOf = (a: Line, b: Line) => MatrixCell;

/** Decodes a row of the matrix when it is first asked for. */
export function cellsOf(view: MatrixView): CellOf {
  const rows: (Map<number, MatrixCode> | undefined)[] = [];
  const shown = new Map(view.shown.map((one) => [reasonsKey(one.a, one.b), one]));
  return (a, b) => {
    let row = rows[a.row.behaviour];
    if (row === undefined) {
      row = matrixCells(view.conflicts[a.row.behaviour]);
      rows[a.row.behaviour] = row;
    }
    return {
      code: row.get(b.row.behaviour),
      shown:
        shown.size === 0 || a.position === undefined || b.position === undefined
          ? undefined
          : shown.get(reasonsKey(a.position, b.position)),
    };
  };
}

/** How sure a conflict is, or that it takes certain arguments: what gives a cell its letter and its colour. */
export type ConflictKind = 'definite' | 'likely' | 'possible' | 'conditional' | 'none';

const KINDS: Readonly<Record<MatrixCode, ConflictKind>> = {
  D: 'definite',
  L: 'likely',
  P: 'possible',
  d: 'conditional',
  l: 'conditional',
  p: 'conditional',
};

/** The kind of a cell. */
export const conflictKind = (code: MatrixCode | undefined): ConflictKind => (code === undefined ? 'none' : KINDS[code]);

/** Letters of the kinds, those of the matrix as text. */
export const KIND_SIGN: Readonly<Record<ConflictKind, string>> = {
  definite: 'D',
  likely: 'L',
  possible: 'P',
  conditional: 'C',
  none: '·',
};
