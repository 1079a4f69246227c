/**
 * Benchmarks of sources: the time from an edit to its diagnostics, in one thread and without the pause for typing; the
 * part of it that wasm-tools takes, which we cannot shorten; and our reader compared with its parser. Ratios within
 * one run are comparable; milliseconds depend on the machine.
 */
import { type Figures, figureText } from './baseline/baselineFile.ts';
import { inOwnProcess } from './ownProcess.ts';
import { markdown } from './table.ts';
import { WAT_RUNS, type WatRow } from './watRow.ts';

/** Lines of the sources, about. */
export const WAT_SIZES = [100, 10_000, 200_000];

/** Measures sources of all sizes, each in a process of its own. */
export async function watRows(log: (line: string) => void): Promise<WatRow[]> {
  const rows: WatRow[] = [];
  for (const lines of WAT_SIZES) {
    log(`${lines} lines of source ...`);
    rows.push(await inOwnProcess('editing', lines));
  }
  return rows;
}

const time = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 0);

/** The name of the figure of a source. */
export const watName = (lines: number): string => `${lines.toLocaleString('en')} lines`;

/** The report as Markdown, with the figures of the baseline beside; `machine` names the machine. */
export function watReport(rows: readonly WatRow[], old: Figures, machine: string): string {
  const head = [
    'lines',
    'MB',
    'edit to diagnostics, ms',
    'first run',
    'wasm-tools, ms',
    'share of wasm-tools',
    'our reader, ms',
    'wasm-tools / our reader',
    'analysis, ms',
    'everything else, ms',
    'processor time / wasm-tools',
    'baseline',
  ];
  const body = rows.map(({ lines, bytes, total, ratio, first, stages }, i) => [
    lines.toLocaleString('en'),
    (bytes / 1e6).toFixed(2),
    time(total),
    time(first),
    time(stages.compile),
    `${((100 * stages.compile) / total).toFixed(0)} %`,
    time(stages.read),
    `${(stages.compile / stages.read).toFixed(1)}×`,
    time(stages.analyse),
    time(total - stages.compile - stages.read - stages.analyse),
    ...[figureText(ratio), figureText(old.editing?.[watName(WAT_SIZES[i])])],
  ]);
  return [
    markdown([head, ...body]),
    '',
    `${machine}. Generated sources, with one digit typed before each run; median of ${WAT_RUNS} runs in a warm process; the first run of the first row loads wasm-tools. Not included: the delay after typing, and the transfer to the worker thread and back. Everything else: validation by V8, source map, diagnostics.`,
  ].join('\n');
}
