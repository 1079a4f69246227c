/** Runs jobs in workers of a browser. */
import { type LoadAsset, serveAssets } from '../../../browser/assets.ts';
import { startWorker } from '../../../browser/startWorker.ts';
import { translationsInUse } from '../../../core/text/l10n.ts';
import type { AnalysisRunner } from './analysisRunner.ts';
import type { AnalysisWorkerData, JobReply } from './jobs.ts';
import { runInLanes, type StartThread } from './lanes.ts';

/** `script`: address of the bundle of workers. */
export function createWorkerRunner(script: string, load: LoadAsset): AnalysisRunner {
  const start: StartThread = (kind, events) => {
    const data: AnalysisWorkerData = { kind, translations: translationsInUse() };
    const worker = startWorker(script, { role: 'analysis', data, assets: serveAssets(load) });
    worker.onmessage = ({ data: reply }: MessageEvent<JobReply>) => events.reply(reply);
    worker.onerror = ({ message }) => events.ended({ reason: 'crash', message });
    return { post: (message) => worker.postMessage(message), terminate: async () => worker.terminate() };
  };
  // Memory of a page that other origins can reach is copied, also where the engine has the type.
  return runInLanes({ start, sharesMemory: self.crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined' });
}
