/** What the server does with an edited source: the whole and its stages, measured in this process. */

import type { SourceTimes } from '../../core/source/analyseSource.ts';
import { analyseSource } from '../../core/source/analyseSource.ts';
import { sourceLineStarts } from '../../core/text/lines.ts';
import { DEFAULT_SETTINGS } from '../../server/src/defaultSettings.ts';
import { sourceModule } from '../../server/src/documents/source/sourceModule.ts';
import { textDiagnostics } from '../../server/src/features/diagnostics.ts';
import { unusedIgnoreDiagnostics } from '../../server/src/features/ignoreComments.ts';
import { Problem } from '../failure.ts';
import { median } from './measure.ts';
import { processorTime } from './processorTime.ts';
import { watText } from './watText.ts';

/** SizeCost runs of each source. */
export const WAT_RUNS = 7;
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
  /** Processor time of the whole run in times of that of wasm-tools; the least of each. */
  ratio: number;
}

interface Run {
  total: number;
  diagnostics: number;
  stages: Record<Stage, number>;
}

/** What the server does with a text, from its characters to the diagnostics of the editor, in times of a clock. */
async function run(text: string, now = (): number => performance.now()): Promise<Run> {
  const host = 'wazero';
  const started = now();
  const options = { now };
  const analysed = await analyseSource({ text, script: false, host, model: 'auto' }, options);
  const [found] = analysed?.modules ?? [];
  if (analysed === undefined || found?.kind !== 'compiled') throw new Problem('the generated source does not compile');
  const before = now();
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
  const ended = now();
  if (found.map.mismatches.length > 0) throw new Problem('the source map of the generated source is not whole');
  return { total: ended - started, diagnostics, stages: { ...analysed.times, diagnostics: ended - before } };
}

/** Measures a source of about that many lines. */
export async function watRow(lines: number): Promise<WatRow> {
  const source = watText(lines);
  const first = (await run(source)).total;
  for (let nth = 0, end = performance.now() + WARM_UP_MS; performance.now() < end; nth++)
    await run(edited(source, nth));
  const runs: Run[] = [];
  // By the clock, and by the processor time of all threads.
  const computed: Run[] = [];
  for (let nth = 0; nth < WAT_RUNS; nth++) {
    runs.push(await run(edited(source, nth)));
    computed.push(await run(edited(source, nth + 5), processorTime));
  }
  const least = (of: (one: Run) => number): number => Math.min(...computed.map(of));
  const stages = Object.keys(runs[0].stages) as Stage[];
  return {
    lines: source.split('\n').length - 1,
    bytes: Buffer.byteLength(source),
    diagnostics: runs[0].diagnostics,
    first,
    total: median(runs.map(({ total }) => total)),
    ratio: least(({ total }) => total) / least(({ stages }) => stages.compile),
    stages: Object.fromEntries(
      stages.map((stage) => [stage, median(runs.map((one) => one.stages[stage]))]),
    ) as WatRow['stages'],
  };
}

/** The text after a typed digit, which differs each time. */
const edited = (text: string, nth: number): string => text.replace('(i32.const 1024)', `(i32.const 1024${nth % 10})`);
