/** Starts the measuring processes, one at a time, and ends those that take too long. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ContenderMeasurement } from './child.ts';
import type { ContenderId } from './contenders.ts';

const CHILD = join(import.meta.dirname, 'child.ts');

/** A measurement, or why there is none: `gave up` after the limit, else `cannot`. */
type MeasurementAttempt = { measured: ContenderMeasurement } | { failed: 'gave up' | 'cannot' };

interface Ended {
  code: number | null;
  out: string;
  milliseconds: number;
}

/** Runs a program to its end; undefined when it had to be killed or cannot be started. */
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

export interface MeasureOptions {
  runs: number;
  seconds: number;
  /** Further flags of Node. */
  flags?: string[];
}

export async function measure(
  file: string,
  contenders: ContenderId[],
  { runs, seconds, flags = [] }: MeasureOptions,
): Promise<MeasurementAttempt> {
  const ended = await run(process.execPath, [...flags, CHILD, file, String(runs), ...contenders], seconds, true);
  if (ended === undefined) return { failed: 'gave up' };
  // Old parsers end with an exception, or take the whole process with them.
  return ended.code === 0 ? { measured: JSON.parse(ended.out) as ContenderMeasurement } : { failed: 'cannot' };
}

/** Milliseconds of `wasm-objdump -d FILE`, its text thrown away. */
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
 * The installed `wasm-objdump`, undefined when there is none. npm puts the folders of packages
 * before the user's PATH, and the package `wabt` has a slow one of that name in JavaScript: not that.
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

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
