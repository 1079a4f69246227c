/** Runs files of `node:test` tests, each in a process of its own, and counts from the runner's events. */

import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Problem } from '../failure.ts';
import { ROOT } from '../paths.ts';
import type { Counts } from './counts.ts';

export interface NodeTestOptions {
  /** Globs relative to the root. */
  readonly globs: readonly string[];
  /** Only files whose path contains one of these. */
  readonly only?: readonly string[];
  readonly namePatterns?: readonly string[];
  /** Files at a time; as many as there are cores unless given. */
  readonly concurrency?: number;
  /** For a whole file. */
  readonly seconds: number;
}

/** The part of the event `test:summary` that is read. Its tests do not include suites. */
interface Summary {
  readonly file?: string;
  readonly counts: { passed: number; failed: number; cancelled: number; skipped: number; todo: number };
}

/** Prints the report and resolves with the counts. A file that cannot be loaded is one failure. */
async function runNodeTests(options: NodeTestOptions): Promise<Counts> {
  const found = globSync([...options.globs], { cwd: ROOT, exclude: (name) => name === 'node_modules' });
  const files = found
    .filter((file) => !options.only?.length || options.only.some((part) => file.includes(part)))
    .sort();
  if (files.length === 0) throw new Problem(`no test file matches ${(options.only ?? options.globs).join(' ')}`);
  const events = run({
    files: files.map((file) => join(ROOT, file)),
    concurrency: options.concurrency ?? availableParallelism(),
    testNamePatterns: options.namePatterns?.length ? [...options.namePatterns] : undefined,
    timeout: options.seconds * 1000,
  });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  events.on('test:summary', (summary: Summary) => {
    if (summary.file !== undefined) return; // a part of the sum that follows
    counts.passed += summary.counts.passed;
    counts.failed += summary.counts.failed + summary.counts.cancelled;
    counts.skipped += summary.counts.skipped + summary.counts.todo;
  });
  const report = events.compose(spec);
  report.pipe(process.stdout, { end: false });
  await new Promise((resolve, reject) => report.on('end', resolve).on('error', reject));
  return counts;
}

/** Tests beside the sources: no VS Code, no network. */
export function runUnitTests(only: readonly string[] = [], namePatterns: readonly string[] = []): Promise<Counts> {
  return runNodeTests({
    globs: ['{core,node,server,client/src,cli,scripts,test-fixtures}/**/*.test.ts'],
    only,
    namePatterns,
    seconds: 300,
  });
}

/** Tests with mouse and keyboard; one VS Code at a time. */
export function runUiTests(only: readonly string[] = [], namePatterns: readonly string[] = []): Promise<Counts> {
  return runNodeTests({ globs: ['scripts/ui/**/*.ui.ts'], only, namePatterns, concurrency: 1, seconds: 300 });
}
