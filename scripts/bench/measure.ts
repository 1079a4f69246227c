/** Starts the measuring processes, one at a time, and kills those that take too long. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ContenderMeasurement } from './child.ts';
import type { ContenderId } from './contenders.ts';

const CHILD = join(import.meta.dirname, 'child.ts');

/** A measurement, or why there is none: `gave up` at the time limit, `cannot` if the contender fails. */
type MeasurementAttempt = { measured: ContenderMeasurement } | { failed: 'gave up' | 'cannot' };

interface Ended {
  code: number | null;
  out: string;
  milliseconds: number;
}

/** Runs a program to its end; undefined if it had to be killed or cannot be started. */
function run(program: string, args: string[], seconds: number, keepOutput: boolean): Promise<Ended | undefined> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', keepOutput ? 'pipe' : 'ignore', 'ignore'] });
    let out = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    child.on('error', () => resolve(undefined));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(signal === null ? { code, out, milliseconds: performance.now() - started } : undefined);
    });
  });
}

/** Number of runs, and the time limit for all of them in seconds. */
export interface MeasureOptions {
  runs: number;
  seconds: number;
  /** Further flags of Node. */
  flags?: string[];
}

/** Measures contenders on a module in a separate process. */
export async function measure(
  file: string,
  contenders: ContenderId[],
  { runs, seconds, flags = [] }: MeasureOptions,
): Promise<MeasurementAttempt> {
  const ended = await run(process.execPath, [...flags, CHILD, file, String(runs), ...contenders], seconds, true);
  if (ended === undefined) return { failed: 'gave up' };
  // Old parsers end with an exception or crash the process.
  return ended.code === 0 ? { measured: JSON.parse(ended.out) as ContenderMeasurement } : { failed: 'cannot' };
}

/** Milliseconds that `wasm-objdump -d FILE` takes; its output is discarded. */
export async function measureObjdump(
  program: string,
  file: string,
  seconds: number,
): Promise<number | 'gave up' | 'cannot'> {
  const ended = await run(program, ['-d', file], seconds, false);
  if (ended === undefined) return 'gave up';
  return ended.code === 0 ? ended.milliseconds : 'cannot';
}

/**
 * The installed `wasm-objdump`, undefined if there is none. npm puts the folders of packages before the user's PATH,
 * and the package `wabt` has a slow JavaScript version of that name, which is ignored.
 */
export async function findObjdump(): Promise<{ program: string; version: string } | undefined> {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(directory, 'wasm-objdump');
    if (directory.includes('node_modules') || !existsSync(program)) continue;
    const ended = await run(program, ['--version'], 10, true);
    if (ended?.code === 0) return { program, version: ended.out.trim() };
  }
  return undefined;
}

/** The median of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
