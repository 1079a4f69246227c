/**
 * Benchmark of a large plan over several processes: the same executions with one job and with as many as there are cores. Only the ratio within one run is comparable, on a machine that does nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../build/bundle.ts';
import { Problem } from '../failure.ts';
import { ROOT } from '../paths.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const RUNS = 3;
/** Exports of the module, of which each conflicts with all others. */
const EXPORTS = 8;
/** The time of a plan bounds the executions of its scenarios: more than any of them needs. */
const SECONDS = 2_000;

/** Exports that add to one counter in memory, a few times each, in one step. */
const MODULE = `(module (memory 1)
${Array.from(
  { length: EXPORTS },
  (_, i) => `  (func (export "add${i}")
${'    (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))\n'.repeat(4)})`,
).join('\n')})`;

/** One plan explored. */
interface Explored {
  ms: number;
  scenarios: number;
  executions: number;
}

async function explore(file: string, jobs: number): Promise<Explored> {
  const words = ['stress', file, '--all', '--seconds', String(SECONDS), '--jobs', String(jobs), '--format', 'json'];
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), ...words], {
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

/** The table; runs with different numbers of jobs alternate. */
export async function jobsReport(log: (line: string) => void): Promise<string> {
  await build({ production: true, log });
  const folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-bench-'));
  try {
    const file = join(folder, 'plan.wat');
    await writeFile(file, MODULE);
    const counts = [...new Set([1, 2, availableParallelism()])].sort((a, b) => a - b);
    const runs = new Map(counts.map((jobs) => [jobs, [] as Explored[]]));
    for (let run = 0; run < RUNS; run++)
      for (const [jobs, explored] of runs) {
        log(`plan with ${jobs === 1 ? 'one job' : `${jobs} jobs`} ...`);
        explored.push(await explore(file, jobs));
      }
    const all = [...runs.values()].flat();
    const [{ scenarios, executions }] = all;
    if (all.some((one) => one.scenarios !== scenarios || one.executions !== executions))
      throw new Problem('the number of jobs changed what was explored');
    const times = new Map([...runs].map(([jobs, explored]) => [jobs, median(explored.map(({ ms }) => ms))]));
    const rows = [...times].map(([jobs, ms]) => [
      String(jobs),
      (ms / 1000).toFixed(1),
      `${((times.get(1) ?? ms) / ms).toFixed(2)}×`,
    ]);
    const about = `${scenarios} scenarios of two callers, ${executions.toLocaleString('en-US')} executions in all.`;
    return `${about}\n\n${markdown([['jobs', 'seconds', 'as fast as one'], ...rows])}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}
