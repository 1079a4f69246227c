/** Runs files of `node:test` tests, each in a separate process, and counts results from the runner's events. */

import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Problem } from '../failure.ts';
import { OUT, ROOT } from '../paths.ts';
import { type Counts, NONE, single, sumOf, withoutThose } from './counts.ts';
import { LONGEST } from './longest.ts';
import type { NotChecked } from './notChecked.ts';

/** Options of a run. */
export interface NodeTestFlags {
  /** Only files whose path contains one of these. */
  readonly only?: readonly string[];
  readonly namePatterns?: readonly string[];
  /** Number of files that run concurrently: one for each core by default. */
  readonly concurrency?: number;
  /** Where the report goes: standard output by default. */
  readonly output?: NodeJS.WritableStream;
  /** Collects what is skipped. */
  readonly notChecked?: NotChecked;
  /**
   * Files that fail are run once more, one at a time, and that counts. Told is each of them that passes then, by its
   * path below the root: real editors and hosts do not always answer in time on a busy machine, and a run that takes
   * half an hour should not fail for it, nor keep silent about it.
   */
  readonly onUnstable?: (file: string) => void;
}

/** Test files, and the time that each may take. */
export interface Files {
  /** Globs relative to the root. */
  readonly globs: readonly string[];
  /** Which of the files these find are left out. */
  readonly without?: RegExp;
  /** Seconds for a whole file: only one that hangs takes as long. */
  readonly seconds: number;
}

/** The part of the event `test:summary` that is read. Its tests do not include suites. */
interface Summary {
  readonly file?: string;
  readonly counts: { passed: number; failed: number; cancelled: number; skipped: number; todo: number };
}

/** More than these are no accident, and are not run again. */
const MAX_UNSTABLE = 3;

/** Prints the report and resolves with the counts. A file that cannot be loaded is one failure. */
export async function runNodeTests({ globs, without, seconds }: Files, flags: NodeTestFlags): Promise<Counts> {
  const { only = [], output = process.stdout, onUnstable } = flags;
  const found = globSync([...globs], { cwd: ROOT, exclude: (name) => name === 'node_modules' }).filter(
    (file) => !without?.test(file),
  );
  const files = found.filter((file) => only.length === 0 || only.some((part) => file.includes(part))).sort(byLength);
  if (files.length === 0) throw new Problem(`no test file matches ${(only.length > 0 ? only : globs).join(' ')}`);
  // Loading TypeScript is half the run time of a small test file. The cache also serves the workers that tests start.
  process.env.NODE_COMPILE_CACHE ??= join(OUT, 'compile-cache');
  const first = await runFiles(files, seconds, flags);
  const failed = files.filter((file) => (first.byFile.get(file)?.failed ?? 0) > 0);
  if (onUnstable === undefined || failed.length === 0 || failed.length > MAX_UNSTABLE) return first.counts;
  output.write(`\nonce more: ${failed.join(' ')}\n`);
  const second = await runFiles(failed, seconds, { ...flags, concurrency: 1 });
  for (const file of failed) if (second.byFile.get(file)?.failed === 0) onUnstable(file);
  return failed.reduce(
    (sum, file) => sumOf(withoutThose(sum, first.byFile.get(file) ?? NONE), second.byFile.get(file) ?? single(false)),
    first.counts,
  );
}

/** Counts of all files, and of each by its path below the root. */
interface RunCounts {
  readonly counts: Counts;
  readonly byFile: ReadonlyMap<string, Counts>;
}

async function runFiles(files: readonly string[], seconds: number, flags: NodeTestFlags): Promise<RunCounts> {
  const { output = process.stdout, notChecked } = flags;
  const events = run({
    files: files.map((file) => join(ROOT, file)),
    concurrency: flags.concurrency ?? availableParallelism(),
    testNamePatterns: flags.namePatterns?.length ? [...flags.namePatterns] : undefined,
    timeout: seconds * 1000,
  });
  let counts = NONE;
  const byFile = new Map<string, Counts>();
  events.on('test:summary', ({ file, counts: { passed, failed, cancelled, skipped, todo } }: Summary) => {
    const these = { passed, failed: failed + cancelled, skipped: skipped + todo };
    // The summary of all files follows those of each.
    if (file === undefined) counts = sumOf(counts, these);
    else byFile.set(relative(ROOT, file), these);
  });
  events.on('test:pass', ({ skip, name }) => {
    if (skip !== undefined && skip !== false) notChecked?.skipped(typeof skip === 'string' && skip ? skip : name);
  });
  events.on('test:stdout', ({ message }) => notChecked?.printed(message));
  const report = events.compose(spec);
  report.pipe(output, { end: false });
  await new Promise((resolve, reject) => report.on('end', resolve).on('error', reject));
  return { counts, byFile };
}

/** Puts the longest files first and sorts the others by name. */
function byLength(a: string, b: string): number {
  const rank = (file: string): number => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

const FOLDERS = '{core,node,browser,server,client/src,cli,scripts,test-fixtures}';

/** Tests next to the sources, except those on real hosts. */
export function runUnitTests(flags: NodeTestFlags = {}): Promise<Counts> {
  return runNodeTests({ globs: [`${FOLDERS}/**/*.test.ts`], without: /\.hosts\.test\.ts$/, seconds: 1200 }, flags);
}

/**
 * Tests that build and run code on real hosts, and take minutes for it. Many of them wait: two files at a time leave a
 * third of two cores idle.
 */
export function runHostTests(flags: NodeTestFlags = {}): Promise<Counts> {
  const concurrency = flags.concurrency ?? availableParallelism() + 1;
  return runNodeTests({ globs: [`${FOLDERS}/**/*.hosts.test.ts`], seconds: 1200 }, { ...flags, concurrency });
}

/** Tests with mouse and keyboard; one VS Code at a time. */
export function runUiTests(flags: NodeTestFlags = {}): Promise<Counts> {
  return runNodeTests({ globs: ['scripts/ui/**/*.ui.ts'], seconds: 1200 }, { ...flags, concurrency: 1 });
}
