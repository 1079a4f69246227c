/**
 * Which code an input reaches, from V8's own block coverage: no code is instrumented, and taking it costs a millisecond.
 * Guides a search in the way of libFuzzer: what reaches something new becomes a seed.
 */
import { type Profiler, Session } from 'node:inspector';

/** Counts of one range that are told apart: 1, 2, 3, 4 to 7, 8 to 31, more. */
const bucketOf = (count: number): number => (count < 4 ? count : count < 8 ? 4 : count < 32 ? 5 : 6);

/** Everything that was reached since it was started. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<number>();
  readonly #isOurs: (url: string) => boolean;

  /** Counts code of the files for which `isOurs` holds. */
  constructor(isOurs: (url: string) => boolean) {
    this.#isOurs = isOurs;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Number of ranges, with how often they ran, that were reached. */
  get size(): number {
    return this.#seen.size;
  }

  /** Whether what ran since the last call reached something new. */
  take(): boolean {
    let taken: Profiler.TakePreciseCoverageReturnType | undefined;
    // Within one thread the answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (_error, result) => {
      taken = result;
    });
    const before = this.#seen.size;
    for (const { scriptId, url, functions } of taken?.result ?? []) {
      if (!this.#isOurs(url)) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count === 0) continue;
          // Scripts, places and counts in 53 bits; two places that share a number cost a seed, not correctness.
          const place = Number(scriptId) * 2 ** 24 + startOffset * 8 + (endOffset % 8);
          this.#seen.add(place * 8 + bucketOf(count));
        }
      }
    }
    return this.#seen.size > before;
  }

  stop(): void {
    this.#session.disconnect();
  }
}
