/** Tables of precision, before and after addresses were put together across calls. */
import { markdown } from '../bench/table.ts';
import { type Measured, type MeasuredModel, WORDS } from './measure.ts';
import { type PairCounts, REASONS } from './pairs.ts';

/**
 * Pairs that rested on memory of unknown address alone in 600b3d3, the last analysis that did not put what a callee does
 * through a parameter together with what the caller passes: a parameter was an unknown address like any other there, and
 * every conflict was unconditional.
 */
export type Before = Readonly<Record<string, Readonly<Record<MeasuredModel, number>>>>;

/** Results for one library: the sum over its modules. */
export interface PrecisionRow extends Measured {
  library: string;
}

/** Adds up the results of modules of one library. */
export function addedUp(library: string, measured: readonly Measured[]): PrecisionRow {
  const sum = (counts: readonly PairCounts[]): PairCounts => {
    const total = { ...counts[0] };
    for (const other of counts.slice(1))
      for (const key of ['pairs', 'conflicting', ...REASONS] as const) total[key] += other[key];
    return total;
  };
  return {
    library,
    exports: measured.reduce((n, { exports }) => n + exports, 0),
    words: Object.fromEntries(
      WORDS.map((word) => [word, measured.reduce((n, { words }) => n + words[word], 0)]),
    ) as Measured['words'],
    usual: sum(measured.map(({ usual }) => usual)),
    threads: sum(measured.map(({ threads }) => threads)),
  };
}

/** By how much the pairs that rest on memory of unknown address alone have fallen over all rows, as a share of 1. */
export function fallOf(rows: readonly PrecisionRow[], before: Before, model: MeasuredModel): number {
  const then = rows.reduce((n, { library }) => n + (before[library]?.[model] ?? 0), 0);
  const now = rows.reduce((n, row) => n + row[model].unknown, 0);
  return then === 0 ? 0 : 1 - now / then;
}

/** How many exports of each library have which word. */
export function wordTable(rows: readonly PrecisionRow[]): string {
  return markdown([
    ['library', 'exports', ...WORDS],
    ...[...rows, addedUp('**all**', rows)].map(({ library, exports, words }) => [
      library,
      String(exports),
      ...WORDS.map((word) => String(words[word])),
    ]),
  ]);
}

/** The table of one model. */
export function precisionTable(rows: readonly PrecisionRow[], before: Before, model: MeasuredModel): string {
  const head = [
    ...['library', 'exports', 'pairs', 'conflicting'],
    ...['unknown address alone, before', 'now', 'known state', 'through static pointers', 'by ranges', 'same object'],
  ];
  const cells = ({ library, exports }: PrecisionRow, counts: PairCounts, then: number | undefined): string[] =>
    [
      library,
      ...[exports, counts.pairs, counts.conflicting, then ?? '', counts.unknown],
      ...[counts.state, counts.contents, counts.ranges, counts.object],
    ].map(String);
  const all = addedUp('**all**', rows);
  const then = rows.reduce((n, { library }) => n + (before[library]?.[model] ?? 0), 0);
  return markdown([
    head,
    ...rows.map((row) => cells(row, row[model], before[row.library]?.[model])),
    cells(all, all[model], then),
  ]);
}
