/**
 * A separate process for each measurement, so that contenders do not affect each other's memory and compiled code:
 * `node child.ts FILE RUNS CONTENDER [CONTENDER]`. The runs of two contenders alternate. FILE `-` is an empty module.
 * Prints one line of JSON, a `ContenderMeasurement`.
 */
import { readFileSync } from 'node:fs';
import { type ContenderId, PREPARE, type Stages } from './contenders.ts';

/** The result of one measuring process. */
export interface ContenderMeasurement {
  /** Milliseconds of each run, by contender; the first one is cold. */
  times: Record<string, number[]>;
  /** Processor time of each of our runs, in milliseconds, of all threads. */
  processor: number[];
  /** Stages of each of our runs. */
  stages: Stages[];
  /** Peak resident memory of the process, bytes. */
  peak: number;
}

const [file, runs, ...ids] = process.argv.slice(2);
const print = console.log;
const contenders = await Promise.all(
  (ids as ContenderId[]).map(async (id) => ({ id, run: await PREPARE[id](), times: [] as number[] })),
);
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const bytes = file === '-' ? Uint8Array.from(HEADER) : new Uint8Array(readFileSync(file));
const stages: Stages[] = [];
const processor: number[] = [];
for (let left = Number(runs); left > 0; left--) {
  for (const { id, run, times } of contenders) {
    const before = process.cpuUsage();
    const started = performance.now();
    const found = run(bytes);
    times.push(performance.now() - started);
    if (id !== 'ours') continue;
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
    stages.push(found);
  }
}
const times = Object.fromEntries(contenders.map((contender) => [contender.id, contender.times]));
print(
  JSON.stringify({
    times,
    processor,
    stages,
    peak: process.resourceUsage().maxRSS * 1024,
  } satisfies ContenderMeasurement),
);
