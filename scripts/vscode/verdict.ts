/**
 * The guard around a test run inside VS Code.
 *
 * VS Code's exit code is 0 both for a finished run and for a crashed extension host. So the tests, inside the
 * extension host, write a verdict file at the very end; without it nothing passed. Pure except for reading the file.
 */

import { readFile } from 'node:fs/promises';
import { type Counts, NONE } from '../test/counts.ts';

/** How the process that ran VS Code ended. */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'timeout'; readonly seconds: number };

/** Exit codes of `npm run test:vscode`. */
export const EXIT = { passed: 0, failed: 1, noVerdict: 3, timeout: 4, noTests: 5, abnormal: 6 } as const;

/** The result of a run. */
export interface Judgement {
  readonly exitCode: number;
  readonly message: string;
  /** Counts for the sum of all suites; a run without a verdict counts as one failure. */
  readonly counts: Counts;
}

/** Judges a run by how the process ended and by the verdict of the tests, undefined if there is none. */
export function judge(ending: ProcessEnd, verdict: Counts | undefined): Judgement {
  const counts = verdict ?? NONE;
  const broken = (exitCode: number, message: string): Judgement => ({
    exitCode,
    message,
    counts: { ...counts, failed: counts.failed + 1 },
  });
  if (ending.kind === 'timeout') return broken(EXIT.timeout, `VS Code was ended after ${ending.seconds} s`);
  if (!verdict) {
    return broken(
      EXIT.noVerdict,
      `VS Code ended with ${ending.code} before the tests did: it did not start, or its extension host died`,
    );
  }
  if (verdict.failed > 0) return { exitCode: EXIT.failed, message: `${verdict.failed} tests failed`, counts };
  if (verdict.passed === 0) return broken(EXIT.noTests, 'no test ran');
  if (ending.code !== 0) return broken(EXIT.abnormal, `all tests passed, yet VS Code ended with ${ending.code}`);
  return { exitCode: EXIT.passed, message: `${verdict.passed} tests passed`, counts };
}

/**
 * The verdict that client/test/vscode/index.ts wrote; undefined if the file is missing or incomplete (the host crashed
 * while writing).
 */
export async function readVerdict(file: string): Promise<Counts | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isVerdict(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isVerdict(value: unknown): value is Counts {
  if (typeof value !== 'object' || value === null) return false;
  const counts = value as Record<string, unknown>;
  return ['passed', 'failed', 'skipped'].every((name) => Number.isInteger(counts[name]));
}
