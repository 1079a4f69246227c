/** Entry of every worker in a browser: the first message says what it is for. */
import { assetsFrom, useAssets } from '../../browser/assets.ts';
import type { RoleStart } from '../../browser/startWorker.ts';
import type { RunStart } from '../../browser/stress/runMessages.ts';
import { serveRun } from '../../browser/stress/serveRun.ts';
import { serveLanguage } from './main.browser.ts';
import { serveAnalysisWorker } from './threads/analysisWorker.browser.ts';
import type { AnalysisWorkerData } from './threads/jobs.ts';

const port = self as unknown as DedicatedWorkerGlobalScope;

function begin({ role, data, assets }: RoleStart): void {
  if (role === 'server') {
    serveLanguage(port);
    return;
  }
  if (assets === undefined) throw new Error(`a worker for ${role} was started without files`);
  const load = assetsFrom(assets);
  useAssets(load);
  if (role === 'analysis') serveAnalysisWorker(port, data as AnalysisWorkerData, load);
  else void serveRun(port, data as RunStart);
}

port.addEventListener('message', ({ data }: MessageEvent<RoleStart>) => begin(data), { once: true });
