/**
 * A separate process for each measurement, so that contenders do not affect each other's memory and compiled code:
 * `node child.ts FILE RUNS CONTENDER [CONTENDER]`. The runs of two contenders alternate. FILE `-` is an empty module.
 * Prints one line of JSON, a `ContenderMeasurement`.
 */
import { readFileSync } from 'node:fs';
import { type ContenderId, PREPARE, type Stages } from './contenders.ts';
import { processorTime } from './processorTime.ts';

/** The result of one measuring process. */
export interface ContenderMeasurement {
  /** Milliseconds of each run, by contender; the first one is cold. */
  times: Record<string, number[]>;
  /** Processor time of each run of all threads, in milliseconds, by contender. */
  processor: Record<string, number[]>;
  /** Stages of each of our runs. */
  stages: Stages[];
  /** Peak resident memory of the process, bytes. */
  peak: number;
}

const [file, runs, ...ids] = process.argv.slice(2);
const print = console.log;
const contenders = await Promise.all(
  (ids as ContenderId[]).map(async (id) => ({
    id,
    run: await PREPARE[id](),
    times: [] as number[],
    processor: [] as number[],
  })),
);
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const bytes = file === '-' ? Uint8Array.from(HEADER) : new Uint8Array(readFileSync(file));
const stages: Stages[] = [];
for (let left = Number(runs); left > 0; left--) {
  for (const { id, run, times, processor } of contenders) {
    const before = processorTime();
    const started = performance.now();
    const found = run(bytes);
    times.push(performance.now() - started);
    processor.push(processorTime() - before);
    if (id === 'ours') stages.push(found);
  }
}
const lists = (of: 'times' | 'processor'): Record<string, number[]> =>
  Object.fromEntries(contenders.map((contender) => [contender.id, contender[of]]));
print(
  JSON.stringify({
    times: lists('times'),
    processor: lists('processor'),
    stages,
    peak: process.resourceUsage().maxRSS * 1024,
  } satisfies ContenderMeasurement),
);
