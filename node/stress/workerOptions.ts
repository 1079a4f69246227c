/** What every run in worker threads is told by the one who starts it. */
export interface WorkerOptions {
  /** Path of the worker's program. */
  workerPath: string | URL;
  /** Aborted to end the run without a result. */
  signal?: AbortSignal;
  /** Aborted to end the search or the rounds: the result is what is known by then. */
  enough?: AbortSignal;
  /** Most memory of each worker's heap, MB; WebAssembly memories are bounded by the engine. */
  memory?: number;
  /** Absolute path of the JavaScript module that the scenario names for its imports; only what is trusted. */
  importsModule?: string;
}
