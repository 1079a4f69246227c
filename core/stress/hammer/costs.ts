/**
 * What each remedy costs, measured on the calls of a scenario in one run: unsafe on one instance, under one lock, in a pool
 * of instances, with an instance for each sequence of calls. Between short measurements the base state is
 * restored, which is not measured, so that repeated calls neither use up memory nor drift.
 */
import type { CostVariant, RemedyCost } from './hammerResult.ts';

/** One measurement. */
export interface CostMeasurement {
  remedy: CostVariant;
  threads: number;
}

/** Milliseconds of one step of a measurement, which ends earlier after `STEP_SEQUENCES`. */
export const STEP_MS = 4;
/** Most sequences of calls of one step of a measurement. */
export const STEP_SEQUENCES = 65_536;
/**
 * Milliseconds and most sequences between two sequences that are timed separately: reading the clock takes time, too.
 */
const TIMED_MS = 0.005;
const TIMED_SEQUENCES = 256;
/** Share of the slowest steps that is ignored: the machine was busy with something else. */
const LEFT_OUT = 0.25;
/** Steps that are left, from which on their spread says something. */
const LEAST_FOR_SPREAD = 3;

/** Number of sequences until the next timed one, if a sequence takes `milliseconds`. */
export const untilTimed = (milliseconds: number): number =>
  Math.max(1, Math.min(TIMED_SEQUENCES, Math.floor(TIMED_MS / Math.max(milliseconds, 1e-9))));

/** Buckets of latencies: eight for each power of two of nanoseconds. */
const BUCKETS = 8 * 40;
/** Words of one thread in one measurement: sequences, trapped ones and microseconds of the last step, then the buckets. */
const WORDS = 3 + BUCKETS;

/** All remedies, each with 1, 2, 4, ... threads, and with all threads. */
export function measurementsFor(remedies: readonly CostVariant[], threads: number): CostMeasurement[] {
  const counts: number[] = [];
  for (let count = 1; count < threads; count *= 2) counts.push(count);
  counts.push(threads);
  return remedies.flatMap((remedy) => counts.map((count) => ({ remedy, threads: count })));
}

/** The memory of the counters of all threads in all measurements, zero. */
export const costBuffer = (phases: number, threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(phases * threads * WORDS * 4);

/** What one thread did in one step. */
interface Step {
  sequences: number;
  trapped: number;
  microseconds: number;
}

/** The counters of one thread in one measurement. */
export class CostCounter {
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer, phase: number, thread: number, threads: number) {
    this.words = new Int32Array(buffer, (phase * threads + thread) * WORDS * 4, WORDS);
  }

  /** @param milliseconds of all the sequences together */
  did(sequences: number, trapped: number, milliseconds: number): void {
    this.words[0] = sequences;
    this.words[1] = trapped;
    this.words[2] = Math.max(1, Math.round(milliseconds * 1000));
  }

  latency(milliseconds: number): void {
    const nanoseconds = Math.max(1, milliseconds * 1e6);
    this.words[3 + Math.min(BUCKETS - 1, Math.floor(8 * Math.log2(nanoseconds)))]++;
  }

  step(): Step {
    const [sequences, trapped, microseconds] = this.words;
    return { sequences, trapped, microseconds };
  }

  get buckets(): Int32Array {
    return this.words.subarray(3);
  }
}

/** The steps of one measurement. */
export class PhaseCosts {
  private readonly phase: CostMeasurement;
  private readonly counters: readonly CostCounter[];
  private readonly calls: readonly number[];
  private steps: { rate: number; microseconds: number }[] = [];
  private sequences = 0;
  private trapped = 0;

  /** @param calls of a sequence of each thread */
  constructor(phase: CostMeasurement, counters: readonly CostCounter[], calls: readonly number[]) {
    this.phase = phase;
    this.counters = counters;
    this.calls = calls;
  }

  /** Adds the step that all threads have just ended. */
  add(): void {
    let [rate, longest] = [0, 0];
    this.counters.forEach((counter, thread) => {
      const { sequences, trapped, microseconds } = counter.step();
      this.sequences += sequences;
      this.trapped += trapped;
      rate += (sequences * this.calls[thread] * 1e6) / microseconds;
      longest = Math.max(longest, microseconds);
    });
    this.steps.push({ rate, microseconds: longest });
  }

  /** Forgets the steps so far: they warmed up the code. */
  clear(): void {
    this.steps = [];
    this.sequences = 0;
    this.trapped = 0;
    for (const { buckets } of this.counters) buckets.fill(0);
  }

  /** Undefined if nothing was measured. */
  row(): RemedyCost | undefined {
    if (this.sequences === 0) return undefined;
    const steps = this.steps.toSorted((a, b) => b.rate - a.rate);
    const kept = steps.slice(0, Math.ceil(steps.length * (1 - LEFT_OUT)));
    const time = kept.reduce((sum, { microseconds }) => sum + microseconds, 0);
    const buckets = new Int32Array(BUCKETS);
    for (const counter of this.counters)
      counter.buckets.forEach((count, i) => {
        buckets[i] += count;
      });
    return {
      ...this.phase,
      callsPerSecond: Math.round(kept.reduce((sum, { rate, microseconds }) => sum + rate * microseconds, 0) / time),
      ...(kept.length < LEAST_FOR_SPREAD
        ? {}
        : {
            spread: {
              least: Math.round(kept[kept.length - 1].rate),
              most: Math.round(kept[0].rate),
              measurements: kept.length,
            },
          }),
      p50: quantile(buckets, 0.5),
      p99: quantile(buckets, 0.99),
      sequences: this.sequences,
      trapped: this.trapped,
    };
  }
}

/** The `q` quantile of the counted latencies in nanoseconds, to a twelfth. */
function quantile(buckets: Int32Array, q: number): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let i = 0; i < buckets.length; i++) {
    below += buckets[i];
    if (below >= q * total && below > 0) return Math.round(2 ** ((i + 0.5) / 8));
  }
  return 0;
}
