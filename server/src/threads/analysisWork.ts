/**
 * The work of analysis threads: does one job at a time, off the main thread. It keeps no state between jobs, so it can
 * be terminated and replaced at any time. wasm-tools, which compiles sources, cannot be interrupted:
 * a job that is cancelled or overdue while it runs ends with its thread.
 */

import { analyse } from '../../../core/analysis/analyse.ts';
import type { Analysis } from '../../../core/analysis/model.ts';
import { packAnalysis } from '../../../core/analysis/transfer.ts';
import { digestOf } from '../../../core/analysis/verdict/digest.ts';
import { analyseSource } from '../../../core/source/analyseSource.ts';
import { useTranslations } from '../../../core/text/l10n.ts';
import { lineStartsOf } from '../../../core/text/lines.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { demangled } from '../../../core/wasm/demangle.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { MOST_PRINTED_EXPORTS } from '../../../core/wasm/printer/fields.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { validated } from '../../../core/wasm/validate.ts';
import { prepareCompiler } from '../../../core/wat/compile.ts';
import { packWat } from '../../../core/wat/watTransfer.ts';
import {
  type AnalysedBinary,
  type AnalysisWorkerData,
  type BinaryJob,
  Control,
  type DigestedAnalysis,
  LARGE_BYTES,
  type OnPart,
  type OnProgress,
  type PrintedBinary,
  type SourceJob,
  type SourceResult,
} from './jobs.ts';
import { packModule } from './moduleTransfer.ts';
import { type JobPort, serveJobs, throttled } from './serveJobs.ts';

/** Does the jobs that come through `port`, beginning with one of the kind that the thread was started for. */
export function serveAnalyses(port: JobPort, { kind, translations }: AnalysisWorkerData): void {
  useTranslations(translations);
  // Loading wasm-tools takes longer than compiling most texts.
  if (kind === 'source') void prepareCompiler();
  serveJobs(port, (job, control, progress, part) =>
    job.kind === 'binary' ? analyseBinary(job, control, progress, part) : compileAndAnalyse(job, control, progress),
  );
}

async function analyseBinary(
  job: BinaryJob,
  control: Int32Array,
  progress: OnProgress,
  onPart: OnPart,
): Promise<PrintedBinary | AnalysedBinary | 'abandoned'> {
  const started = performance.now();
  const end = started + job.seconds * 1000;
  progress('decoding', undefined);
  const decoded = decodeModule(job.bytes);
  if (job.textOnly) {
    const printed = print(job, decoded, job.textOnly);
    return { printed, prefer: job.textOnly, milliseconds: performance.now() - started };
  }
  const early = isLarge(decoded) ? exportedFunctions(decoded) : undefined;
  if (early) onPart({ kind: 'printed', printed: print(job, decoded, early), prefer: early });
  const module = await validated(decoded);
  const isStopped = (): boolean => Atomics.load(control, 0) !== Control.run || performance.now() >= end;
  let isSent = false;
  const onFirst = (first: Analysis): void => {
    if (isStopped()) return;
    const milliseconds = performance.now() - started;
    onPart({ kind: 'first', module: packModule(listed(module, first)), ...digested(module, first), milliseconds });
    isSent = true;
  };
  const analysis = analyse(module, {
    host: job.host,
    model: job.model,
    suspending: job.suspending,
    deadline: isStopped,
    progress: inPercent(progress),
    onFirst: early && module.exports.length <= MOST_EXPORTS ? onFirst : undefined,
  });
  if (Atomics.load(control, 0) === Control.abandon) return 'abandoned';
  const prefer = early ?? functionsWithEffects(analysis, module);
  if (!early) progress('printing', undefined);
  return {
    printed: early ? 'sent' : print(job, module, prefer),
    module: isSent ? 'sent' : packModule(listed(module, analysis)),
    ...digested(module, analysis),
    prefer,
    milliseconds: performance.now() - started,
  };
}

/** The module without the exports that neither the text nor the analysis lists: a million of them take memory. */
function listed(module: Module, { exports }: Analysis): Module {
  const count = Math.max(MOST_PRINTED_EXPORTS, (exports.at(-1)?.exportIndex ?? -1) + 1);
  // Of a malformed module the error says how much was read.
  if (module.exports.length <= count || module.errors.length > 0) return module;
  return { ...module, exports: module.exports.slice(0, count) };
}

const digested = (module: Module, analysis: Analysis): DigestedAnalysis => ({
  analysis: packAnalysis(analysis),
  digest: digestOf(module, analysis),
});

/** With more exports, telling twice what is known costs more than it helps. */
const MOST_EXPORTS = 20_000;

/**
 * Whether the result comes in parts. The text need not wait for the analysis: in a large module nearly every function
 * has shared effects, so that these tell little about which bodies matter.
 */
const isLarge = ({ kind, bytes }: Module): boolean => kind === 'module' && bytes.length >= LARGE_BYTES;

const exportedFunctions = ({ exports }: Module): Uint32Array =>
  Uint32Array.from(new Set(exports.flatMap(({ kind, index }) => (kind === 'func' ? [index] : []))));

function print(job: BinaryJob, module: Module, prefer: Uint32Array): PrintedBinary['printed'] {
  const { text, lineOffsets, elided } = disassemble(module, {
    bodyBudget: job.bodyBudget,
    prefer,
    expand: new Set(job.expand),
    displayName: demangled,
  });
  return { text, lineOffsets, elided, lineStarts: lineStartsOf(text) };
}

/** Functions whose own body touches shared state: the text shows their bodies first. */
function functionsWithEffects(analysis: Analysis, module: Module): Uint32Array {
  const { start } = analysis.facts;
  const found: number[] = [];
  for (let f = module.functions.imported; f + 1 < start.length; f++) if (start[f + 1] > start[f]) found.push(f);
  return Uint32Array.from(found);
}

async function compileAndAnalyse(
  job: SourceJob,
  control: Int32Array,
  progress: OnProgress,
): Promise<SourceResult | 'abandoned'> {
  const end = performance.now() + job.seconds * 1000;
  const word = (): number => Atomics.load(control, 0);
  const analysing = inPercent(progress);
  const analysed = await analyseSource(job, {
    now: () => performance.now(),
    stop: () => word() !== Control.run || performance.now() >= end,
    abandoned: () => word() === Control.abandon,
    progress: (message, done, total) => (total > 0 ? analysing(done, total) : progress(message, undefined)),
  }).catch(endThread);
  if (analysed === undefined || word() === Control.abandon) return 'abandoned';
  const { wat, modules, times } = analysed;
  return {
    wat: packWat(wat),
    modules: modules.map((one) => (one.kind === 'failed' ? one : { ...one, module: packModule(one.module) })),
    times,
  };
}

/** wasm-tools must not be used again after a trap: ends the thread, which the runner replaces. */
function endThread(error: unknown): never {
  setTimeout(() => {
    throw error;
  });
  throw error;
}

const inPercent = (progress: OnProgress): ((done: number, total: number) => void) =>
  throttled((done, total) => progress('analysing', total > 0 ? Math.floor((100 * done) / total) : undefined));
