/**
 * Worker thread: compiles and analyses the source texts that are being edited. wasm-tools cannot be
 * interrupted: a job that nobody wants any more, or that takes too long, ends with its thread.
 */

import { analyseSource } from '../../../core/source/analyseSource.ts';
import { prepareCompiler } from '../../../core/wat/compile.ts';
import { packWat } from '../../../core/wat/watTransfer.ts';
import { enableDemangling } from '../../../node/demangler.ts';
import type { SourceJob, SourceResult } from '../documents/sourceJob.ts';
import { Control } from './analysisJob.ts';
import { packModule } from './moduleTransfer.ts';
import { buffersOf, type Progress, serve, throttled } from './workerPort.node.ts';

enableDemangling();
// Loading wasm-tools takes longer than most texts.
void prepareCompiler();

serve<SourceJob, SourceResult>(work, (result) => [
  ...new Set([result.wat, ...result.modules].flatMap((part) => buffersOf(part))),
]);

async function work(job: SourceJob, control: Int32Array, report: Progress): Promise<SourceResult | 'abandoned'> {
  const end = performance.now() + job.seconds * 1000;
  const word = (): number => Atomics.load(control, 0);
  const progress = throttled((done, total) =>
    report('analysing', total > 0 ? Math.floor((100 * done) / total) : undefined),
  );
  const analysed = await analyseSource(job, {
    now: () => performance.now(),
    stop: () => word() !== Control.run || performance.now() >= end,
    abandoned: () => word() === Control.abandon,
    progress: (message, done, total) => (total > 0 ? progress(done, total) : report(message, undefined)),
  }).catch(fatal);
  if (analysed === undefined || word() === Control.abandon) return 'abandoned';
  const { wat, modules, times } = analysed;
  return {
    wat: packWat(wat),
    modules: modules.map((one) => (one.kind === 'failed' ? one : { ...one, module: packModule(one.module) })),
    times,
  };
}

/** wasm-tools is in no defined state after a trap: the runner replaces a thread that dies. */
function fatal(error: unknown): never {
  setImmediate(() => {
    throw error;
  });
  throw error;
}
