/**
 * Benchmarks of sources: the time from an edit to its diagnostics, in one thread and without the pause for typing; the
 * part of it that wasm-tools takes, which we cannot shorten; and our reader compared with its parser. Ratios within
 * one run are comparable; milliseconds depend on the machine.
 */

import type { SourceTimes } from '../../core/source/analyseSource.ts';
import { analyseSource } from '../../core/source/analyseSource.ts';
import { sourceLineStarts } from '../../core/text/lines.ts';
import { DEFAULT_SETTINGS } from '../../server/src/defaultSettings.ts';
import { sourceModule } from '../../server/src/documents/source/sourceModule.ts';
import { textDiagnostics } from '../../server/src/features/diagnostics.ts';
import { unusedIgnoreDiagnostics } from '../../server/src/features/ignoreComments.ts';
import { Problem } from '../failure.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';
import { watText } from './watText.ts';

const SIZES = [100, 10_000, 200_000];
const RUNS = 7;
/** Warm-up time for short texts, until the code is as optimised as in an editor that has been open for a while. */
const WARM_UP_MS = 1500;

type Stage = keyof SourceTimes | 'diagnostics';

/** Results for a source of one size. */
export interface WatRow {
  lines: number;
  bytes: number;
  diagnostics: number;
  /** Milliseconds: the first run, then the medians of the whole run and of its stages. */
  first: number;
  total: number;
  stages: Record<Stage, number>;
}

interface Run {
  total: number;
  diagnostics: number;
  stages: Record<Stage, number>;
}

/** What the server does with a text, from its characters to the diagnostics of the editor. */
async function run(text: string): Promise<Run> {
  const host = 'wazero';
  const started = performance.now();
  const options = { now: () => performance.now() };
  const analysed = await analyseSource({ text, script: false, host, model: 'auto' }, options);
  const [found] = analysed?.modules ?? [];
  if (analysed === undefined || found?.kind !== 'compiled') throw new Problem('the generated source does not compile');
  const before = performance.now();
  const doc = sourceModule(
    found,
    { wat: analysed.wat, index: 0, version: 1, isCurrent: () => true },
    {
      uri: 'file:///bench.wat',
      lineStarts: sourceLineStarts(text),
      host: { host, reason: 'bench' },
      settings: DEFAULT_SETTINGS,
    },
  );
  const diagnostics = [...textDiagnostics(doc), ...unusedIgnoreDiagnostics(doc)].length;
  const ended = performance.now();
  if (found.map.mismatches.length > 0) throw new Problem('the source map of the generated source is not whole');
  return { total: ended - started, diagnostics, stages: { ...analysed.times, diagnostics: ended - before } };
}

async function rowOf(lines: number): Promise<WatRow> {
  const source = watText(lines);
  const first = (await run(source)).total;
  for (let nth = 0, end = performance.now() + WARM_UP_MS; performance.now() < end; nth++)
    await run(edited(source, nth));
  const runs: Run[] = [];
  for (let nth = 0; nth < RUNS; nth++) runs.push(await run(edited(source, nth)));
  const stages = Object.keys(runs[0].stages) as Stage[];
  return {
    lines: source.split('\n').length - 1,
    bytes: Buffer.byteLength(source),
    diagnostics: runs[0].diagnostics,
    first,
    total: median(runs.map(({ total }) => total)),
    stages: Object.fromEntries(
      stages.map((stage) => [stage, median(runs.map((one) => one.stages[stage]))]),
    ) as WatRow['stages'],
  };
}

/** The text after a typed digit, which differs each time. */
const edited = (text: string, nth: number): string => text.replace('(i32.const 1024)', `(i32.const 1024${nth % 10})`);

/** Measures sources of all sizes. */
export async function watRows(): Promise<WatRow[]> {
  const rows: WatRow[] = [];
  for (const lines of SIZES) {
    console.error(`${lines} lines of source ...`);
    rows.push(await rowOf(lines));
  }
  return rows;
}

const time = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 0);

/** The report as Markdown; `machine` names the machine. */
export function watReport(rows: readonly WatRow[], machine: string): string {
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
  ];
  const body = rows.map(({ lines, bytes, total, first, stages }) => [
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
  ]);
  return [
    markdown([head, ...body]),
    '',
    `${machine}. Generated sources, with one digit typed before each run; median of ${RUNS} runs in a warm process; the first run of the first row loads wasm-tools. Not included: the delay after typing, and the transfer to the worker thread and back. Everything else: validation by V8, source map, diagnostics.`,
  ].join('\n');
}
