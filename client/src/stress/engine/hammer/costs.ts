/**
 * What each remedy costs, measured on the calls of a scenario in one run: unsafe on one instance, under one lock, in a pool
 * of instances, with an instance for each sequence of calls. Between short measurements all state goes back to the base,
 * outside of what is measured, so that repeated calls neither use up memory nor drift.
 */
import type { Remedy, RemedyCost } from './hammerResult.ts';

/** One measurement. */
export interface Phase {
  remedy: Remedy;
  threads: number;
}

/** Milliseconds and sequences of calls of one step of a measurement, whichever ends first. */
export const STEP_MS = 4;
export const STEP_SEQUENCES = 65_536;
/** One of so many sequences is timed by itself. */
export const SAMPLED = 8;

/** Buckets of latencies: eight for each power of two of nanoseconds. */
const BUCKETS = 8 * 40;
/** Words of one thread in one phase: sequences, trapped ones, microseconds, then the buckets. */
const WORDS = 3 + BUCKETS;

/** All remedies that can be had, each with 1, 2, 4, ... threads, and with all. */
export function phasesFor(remedies: readonly Remedy[], threads: number): Phase[] {
  const counts: number[] = [];
  for (let count = 1; count < threads; count *= 2) counts.push(count);
  counts.push(threads);
  return remedies.flatMap((remedy) => counts.map((count) => ({ remedy, threads: count })));
}

export const costBuffer = (phases: number, threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(phases * threads * WORDS * 4);

/** Where one thread counts in one phase. */
export class CostCounter {
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer, phase: number, thread: number, threads: number) {
    this.words = new Int32Array(buffer, (phase * threads + thread) * WORDS * 4, WORDS);
  }

  /** @param milliseconds of all the sequences together */
  add(sequences: number, trapped: number, milliseconds: number): void {
    this.words[0] += sequences;
    this.words[1] += trapped;
    this.words[2] += Math.round(milliseconds * 1000);
  }

  latency(milliseconds: number): void {
    const nanoseconds = Math.max(1, milliseconds * 1e6);
    this.words[3 + Math.min(BUCKETS - 1, Math.floor(8 * Math.log2(nanoseconds)))]++;
  }

  read(): { sequences: number; trapped: number; microseconds: number; buckets: Int32Array } {
    const { words } = this;
    return { sequences: words[0], trapped: words[1], microseconds: words[2], buckets: words.subarray(3) };
  }
}

/** The row of one phase; undefined where nothing was measured. */
export function costOf(
  { remedy, threads }: Phase,
  counters: readonly CostCounter[],
  callsPerSequence: number,
): RemedyCost | undefined {
  let [sequences, trapped, callsPerSecond] = [0, 0, 0];
  const buckets = new Int32Array(BUCKETS);
  for (const counter of counters) {
    const read = counter.read();
    sequences += read.sequences;
    trapped += read.trapped;
    if (read.microseconds > 0) callsPerSecond += (read.sequences * callsPerSequence * 1e6) / read.microseconds;
    read.buckets.forEach((count, i) => {
      buckets[i] += count;
    });
  }
  if (sequences === 0) return undefined;
  return {
    remedy,
    threads,
    callsPerSecond: Math.round(callsPerSecond),
    p50: quantile(buckets, 0.5),
    p99: quantile(buckets, 0.99),
    trapped: trapped / sequences,
  };
}

/** Nanoseconds below which the share `q` of the counted latencies is, to a twelfth. */
function quantile(buckets: Int32Array, q: number): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let i = 0; i < buckets.length; i++) {
    below += buckets[i];
    if (below >= q * total && below > 0) return Math.round(2 ** ((i + 0.5) / 8));
  }
  return 0;
}
