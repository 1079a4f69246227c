/** An analysis thread of a browser. */
import type { LoadAsset } from '../../../browser/assets.ts';
import { loadDemangler } from '../../../browser/demangler.ts';
import { serveAnalyses } from './analysisWork.ts';
import type { AnalysisWorkerData, JobMessage } from './jobs.ts';

/** Does jobs for as long as the worker lives. */
export function serveAnalysisWorker(port: DedicatedWorkerGlobalScope, data: AnalysisWorkerData, load: LoadAsset): void {
  // Names in texts are demangled, which cannot wait in the middle of one.
  const ready = loadDemangler(load);
  serveAnalyses(
    {
      onMessage: (take) =>
        port.addEventListener('message', ({ data: message }: MessageEvent<JobMessage>) => {
          void ready.then(() => take(message));
        }),
      post: (reply, transfer) => port.postMessage(reply, transfer),
    },
    data,
  );
}
