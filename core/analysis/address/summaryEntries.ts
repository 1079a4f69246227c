/** The entries of summaries, as rows of numbers. */
import type { EffectTable } from '../effectTable.ts';
import { RowList } from '../growable.ts';

/** Columns of an entry: raw effect, origin, parameter and whether it is direct, the next entry, its key, the last change. */
const COLUMNS = 6;
const WHOLE = 0;
const ORIGIN = 1;
const PARAMETER = 2;
const NEXT = 3;
const KEY = 4;
const CHANGED = 5;

/**
 * The entries of all summaries, by number. An entry stands for accesses through one parameter that differ in nothing but
 * the place. A module has very many: rows of numbers.
 */
export class SummaryEntries {
  readonly table: EffectTable;
  private readonly rows = new RowList(COLUMNS, 1024);

  constructor(table: EffectTable) {
    this.table = table;
  }

  /** `key`: see `Summary.add`. `time`: of this change, see `changedAt`. */
  add(whole: number, origin: number, parameter: number, direct: boolean, key: number, time: number): number {
    const at = this.rows.add();
    const { items } = this.rows;
    items[at + WHOLE] = whole;
    items[at + ORIGIN] = origin;
    items[at + PARAMETER] = parameter * 2 + (direct ? 1 : 0);
    items[at + NEXT] = NO_ENTRY;
    items[at + KEY] = key;
    items[at + CHANGED] = time;
    return this.rows.length - 1;
  }

  /** All accesses of an entry as one raw effect, relative to its parameter unless nothing is known of the place. */
  whole(entry: number): number {
    return this.rows.items[entry * COLUMNS + WHOLE];
  }

  widen(entry: number, whole: number, time: number): void {
    const { items } = this.rows;
    items[entry * COLUMNS + WHOLE] = whole;
    items[entry * COLUMNS + CHANGED] = time;
  }

  /** When it last came to stand for more. */
  changedAt(entry: number): number {
    return this.rows.items[entry * COLUMNS + CHANGED];
  }

  /** What it was added with. */
  key(entry: number): number {
    return this.rows.items[entry * COLUMNS + KEY];
  }

  /** Id of one of the accesses: where a witness path goes on. */
  origin(entry: number): number {
    return this.rows.items[entry * COLUMNS + ORIGIN];
  }

  /** The parameter that it is through. */
  parameter(entry: number): number {
    return this.rows.items[entry * COLUMNS + PARAMETER] >> 1;
  }

  /** Whether direct calls alone lead to it. */
  isDirect(entry: number): boolean {
    return (this.rows.items[entry * COLUMNS + PARAMETER] & 1) === 1;
  }

  /** The next entry of the same summary, or `NO_ENTRY`. */
  next(entry: number): number {
    return this.rows.items[entry * COLUMNS + NEXT];
  }

  link(entry: number, next: number): void {
    this.rows.items[entry * COLUMNS + NEXT] = next;
  }
}

/** In place of the number of an entry: there is none. */
export const NO_ENTRY = -1;
