/**
 * Worker thread: decodes, analyses and prints one binary at a time, away from the thread that
 * answers hovers. It keeps nothing between jobs, so it can be ended and replaced at any moment.
 */
import { analyse } from '../../../core/analysis/analyse.ts';
import type { Analysis } from '../../../core/analysis/model.ts';
import { lineStartsOf } from '../../../core/text/lines.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { demangled } from '../../../core/wasm/demangle.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { enableDemangling } from '../../../node/demangler.ts';
import { type AnalysisJob, type AnalysisResult, Control, type FullResult } from './analysisJob.ts';
import { packAnalysis } from './analysisTransfer.ts';
import { packModule } from './moduleTransfer.ts';
import { buffersOf, type Progress, serve, throttled } from './workerPort.node.ts';

enableDemangling();

serve<AnalysisJob, AnalysisResult | FullResult>(work, buffersOf);

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
