/** How many runs of a plan take place at a time unless somebody says otherwise. */
import { availableParallelism, totalmem } from 'node:os';

/** Bytes that a run may well take, with its process: a machine with many cores and little memory runs fewer at a time. */
const MEMORY = 1024 ** 3;

/** The cores less one, which the rest of the machine keeps; at least 1. */
export function usualJobs(): number {
  const limit = process.constrainedMemory();
  // 0: no limit is known; without one, some systems give a number beyond any memory.
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.max(1, Math.min(availableParallelism() - 1, Math.floor(memory / MEMORY)));
}
