/**
 * Workers of the extension. All of them are one bundle, which is told its role first: server, analysis and runs share most
 * of their code, and a browser compiles it once.
 */

/** What a worker is for; `data` is that of its role. */
export interface RoleStart {
  role: 'server' | 'analysis' | 'run';
  data?: unknown;
  /** Port for the files of the extension, see `assets.ts`. The server asks its client instead. */
  assets?: MessagePort;
}

/** Starts a worker. `script`: address of the bundle, of which this worker may start others. */
export function startWorker(script: string, start: RoleStart): Worker {
  const worker = new Worker(script, { name: `wasm-hazards ${start.role}` });
  worker.postMessage(start, start.assets === undefined ? [] : [start.assets]);
  return worker;
}
