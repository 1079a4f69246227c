/** Counts of tests, and their one true sum. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export function sumOf(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** `3 passed, 0 failed`, and the skipped when there are any. */
export function show({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A run is good when something passed and nothing failed: a run without tests proves nothing. */
export function isGood(counts: Counts): boolean {
  return counts.passed > 0 && counts.failed === 0;
}

/** A check that either passes or fails as a whole. */
export function single(good: boolean): Counts {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}
