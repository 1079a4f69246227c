/** What several threads can be worth on this machine at the moment: loops that need nothing but a processor. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const ITERATIONS = 600_000_000;

const LOOP = `const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', () => {
  let x = 1;
  for (let i = 0; i < workerData; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  parentPort.postMessage(x);
});
parentPort.postMessage('ready');`;

/** Milliseconds in which that many threads do a fixed amount of work together. */
export async function idleLoops(threads: number): Promise<number> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(LOOP, { eval: true, workerData: ITERATIONS / threads }),
  );
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const began = performance.now();
    for (const worker of workers) worker.postMessage('go');
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    return performance.now() - began;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
