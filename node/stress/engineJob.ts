/** A job as the engine takes it, in the thread that it was sent to. */
import type { ModuleBytes, ReceivedModule, SentJob } from '../../core/jobs/model.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { analysisFrom } from '../analysisBytes.ts';

/** A module that was sent, with the analysis that came with it. */
export function received({ bytes, analysis }: ModuleBytes): ReceivedModule {
  const module = decodeModule(bytes);
  return { module, analysis: analysis === undefined ? undefined : analysisFrom(analysis, module) };
}

/**
 * The job with the imports that this thread loaded. Its module is decoded here only if the analysis came with it.
 * @throws Error when the bytes of the analysis are not those of an analysis
 */
export function engineJob({ analysis: packed, ...job }: SentJob, imports?: StressJob['imports']): StressJob {
  if (packed === undefined) return { ...job, imports };
  const module = decodeModule(job.bytes);
  return { ...job, imports, known: { module, analysis: analysisFrom(packed, module) } };
}
