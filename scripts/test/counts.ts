/** Counts of tests, and how they are summed. */

/** Numbers of tests by result. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** No tests. */
export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The sum of two counts. */
export function sumOf(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Counts without those of some files. */
export function withoutThose(all: Counts, those: Counts): Counts {
  return {
    passed: all.passed - those.passed,
    failed: all.failed - those.failed,
    skipped: all.skipped - those.skipped,
  };
}

/** `3 passed, 0 failed`, with the number of skipped tests if there are any. */
export function show({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Whether something passed and nothing failed: a run without tests proves nothing. */
export function isGood(counts: Counts): boolean {
  return counts.passed > 0 && counts.failed === 0;
}

/** Counts of a check that passes or fails as a whole. */
export function single(good: boolean): Counts {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}
