/**
 * Benchmark of a large plan over several processes: the same executions with one job and with as many as there are
 * cores. Only the ratio within one run is comparable, on a machine that does nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build/bundle.ts';
import { Problem } from '../failure.ts';
import { ROOT } from '../paths.ts';
import { type Figures, figureText } from './baseline/baselineFile.ts';
import { idleLoops } from './idleLoops.ts';
import { median } from './measure.ts';
import { addersText, ENOUGH_SECONDS } from './stress/plans.ts';
import { markdown } from './table.ts';

const RUNS = 3;
/** Exports of the module, of which each conflicts with all others, and the additions of each. */
const EXPORTS = 6;
const ADDITIONS = 4;

/** One plan explored. */
interface Explored {
  ms: number;
  scenarios: number;
  executions: number;
}

async function explore(file: string, jobs: number): Promise<Explored> {
  const words = ['stress', file, '--all', '--seconds', String(ENOUGH_SECONDS), '--jobs', String(jobs)];
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), ...words, '--format', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await once(child, 'close');
  const ms = performance.now() - began;
  const { results, notes } = JSON.parse(out) as { results: { explored: { schedules: number } }[]; notes: string[] };
  if (notes.length > 0) throw new Problem(`the plan of the benchmark was not run as it is: ${notes.join(' ')}`);
  return { ms, scenarios: results.length, executions: results.reduce((sum, one) => sum + one.explored.schedules, 0) };
}

/** What was measured, by number of jobs: milliseconds of each run, of the plan and of loops that need only processors. */
interface JobRuns {
  scenarios: number;
  executions: number;
  plan: ReadonlyMap<number, number[]>;
  loops: ReadonlyMap<number, number[]>;
}

let built: Promise<void> | undefined;

/** Runs with different numbers of jobs alternate. */
async function measureJobs(counts: readonly number[], runs: number, log: (line: string) => void): Promise<JobRuns> {
  built ??= build({ production: true, log }).then(() => {});
  await built;
  const folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-bench-'));
  try {
    const file = join(folder, 'plan.wat');
    await writeFile(file, addersText(EXPORTS, ADDITIONS));
    const lists = (): Map<number, number[]> => new Map(counts.map((jobs) => [jobs, []]));
    const [plan, loops] = [lists(), lists()];
    let first: Explored | undefined;
    for (let run = 0; run < runs; run++)
      for (const jobs of counts) {
        log(`plan with ${jobs === 1 ? 'one job' : `${jobs} jobs`} ...`);
        loops.get(jobs)?.push(await idleLoops(jobs));
        const one = await explore(file, jobs);
        first ??= one;
        if (one.scenarios !== first.scenarios || one.executions !== first.executions)
          throw new Problem('the number of jobs changed what was explored');
        plan.get(jobs)?.push(one.ms);
      }
    return { scenarios: first?.scenarios ?? 0, executions: first?.executions ?? 0, plan, loops };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The name of the figure. */
export const JOBS_NAME = 'a plan of 42 scenarios';

/**
 * The least time with two jobs, in times of the least with one, divided by the same ratio of loops that need only
 * processors: other programs on the machine take from both.
 */
function ratioOf({ plan, loops }: JobRuns): number {
  const least = (runs: JobRuns['plan'], jobs: number): number => Math.min(...(runs.get(jobs) ?? []));
  return least(plan, 2) / least(plan, 1) / (least(loops, 2) / least(loops, 1));
}

/** The figure of the baseline. */
export async function jobsFigure(log: (line: string) => void): Promise<Record<string, number>> {
  return { [JOBS_NAME]: ratioOf(await measureJobs([1, 2], 2, log)) };
}

/** The table, with the figure of the baseline. */
export async function jobsReport(old: Figures, log: (line: string) => void): Promise<string> {
  const counts = [...new Set([1, 2, availableParallelism()])].sort((a, b) => a - b);
  const runs = await measureJobs(counts, RUNS, log);
  const times = new Map(counts.map((jobs) => [jobs, median(runs.plan.get(jobs) ?? [])]));
  const rows = [...times].map(([jobs, ms]) => [
    String(jobs),
    (ms / 1000).toFixed(1),
    `${((times.get(1) ?? ms) / ms).toFixed(2)}×`,
  ]);
  const before = old.jobs?.[JOBS_NAME];
  return [
    `${runs.scenarios} scenarios of two callers, ${runs.executions.toLocaleString('en-US')} executions in all.`,
    markdown([['jobs', 'seconds', 'as fast as one'], ...rows]),
    `Two jobs take ${figureText(ratioOf(runs))} times as long as they would if they shared the work as two threads share a loop that needs nothing but a processor${before === undefined ? '' : ` (baseline: ${figureText(before)})`}.`,
  ].join('\n\n');
}
