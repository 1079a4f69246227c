/** The program of the worker threads. */

/** The bundle is its own worker (main.ts); when run from sources, the worker's program is used as it is. */
export function workerProgram(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../../../node/stress/stressWorker.ts', import.meta.url)
    : new URL(import.meta.url);
}
