/**
 * `npm run bench`: compares the whole analysis with V8's validator and with other readers, on the modules of the corpus
 * that are larger than 1 MB; then measures growth curves, editing, stress tests and the hammer. Only ratios within one
 * run are comparable; the tables show those of the baseline beside.
 *
 *   --quick       three modules
 *   --only TEXT   modules, curves, or figures of the baseline, whose name contains it
 *   --against ID  these readers only, separated by commas; `none`: ours and V8, in a minute
 *   --growth      growth curves only: what costs become with the size of modules, exports, callers and accesses
 *   --wat         the editing of sources only
 *   --stress      stress runs only
 *   --jobs        a plan over several processes only
 *   --hammer      the hammer only
 *   --debug       debug information only
 *   --editor      what people feel in VS Code, and the server under load, only
 *   --calls       calls through generated Go only; needs Go
 *   --check       compare ratios with the baseline; fails if one is worse by more than a fifth, measured three times
 *   --write-baseline  measure the baseline anew, three times each
 *   --write       put the tables between their markers in docs/benchmarks.md
 *   --profile     write CPU profiles of our analysis to .cache/profiles instead of measuring
 */
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  ANALYSIS_RUNS,
  analysisRow,
  baselineMemory,
  LEAST_BYTES,
  LIMIT_SECONDS,
  type OtherId,
} from './bench/analysis.ts';
import { areaList, merged, readBaseline, wantedFigures, writeBaseline } from './bench/baseline/baselineFile.ts';
import { compare, comparisonFaults, comparisonNotes, comparisonTable } from './bench/baseline/compare.ts';
import { measurements } from './bench/baseline/measurements.ts';
import { settle, typical } from './bench/baseline/settle.ts';
import { debugFaults, debugReport, debugRows } from './bench/debug.ts';
import { editorFaults, editorReport, editorTimes } from './bench/editor.ts';
import { goCallCosts, goCallReport, MOST_RATIO, ratioOf } from './bench/goCalls.ts';
import { growthCurves, growthFaults, growthReport } from './bench/growth/growth.ts';
import { hammerReport } from './bench/hammer.ts';
import { jobsReport } from './bench/jobs.ts';
import { findObjdump, measure } from './bench/measure.ts';
import { writeTable } from './bench/page.ts';
import { serverLoad, serverLoadFaults, serverLoadReport } from './bench/serverLoad.ts';
import { stressReport } from './bench/stress/stress.ts';
import { memoryLimit, type Row, resultTable, stageTable } from './bench/table.ts';
import { watReport, watRows } from './bench/wat.ts';
import { type CorpusModule, ensureCorpus } from './corpus/fetch.ts';
import { main, Problem } from './failure.ts';
import { ROOT } from './paths.ts';
import { findOnPath } from './vscode/processes.ts';

const QUICK = ['resvg', 'rolldown', 'pyodide'];

const OTHERS: Readonly<Record<OtherId, string>> = {
  webassemblyjs: '@webassemblyjs/wasm-parser',
  wabt: 'wabt.js readWasm',
  binaryen: 'binaryen.js readBinary',
  objdump: 'wasm-objdump -d',
};

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    against: { type: 'string' },
    growth: { type: 'boolean', default: false },
    wat: { type: 'boolean', default: false },
    stress: { type: 'boolean', default: false },
    jobs: { type: 'boolean', default: false },
    hammer: { type: 'boolean', default: false },
    debug: { type: 'boolean', default: false },
    calls: { type: 'boolean', default: false },
    editor: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    'write-baseline': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

/** The figures to compare with; none if there is no baseline yet. */
const old = readBaseline()?.figures ?? {};

function wanted(module: CorpusModule): boolean {
  if (module.bytes < LEAST_BYTES) return false;
  if (options.only !== undefined) return module.name.includes(options.only);
  return !options.quick || QUICK.some((name) => module.name.includes(name));
}

const machine = (): string =>
  `Node ${process.version}, V8 ${process.versions.v8}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;

function report(rows: readonly Row[], against: readonly OtherId[], objdump: string | undefined): string {
  const others = Object.fromEntries(against.map((id) => [id, OTHERS[id]]));
  return [
    resultTable(rows, old.analysis ?? {}, others),
    '',
    `${machine()}${objdump ? `, wasm-objdump ${objdump}` : ''}. Median of ${ANALYSIS_RUNS} runs, alternating with V8; the first run is in a fresh process. Processor time is that of all threads, the least of the runs. Other readers: their time divided by ours; _gave up_ after ${LIMIT_SECONDS} s, _cannot_ if they cannot read the module. Memory: peak of a separate process, minus the peak of one that analyses nothing; the limit is three times the size of the file plus 100 MB.`,
    '',
    '<details><summary>Stages</summary>',
    '',
    stageTable(rows),
    '',
    '</details>',
  ].join('\n');
}

/** Analyses that exceed their memory limit. Speed depends on the machine and is only shown. */
const memoryFaults = (rows: readonly Row[]): string[] =>
  rows
    .filter(({ module, memory }) => memory > memoryLimit(module))
    .map(({ module, memory }) => `${module.name}: ${Math.round(memory / 1e6)} MB is over its limit`);

async function profile(modules: readonly CorpusModule[]): Promise<number> {
  const directory = join(ROOT, '.cache', 'profiles');
  for (const module of modules) {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${directory}`];
    await measure(module.path, ['ours'], { runs: ANALYSIS_RUNS, seconds: 4 * LIMIT_SECONDS, flags });
    console.log(`${module.name}: profile in ${directory}`);
  }
  console.log('Open them in the Performance panel of Chrome, or in VS Code.');
  return 0;
}

/** Shows a table, and writes it with `--write`. */
function publish(marker: string, text: string): void {
  console.log(text);
  if (options.write) writeTable(marker, text);
}

/** The same where `--only` may leave out some rows: then the table is not written. */
function publishAll(marker: string, text: string): void {
  if (options.only === undefined) publish(marker, text);
  else console.log(text);
}

/** Whether a figure, or a curve, is one of those that `--only` names. */
const isWanted = (figure: string): boolean => figure.includes(options.only ?? '');

const log = (line: string): void => console.error(line);

/** Exit code: 1 if there are faults, which are printed. */
function judged(faults: readonly string[]): number {
  for (const fault of faults) console.error(fault);
  return faults.length > 0 ? 1 : 0;
}

/** Exit code: 1 if the time of an analysis grows much faster than the module. */
async function benchGrowth(): Promise<number> {
  const curves = await growthCurves(isWanted, log);
  publishAll('bench-growth', `${growthReport(curves, old)}\n\n${machine()}.`);
  return judged(growthFaults(curves));
}

/** Exit code: 1 if a figure is worse than the baseline allows, or is not measured any more. */
async function check(): Promise<number> {
  const baseline = readBaseline();
  if (baseline === undefined) throw new Problem('there is no baseline yet; npm run bench -- --write-baseline makes it');
  const known = wantedFigures(baseline.figures, isWanted);
  const found = wantedFigures(await settle(await measurements(isWanted, log), known, log), isWanted);
  const comparisons = compare(known, found);
  if (comparisons.length === 0) throw new Problem(`no figure has ${JSON.stringify(options.only)} in its name`);
  const machines = `Baseline: ${baseline.measuredWith}. Now: ${machine()}.`;
  const text = [areaList(), comparisonTable(comparisons), machines].join('\n\n');
  publishAll('bench-check', text);
  for (const note of comparisonNotes(comparisons)) console.error(note);
  const faults = comparisonFaults(comparisons);
  console.error(faults.length === 0 ? `${comparisons.length} figures, none is worse by more than a fifth` : 'WORSE:');
  return judged(faults);
}

/** Exit code: 0. With `--only`, the other figures stay. */
async function renewBaseline(): Promise<number> {
  const found = wantedFigures(await typical(await measurements(isWanted, log), log), isWanted);
  const kept = wantedFigures(old, (figure) => !isWanted(figure));
  writeBaseline({ measuredWith: machine(), figures: merged(kept, found) });
  console.log(comparisonTable(compare(wantedFigures(old, isWanted), found)));
  return 0;
}

const benchWat = async (): Promise<void> => publish('bench-wat', watReport(await watRows(log), old, machine()));

const benchStress = async (): Promise<void> =>
  publish('bench-stress', `${await stressReport(old, log)}\n\n${machine()}.`);

const benchJobs = async (): Promise<void> =>
  publish(
    'bench-jobs',
    `${await jobsReport(old, log)}\n\n${machine()}. Median of three runs, starting the program included.`,
  );

const benchHammer = async (): Promise<void> =>
  publish('bench-hammer', `${await hammerReport(old, log)}\n\n${machine()}.`);

/** Exit code: 1 if debug information costs more than it may. */
async function benchDebug(): Promise<number> {
  const rows = await debugRows(log);
  publish(
    'bench-debug',
    `${debugReport(rows)}\n\n${machine()}. Processor time of all threads. Opening is decoding and analysis, median of six runs; a first question is the median of five processes; memory is what is kept after questions about every function and 32 MiB of addresses, and the limit the size of the debug sections plus 2 MB.`,
  );
  return judged(debugFaults(rows));
}

/** Exit code: 1 if a call in `Do` costs too much. */
async function benchCalls(): Promise<number> {
  const costs = await goCallCosts();
  publish(
    'bench-calls',
    `${goCallReport(costs)}\n\n${machine()}. Median of seven runs, with the newest tested wazero.`,
  );
  return costs.some((cost) => ratioOf(cost, costs) > MOST_RATIO) ? 1 : 0;
}

/** Exit code: 1 if something in VS Code takes longer, or more memory, than it may. */
async function benchEditor(): Promise<number> {
  const openings = await serverLoad(log);
  const times = await editorTimes(log);
  publish(
    'bench-editor',
    `${editorReport(times)}\n\n${serverLoadReport(openings)}\n\n${machine()}. Medians of fresh starts of VS Code; from the second row on, differences to the smallest module.`,
  );
  return judged([...editorFaults(times), ...serverLoadFaults(openings)]);
}

await main(async () => {
  if (options.check) return check();
  if (options['write-baseline']) return renewBaseline();
  if (options.growth) return benchGrowth();
  if (options.stress) {
    await benchStress();
    return 0;
  }
  if (options.jobs) {
    await benchJobs();
    return 0;
  }
  if (options.hammer) {
    await benchHammer();
    return 0;
  }
  if (options.debug) return benchDebug();
  if (options.calls) return benchCalls();
  if (options.editor) return benchEditor();
  if (options.wat) {
    await benchWat();
    return 0;
  }
  const modules = (await ensureCorpus(wanted)).sort((a, b) => a.bytes - b.bytes);
  if (options.profile) return profile(modules);
  const objdump = await findObjdump();
  const against = (Object.keys(OTHERS) as OtherId[]).filter(
    (id) => (options.against?.split(',').includes(id) ?? true) && (id !== 'objdump' || objdump !== undefined),
  );
  const baseline = await baselineMemory();
  const rows: Row[] = [];
  for (const module of modules) {
    console.error(`${module.name} ...`);
    rows.push(await analysisRow(module, baseline, against, objdump?.program));
  }
  publish('bench', report(rows, against, objdump?.version));
  let code = judged(memoryFaults(rows));
  // With `--only` some modules are measured, but neither generated ones nor sources nor scenarios.
  if (options.only === undefined) {
    code ||= await benchGrowth();
    await benchWat();
    await benchStress();
    await benchJobs();
    await benchHammer();
    code ||= await benchDebug();
    if (findOnPath('go') !== undefined) code ||= await benchCalls();
    else console.error('NOT MEASURED: calls through generated Go: go is not installed');
    code ||= await benchEditor();
  }
  return code;
});
