/**
 * Worker thread: decodes, analyses and prints one binary at a time, away from the thread that
 * answers hovers. It keeps nothing between jobs, so it can be ended and replaced at any moment.
 */
import { parentPort } from 'node:worker_threads';
import { analyse } from './analysis/analyse.ts';
import type { Analysis } from './analysis/model.ts';
import {
  type AnalysisJob,
  type AnalysisResult,
  Control,
  type FullResult,
  type Reply,
  type Request,
} from './analysisJob.ts';
import { packAnalysis } from './analysisTransfer.ts';
import { enableDemangling } from './demangler.node.ts';
import { lineStartsOf } from './lines.ts';
import { packModule } from './moduleTransfer.ts';
import { decodeModule } from './wasm/decode.ts';
import { demangled } from './wasm/demangle.ts';
import type { Module } from './wasm/module.ts';
import { disassemble } from './wasm/printer.ts';

/** Smaller buffers are cloned: transferring costs more, and tiny ones may be shared constants. */
const TRANSFER_FROM_BYTES = 1 << 16;

const port = parentPort;
if (!port) throw new Error('analysisWorker is the entry of a worker thread, it does nothing on its own.');

enableDemangling();

port.on('message', (request: Request) => {
  const { id, control } = request;
  const send = (reply: Reply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  try {
    const result = work(request.job, control, (message, percentage) =>
      send({ id, kind: 'progress', message, percentage }),
    );
    if (result === 'abandoned') send({ id, kind: 'abandoned' });
    else send({ id, kind: 'done', result }, buffersOf(result));
  } catch (error) {
    // A defect of ours, not of the file: decoding and analysis report bad bytes as data.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ id, kind: 'failed', message: text });
  }
});

type Progress = (message: string, percentage: number | undefined) => void;

function work(job: AnalysisJob, control: Int32Array, progress: Progress): AnalysisResult | FullResult | 'abandoned' {
  const started = performance.now();
  const end = started + job.seconds * 1000;
  const stop = (): boolean => Atomics.load(control, 0) !== Control.run || performance.now() >= end;
  progress('decoding', undefined);
  const module = decodeModule(job.bytes);
  if (job.textOnly) {
    const printed = print(job, module, job.textOnly);
    return { printed, prefer: job.textOnly, milliseconds: performance.now() - started };
  }
  const analysis = analyse(module, {
    host: job.host,
    model: job.model,
    deadline: stop,
    progress: throttled((done, total) =>
      progress('analysing', total > 0 ? Math.floor((100 * done) / total) : undefined),
    ),
  });
  if (Atomics.load(control, 0) === Control.abandon) return 'abandoned';
  const prefer = functionsWithEffects(analysis, module);
  progress('printing', undefined);
  const printed = print(job, module, prefer);
  return {
    module: packModule(module),
    analysis: packAnalysis(analysis),
    printed,
    prefer,
    milliseconds: performance.now() - started,
  };
}

function print(job: AnalysisJob, module: Module, prefer: Uint32Array): AnalysisResult['printed'] {
  const { text, lineOffsets, elided } = disassemble(module, {
    bodyBudget: job.bodyBudget,
    prefer,
    expand: new Set(job.expand),
    displayName: demangled,
  });
  return { text, lineOffsets, elided, lineStarts: lineStartsOf(text) };
}

/** Functions whose own body touches shared state: what the text must show first. */
function functionsWithEffects(analysis: Analysis, module: Module): Uint32Array {
  const { start } = analysis.facts;
  const found: number[] = [];
  for (let f = module.functions.imported; f + 1 < start.length; f++) if (start[f + 1] > start[f]) found.push(f);
  return Uint32Array.from(found);
}

/** At most ten reports a second: each wakes the main thread. */
function throttled(report: (done: number, total: number) => void): (done: number, total: number) => void {
  let next = 0;
  return (done, total) => {
    const now = performance.now();
    if (now < next) return;
    next = now + 100;
    report(done, total);
  };
}

/** Large buffers of typed arrays one to three levels below `value`, each once. Shared memory needs no transfer. */
function buffersOf(value: object): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (item: unknown, depth: number): void => {
    if (ArrayBuffer.isView(item)) {
      if (item.buffer instanceof ArrayBuffer && item.buffer.byteLength >= TRANSFER_FROM_BYTES) found.add(item.buffer);
    } else if (
      depth > 0 &&
      typeof item === 'object' &&
      item !== null &&
      !Array.isArray(item) &&
      !(item instanceof Map)
    ) {
      for (const field of Object.values(item)) visit(field, depth - 1);
    }
  };
  visit(value, 3);
  return [...found];
}
