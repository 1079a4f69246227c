/** Entry of an analysis thread of Node.js. */
import { parentPort, workerData } from 'node:worker_threads';
import { enableDemangling } from '../../../node/demangler.ts';
import { serveAnalyses } from './analysisWork.ts';
import type { AnalysisWorkerData } from './jobs.ts';

const port = parentPort;
if (!port) throw new Error('This is the entry of a worker thread, it does nothing on its own.');
enableDemangling();
serveAnalyses(
  { onMessage: (take) => void port.on('message', take), post: (reply, transfer) => port.postMessage(reply, transfer) },
  workerData as AnalysisWorkerData,
);
