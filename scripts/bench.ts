/**
 * `npm run bench`: compares the whole analysis with V8's validator and with other readers, on the modules of the corpus
 * that are larger than 1 MB; then measures generated modules of growing size, editing, stress tests and the hammer. Only ratios within one run are
 * comparable.
 *
 *   --quick       three modules
 *   --only TEXT   modules whose name contains it
 *   --against ID  these readers only, separated by commas; `none`: ours and V8, in a minute
 *   --growth      the growth of the time with the size of generated modules only
 *   --wat         the editing of sources only
 *   --stress      stress runs only
 *   --jobs        a plan over several processes only
 *   --hammer      the hammer only
 *   --debug       debug information only
 *   --editor      what people feel in VS Code, and the server under load, only
 *   --calls       calls through generated Go only; needs Go
 *   --write       put the tables between their markers in docs/benchmarks.md
 *   --profile     write CPU profiles of our analysis to .cache/profiles instead of measuring
 */
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ContenderId, Stages } from './bench/contenders.ts';
import { debugFaults, debugReport, debugRows } from './bench/debug.ts';
import { editorFaults, editorReport, editorTimes } from './bench/editor.ts';
import { goCallCosts, goCallReport, MOST_RATIO, ratioOf } from './bench/goCalls.ts';
import { exponentOf, growthReport, growthRows, MOST_EXPONENT } from './bench/growth.ts';
import { hammerReport } from './bench/hammer.ts';
import { jobsReport } from './bench/jobs.ts';
import { findObjdump, measure, measureObjdump, median } from './bench/measure.ts';
import { writeTable } from './bench/page.ts';
import { serverLoad, serverLoadFaults, serverLoadReport } from './bench/serverLoad.ts';
import { stressReport } from './bench/stress.ts';
import { memoryLimit, type Row, resultTable, stageTable, type Time } from './bench/table.ts';
import { watReport, watRows } from './bench/wat.ts';
import { type CorpusModule, ensureCorpus } from './corpus/fetch.ts';
import { main, Problem } from './failure.ts';
import { ROOT } from './paths.ts';
import { findOnPath } from './vscode/processes.ts';

const MIN_BYTES = 1e6;
const QUICK = ['resvg', 'rolldown', 'pyodide'];
const RUNS = 7;
/** Time limit for all runs of one contender on one module; some would take minutes. */
const SECONDS = 60;

type OtherId = Exclude<ContenderId, 'ours' | 'v8'> | 'objdump';

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
    write: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

function wanted(module: CorpusModule): boolean {
  if (module.bytes < MIN_BYTES) return false;
  if (options.only !== undefined) return module.name.includes(options.only);
  return !options.quick || QUICK.some((name) => module.name.includes(name));
}

/** Peak memory of a process that has loaded all code and analysed a module of eight bytes. */
async function baselineMemory(): Promise<number> {
  const outcome = await measure('-', ['ours'], { runs: 1, seconds: SECONDS });
  if ('failed' in outcome) throw new Problem('our own analysis fails on an empty module');
  return outcome.measured.peak;
}

async function rowOf(module: CorpusModule, baseline: number, against: readonly OtherId[], objdump = ''): Promise<Row> {
  const pair = await measure(module.path, ['ours', 'v8'], { runs: RUNS, seconds: 4 * SECONDS });
  const once = await measure(module.path, ['ours'], { runs: 1, seconds: SECONDS });
  if ('failed' in pair || 'failed' in once) throw new Problem(`our own analysis fails on ${module.name}`);
  const others: Record<string, Time> = {};
  for (const id of against) {
    others[id] = id === 'objdump' ? await measureObjdump(objdump, module.path, SECONDS) : await timeOf(module, id);
  }
  const { times, stages } = pair.measured;
  return {
    module,
    cold: once.measured.times.ours[0],
    ours: median(times.ours),
    v8: median(times.v8),
    stages: medianStages(stages),
    memory: once.measured.peak - baseline,
    others,
  };
}

/** Two runs if there is time for them: the second one is warm, as ours are. */
async function timeOf(module: CorpusModule, id: ContenderId): Promise<Time> {
  const first = await measure(module.path, [id], { runs: 1, seconds: SECONDS });
  if ('failed' in first) return first.failed;
  const cold = first.measured.times[id][0];
  if (cold > 5000) return cold;
  const second = await measure(module.path, [id], { runs: 3, seconds: SECONDS });
  return 'failed' in second ? cold : median(second.measured.times[id]);
}

const medianStages = (stages: readonly Stages[]): Stages =>
  Object.fromEntries(Object.keys(stages[0]).map((stage) => [stage, median(stages.map((run) => run[stage]))]));

const machine = (): string =>
  `Node ${process.version}, V8 ${process.versions.v8}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;

function report(rows: readonly Row[], against: readonly OtherId[], objdump: string | undefined): string {
  const others = Object.fromEntries(against.map((id) => [id, OTHERS[id]]));
  return [
    resultTable(rows, others),
    '',
    `${machine()}${objdump ? `, wasm-objdump ${objdump}` : ''}. Median of ${RUNS} runs, alternating with V8; the first run is in a fresh process. Other readers: their time divided by ours; _gave up_ after ${SECONDS} s, _cannot_ if they cannot read the module. Memory: peak of a separate process, minus the peak of one that analyses nothing; the limit is three times the size of the file plus 100 MB.`,
    '',
    '<details><summary>Stages</summary>',
    '',
    stageTable(rows),
    '',
    '</details>',
  ].join('\n');
}

/** Exit code: 1 if an analysis exceeds its memory limit. Speed depends on the machine and is only shown. */
function judge(rows: readonly Row[]): number {
  const over = rows.filter(({ module, memory }) => memory > memoryLimit(module));
  for (const { module, memory } of over)
    console.error(`${module.name}: ${Math.round(memory / 1e6)} MB is over its limit`);
  return over.length > 0 ? 1 : 0;
}

async function profile(modules: readonly CorpusModule[]): Promise<number> {
  const directory = join(ROOT, '.cache', 'profiles');
  for (const module of modules) {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${directory}`];
    await measure(module.path, ['ours'], { runs: RUNS, seconds: 4 * SECONDS, flags });
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

/** Exit code: 1 if the time of a shape grows much faster than the code. */
async function benchGrowth(): Promise<number> {
  const rows = await growthRows((line) => console.error(line));
  publish('bench-growth', `${growthReport(rows)}\n\n${machine()}.`);
  return rows.some((row) => exponentOf(row) > MOST_EXPONENT) ? 1 : 0;
}

const benchWat = async (): Promise<void> => publish('bench-wat', watReport(await watRows(), machine()));

const benchStress = async (): Promise<void> =>
  publish('bench-stress', `${await stressReport((line) => console.error(line))}\n\n${machine()}.`);

const benchJobs = async (): Promise<void> =>
  publish(
    'bench-jobs',
    `${await jobsReport((line) => console.error(line))}\n\n${machine()}. Median of three runs, starting the program included.`,
  );

const benchHammer = async (): Promise<void> =>
  publish('bench-hammer', `${await hammerReport((line) => console.error(line))}\n\n${machine()}.`);

/** Exit code: 1 if debug information costs more than it may. */
async function benchDebug(): Promise<number> {
  const rows = await debugRows((line) => console.error(line));
  publish(
    'bench-debug',
    `${debugReport(rows)}\n\n${machine()}. Processor time of all threads. Opening is decoding and analysis, median of six runs; a first question is the median of five processes; memory is what is kept after questions about every function and 32 MiB of addresses, and the limit the size of the debug sections plus 2 MB.`,
  );
  const faults = debugFaults(rows);
  for (const fault of faults) console.error(fault);
  return faults.length > 0 ? 1 : 0;
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
  const log = (line: string): void => console.error(line);
  const openings = await serverLoad(log);
  const times = await editorTimes(log);
  publish(
    'bench-editor',
    `${editorReport(times)}\n\n${serverLoadReport(openings)}\n\n${machine()}. Medians of fresh starts of VS Code; from the second row on, differences to the smallest module.`,
  );
  const faults = [...editorFaults(times), ...serverLoadFaults(openings)];
  for (const fault of faults) console.error(fault);
  return faults.length > 0 ? 1 : 0;
}

await main(async () => {
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
    rows.push(await rowOf(module, baseline, against, objdump?.program));
  }
  publish('bench', report(rows, against, objdump?.version));
  let code = judge(rows);
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
