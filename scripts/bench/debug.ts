/**
 * Benchmarks of debug information: what a module costs that has it, before anybody asks, at the first question, and in
 * memory.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureCorpus } from '../corpus/fetch.ts';
import type { DebugMeasurement } from './debugChild.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const run = promisify(execFile);

const CHILD = join(import.meta.dirname, 'debugChild.ts');
/** Opening a smaller module takes less time than measuring it. */
const LEAST_OPENING = 1e6;

const MODULES = ['web-tree-sitter/debug/web-tree-sitter.wasm', '@ruby/3.4-wasm-wasi/dist/ruby.debug+stdlib.wasm'];

/** Processes for each first question: each is the first one only once. */
const RUNS = 5;

const QUESTIONS = ['line', 'function', 'variable', 'files'] as const;

/** What opening may take, in times of the same module without debug information. */
const MOST_OPENING = 1.1;

/** A module with debug information, measured. */
export interface DebugRow {
  readonly name: string;
  readonly bytes: number;
  /** Bytes of its debug sections. */
  readonly debug: number;
  /** Milliseconds to open it, with and without. */
  readonly opening: number;
  readonly stripped: number;
  /** Milliseconds of each first question. */
  readonly questions: readonly number[];
  /** Bytes that are kept after many questions. */
  readonly memory: number;
}

/** Measures the modules of the corpus that have debug information. */
export async function debugRows(log: (line: string) => void): Promise<DebugRow[]> {
  const rows: DebugRow[] = [];
  for (const { name, path, bytes } of await ensureCorpus((module) => MODULES.includes(module.name))) {
    log(`${name} ...`);
    const times = await measured(path, 'open');
    const questions: number[] = [];
    for (const question of QUESTIONS) {
      const firsts: number[] = [];
      for (let left = RUNS; left > 0; left--) firsts.push(...(await measured(path, question)));
      questions.push(median(firsts));
    }
    rows.push({
      ...{ name, bytes, questions },
      debug: (await measured(path, 'size'))[0],
      // The first of each is cold.
      opening: median(times.filter((_, i) => i > 1 && i % 2 === 0)),
      stripped: median(times.filter((_, i) => i > 1 && i % 2 === 1)),
      memory: (await measured(path, 'memory'))[0],
    });
  }
  return rows.sort((a, b) => a.bytes - b.bytes);
}

async function measured(path: string, measurement: DebugMeasurement): Promise<number[]> {
  const { stdout } = await run(process.execPath, ['--expose-gc', CHILD, path, measurement]);
  return JSON.parse(stdout) as number[];
}

/** Bytes that the tables of a small module may take beyond the size of its sections. */
const ALLOWANCE = 2e6;

/** What is slower or larger than it may be. The times of questions depend on the machine and are only shown. */
export const debugFaults = (rows: readonly DebugRow[]): string[] =>
  rows.flatMap(({ name, bytes, opening, stripped, memory, debug }) => [
    ...(bytes > LEAST_OPENING && opening > MOST_OPENING * stripped
      ? [`${name}: debug information makes opening slower`]
      : []),
    ...(memory > debug + ALLOWANCE ? [`${name}: debug information takes more memory than its sections`] : []),
  ]);

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** The table of debug information. */
export function debugReport(rows: readonly DebugRow[]): string {
  return [
    markdown([
      ['module', 'MB', 'debug sections, MB', 'opening, ms', 'stripped, ms', 'ratio', 'memory, MB'],
      ...rows.map(({ name, bytes, debug, opening, stripped, memory }) => [
        ...[name, megabytes(bytes), megabytes(debug), opening.toFixed(0), stripped.toFixed(0)],
        ...[(opening / stripped).toFixed(2), megabytes(memory)],
      ]),
    ]),
    '',
    markdown([
      ['first question, ms', ...QUESTIONS.map((question) => (question === 'files' ? 'all files' : `a ${question}`))],
      ...rows.map(({ name, questions }) => [name, ...questions.map((time) => time.toFixed(0))]),
    ]),
  ].join('\n');
}
