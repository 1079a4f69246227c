/** The results as Markdown. */
import type { CorpusModule } from '../corpus/fetch.ts';
import { median } from './measure.ts';

/** Milliseconds, or why there are none; undefined if it was not tried. */
export type Time = number | 'gave up' | 'cannot' | undefined;

/** Results for one module; times in milliseconds. */
export interface Row {
  module: CorpusModule;
  /** Ours: the first run of a fresh process, and the median of all runs, alternating with V8. */
  cold: number;
  ours: number;
  v8: number;
  /** Processor time of ours in times of V8's; the least of each. */
  ratio: number;
  stages: Record<string, number>;
  /** Peak memory beyond that of a process that analyses nothing, in bytes. */
  memory: number;
  others: Record<string, Time>;
}

const MEMORY_ALLOWANCE = 100e6;

/** Most memory that the analysis of a module may take, in bytes. */
export const memoryLimit = (module: CorpusModule): number => 3 * module.bytes + MEMORY_ALLOWANCE;

const mega = (bytes: number, digits = 0): string => (bytes / 1e6).toFixed(digits);

/** MB per second. */
const speed = ({ module, ours }: Row): number => module.bytes / 1e3 / ours;

/**
 * The table of results with the ratios of the baseline by name of the module; `others` are the titles of further
 * contenders by id.
 */
export function resultTable(
  rows: readonly Row[],
  old: Readonly<Record<string, number>>,
  others: Readonly<Record<string, string>>,
): string {
  const ids = Object.keys(others);
  const head = [
    'module',
    'MB',
    'ours, ms',
    'first run',
    'MB/s',
    'memory, MB (limit)',
    'V8 validate, ms',
    'ours / V8',
    'processor time / V8',
    'baseline',
    ...ids.map((id) => `${others[id]} / ours`),
  ];
  const body = rows.map((row) => [
    row.module.name,
    mega(row.module.bytes, 1),
    row.ours.toFixed(0),
    row.cold.toFixed(0),
    speed(row).toFixed(0),
    `${mega(row.memory)} (${mega(memoryLimit(row.module))})`,
    row.v8.toFixed(0),
    (row.ours / row.v8).toFixed(1),
    ...[row.ratio.toFixed(1), old[row.module.name]?.toFixed(1) ?? ''],
    ...ids.map((id) => times(row.others[id], row.ours)),
  ]);
  const middle = ['**median**', '', '', '', median(rows.map(speed)).toFixed(0), '', ''];
  const known = rows.flatMap(({ module }) => (Object.hasOwn(old, module.name) ? [old[module.name]] : []));
  middle.push(
    median(rows.map((row) => row.ours / row.v8)).toFixed(1),
    median(rows.map(({ ratio }) => ratio)).toFixed(1),
    known.length > 0 ? median(known).toFixed(1) : '',
    ...ids.map((id) => medianOf(rows, id)),
  );
  return markdown([head, ...body, middle]);
}

/** The table of the stages of our analysis. */
export function stageTable(rows: readonly Row[]): string {
  const stages = Object.keys(rows[0]?.stages ?? {});
  return markdown([
    ['module', ...stages.map((stage) => `${stage}, ms`)],
    ...rows.map((row) => [row.module.name, ...stages.map((stage) => row.stages[stage].toFixed(0))]),
  ]);
}

function times(time: Time, ours: number): string {
  if (time === undefined) return '';
  return typeof time === 'number' ? `${(time / ours).toFixed(1)}×` : time;
}

function medianOf(rows: readonly Row[], id: string): string {
  const ratios = rows.flatMap(({ others, ours }) => (typeof others[id] === 'number' ? [others[id] / ours] : []));
  return ratios.length > 0 ? `${median(ratios).toFixed(1)}×` : '';
}

/**
 * A Markdown table with the first column left-aligned and numbers right-aligned, padded as the repository's formatter
 * does.
 */
export function markdown([head, ...body]: string[][]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((row) => row[i].length), 3));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, rule, ...body].map(line).join('\n');
}
