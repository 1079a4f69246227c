/** The conflict matrix as the page draws it, as plain data. Names in it are harmless unless they say `raw`. */
import type { Confidence, ExportClass } from '../../analysis/model.ts';
import type { ShownSign } from '../shown/shownSigns.ts';

/**
 * The exported functions of a module by the exported functions. Exports that conflict with the same exports alike share
 * a row, which is a column as well; those that were run have one each. The picture unfolds rows into exports.
 */
export interface MatrixView {
  /** By position in the analysis; empty for exports that were left out. */
  labels: string[];
  /** Names by which hosts call exports, by position, where labels differ. */
  raw: Record<number, string>;
  /** Byte offset of each export, by position. */
  offsets: number[];
  rows: MatrixRow[];
  /** Of each behaviour, its conflicts with all behaviours: see `matrixCells`. */
  conflicts: string[];
  /** What runs have shown, a pair of exports each. */
  shown: MatrixShown[];
  /** Exports that are in no row because there are too many different ones. */
  left: number;
  /** Why the analysis is incomplete, one sentence: where it says nothing, it may not have looked. */
  partial?: string;
  /** Why pairs conflict, as far as nobody is there to ask: by `reasonsKey`. */
  reasons: Record<string, ConflictReasons>;
}

/** Exports that behave alike; of those that were run, one. */
export interface MatrixRow {
  /** Position in `conflicts`. */
  behaviour: number;
  /** Positions of the exports, ascending; at least one. */
  exports: number[];
  class: ExportClass;
  /** Number of exports that each of them conflicts with, itself included. */
  count: number;
  /** Exports of a toolchain: lists fold them away. */
  plumbing?: true;
}

/** What runs have shown of two exports, or of one with itself. */
export interface MatrixShown {
  /** Positions, `a <= b`. */
  a: number;
  b: number;
  sign: ShownSign;
  /** `stress showed a race`, with bounds where nothing was found. */
  text: string;
  /** Replays the worst of it; absent where no schedule shows it. */
  schedule?: string;
}

/** Why two exports conflict, as far as the analysis supposes. */
export interface ConflictReasons {
  /** The surest first. */
  reasons: ConflictReason[];
  /** There are more than these. */
  more: boolean;
}

/** Two accesses that conflict, the first one of the first export. */
export interface ConflictReason {
  /** What both reach: `` global `$counter` ``, a few words. */
  cell: string;
  confidence: Confidence;
  /** `when both calls get the same object (parameter 0)`, to be put after `only`; absent where it takes no certain arguments. */
  when?: string;
  sides: [ReasonSide, ReasonSide];
}

/** An access, and the way to it. */
export interface ReasonSide {
  /** `writes mutable global `$counter``. */
  text: string;
  /** `increment -> $bump`. */
  path: string;
  /** Byte offset of the instruction. */
  offset: number;
  /** Where that is: `0x9f`, `12:5`, `src/lib.rs:31`. */
  place: string;
}

/** The key of reasons for positions `a` and `b`: `a` is the first of the two. */
export const reasonsKey = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

/** What the analysis supposes of a pair of behaviours, in a letter; a small one where it takes certain arguments. */
export type MatrixCode = 'D' | 'L' | 'P' | 'd' | 'l' | 'p';

/** The conflicts of a behaviour as text: `3D2.l` is three definite ones, two without a conflict, a likely conditional one. */
export function matrixCellsText(codes: ReadonlyMap<number, MatrixCode>): string {
  const parts: string[] = [];
  let at = 0;
  let run = 0;
  let last: string | undefined;
  const end = (): void => {
    if (run > 0) parts.push(`${run === 1 ? '' : run}${last}`);
    run = 0;
  };
  for (const column of [...codes.keys()].sort((a, b) => a - b)) {
    const code = codes.get(column);
    if (column > at) {
      end();
      parts.push(`${column - at === 1 ? '' : column - at}.`);
    }
    if (code !== last || column > at) end();
    last = code;
    run++;
    at = column + 1;
  }
  end();
  return parts.join('');
}

/** The reverse: by behaviour, the code; no entry where there is no conflict. */
export function matrixCells(text: string): Map<number, MatrixCode> {
  const found = new Map<number, MatrixCode>();
  let at = 0;
  for (const [, times, code] of text.matchAll(/(\d*)([.DLPdlp])/g)) {
    const count = times === '' ? 1 : Number(times);
    if (code !== '.') for (let i = 0; i < count; i++) found.set(at + i, code as MatrixCode);
    at += count;
  }
  return found;
}
