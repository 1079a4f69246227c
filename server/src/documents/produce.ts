/**
 * From a URI to a `DocumentState`: read, choose the host, take the analysis from the cache or have
 * it made, print. Never throws for what a file can be; every way to fail is a state with a text.
 */

import type { DetectedHost } from '../../../core/hosts/detect.ts';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { type Binary, fileName, ReadFailure } from '../../../core/source/binary.ts';
import { disassemblyMap } from '../../../core/text/disassemblyMap.ts';
import { textUriOf } from '../../../core/text/documentUris.ts';
import { lineStartsOf } from '../../../core/text/lines.ts';
import type { Settings } from '../protocol.ts';
import type { AnalysisJob, FullResult } from '../threads/analysisJob.ts';
import type { AnalysisRunner, FailureReason, Outcome, RunningJob } from '../threads/analysisRunner.ts';
import { unpackAnalysis } from '../threads/analysisTransfer.ts';
import { unpackModule } from '../threads/moduleTransfer.ts';
import type { Analysed, AnalysisCache } from './analysisCache.ts';
import { analysisKey, textKey } from './analysisCache.ts';
import { commentText, type DocumentState, type ModuleState, type UnreadableState } from './documentState.ts';
import { textInsteadOf } from './unshowable.ts';

/** What the platform gives; `main.node.ts` fills it in. */
export interface Sources {
  /** Throws `ReadFailure`. */
  read(uri: string): Promise<Binary>;
  chooseHost(uri: string): Promise<DetectedHost>;
  runner: AnalysisRunner;
  cache: AnalysisCache;
}

export interface Wish {
  uri: string;
  /** Functions whose bodies the user opened. */
  expand: number[];
  settings: Settings;
  onProgress(message: string, percentage: number | undefined): void;
  /** Called with each job as it starts, so that the caller can cancel it. */
  onJob(job: RunningJob): void;
}

/** Undefined: cancelled through the job. */
export async function produce(wish: Wish, sources: Sources): Promise<DocumentState | undefined> {
  const { uri, settings } = wish;
  let binary: Binary;
  try {
    binary = await sources.read(uri);
  } catch (error) {
    if (error instanceof ReadFailure) return unreadable(uri, error.problem, error.message, undefined);
    throw error;
  }
  const choice: DetectedHost =
    settings.host === 'auto'
      ? await sources.chooseHost(uri)
      : { host: settings.host, reason: 'setting wasmHazards.host' };
  const analysed = await analyseBinary(wish, sources, binary, choice);
  if (analysed === 'cancelled') return undefined;
  if ('reason' in analysed) {
    return unreadable(uri, 'analysis', failureText(analysed, uri, settings), binary);
  }
  await breathe();
  return moduleState(wish, binary, choice, analysed);
}

type Failure = Extract<Outcome, { kind: 'failed' }>;

async function analyseBinary(
  wish: Wish,
  sources: Sources,
  binary: Binary,
  choice: DetectedHost,
): Promise<Analysed | 'cancelled' | Failure> {
  const { settings, expand, uri } = wish;
  const key = analysisKey(binary.hash, choice.host, settings.sharingModel);
  const printedFor = textKey(settings.textBudget, expand);
  const known = sources.cache.get(key);
  if (known?.printedFor === printedFor) return known;
  const job: AnalysisJob = {
    bytes: binary.bytes,
    name: fileName(uri),
    host: choice.host,
    model: settings.sharingModel,
    seconds: settings.analysisSeconds,
    expand,
    bodyBudget: settings.textBudget,
    textOnly: known?.prefer,
  };
  const outcome = await run(job, wish, sources);
  if (outcome.kind === 'cancelled') return 'cancelled';
  if (outcome.kind === 'done') {
    const analysed: Analysed = known
      ? { ...known, printed: outcome.result.printed, printedFor }
      : { ...fresh(outcome.result as FullResult), printedFor };
    // A partial analysis is kept by its document alone: the next request may have more time.
    if (analysed.analysis.partial === undefined) sources.cache.set(key, analysed);
    return analysed;
  }
  if (known) return outcome;
  return structureOnly(job, outcome, wish, sources, printedFor);
}

/** After a failed analysis: what decoding alone gives, so that the user at least sees the module. */
async function structureOnly(
  job: AnalysisJob,
  failure: Failure,
  wish: Wish,
  sources: Sources,
  printedFor: string,
): Promise<Analysed | 'cancelled' | Failure> {
  const outcome = await run({ ...job, seconds: 0 }, wish, sources);
  if (outcome.kind === 'cancelled') return 'cancelled';
  if (outcome.kind === 'failed') return failure;
  const analysed = fresh(outcome.result as FullResult);
  analysed.analysis.partial = failureText(failure, wish.uri, wish.settings);
  return { ...analysed, printedFor };
}

async function run(job: AnalysisJob, wish: Wish, sources: Sources): Promise<Outcome> {
  const running = sources.runner.run(job, wish.onProgress);
  wish.onJob(running);
  return running.outcome;
}

function fresh({ module: packed, analysis, prefer, printed, milliseconds }: FullResult): Omit<Analysed, 'printedFor'> {
  const module = unpackModule(packed);
  return { module, analysis: unpackAnalysis(analysis, module.exports), prefer, printed, milliseconds };
}

function failureText({ reason, message }: Failure, uri: string, settings: Settings): string {
  const name = fileName(uri);
  const texts: Record<FailureReason, string> = {
    time: `The analysis of ${name} ran over its ${settings.analysisSeconds} s and was ended; raise wasmHazards.analysis.seconds to give it more.`,
    memory: `The analysis of ${name} needs more than 1 GB of memory and was ended.`,
    crash: `The analysis of ${name} failed inside Wasm Hazards: ${message.split('\n')[0]}. See Wasm Hazards: Show Output.`,
  };
  return texts[reason];
}

function moduleState(wish: Wish, binary: Binary, choice: DetectedHost, analysed: Analysed): ModuleState {
  const { uri, settings } = wish;
  const { module, analysis } = analysed;
  const instead = textInsteadOf(module, fileName(uri));
  const text = instead ?? analysed.printed.text;
  const lineStarts = instead === undefined ? analysed.printed.lineStarts : lineStartsOf(instead);
  const printed =
    instead === undefined
      ? analysed.printed
      : { text, lineOffsets: new Uint32Array(lineStarts.length).fill(0xffffffff), elided: new Uint32Array() };
  return {
    kind: 'module',
    bytes: binary.bytes.length,
    mtime: binary.mtime,
    milliseconds: analysed.milliseconds,
    doc: {
      uri,
      textUri: textUriOf(uri),
      module,
      analysis,
      profile: HOST_PROFILES[analysis.host],
      hostReason: choice.reason,
      text,
      lineStarts,
      map: disassemblyMap(printed, module, lineStarts),
      settings,
    },
  };
}

function unreadable(
  uri: string,
  problem: UnreadableState['problem'],
  message: string,
  binary: Binary | undefined,
): UnreadableState {
  return {
    kind: 'unreadable',
    uri,
    textUri: textUriOf(uri),
    problem,
    message,
    text: commentText(message),
    bytes: binary?.bytes.length ?? 0,
    mtime: binary?.mtime ?? 0,
  };
}

/** Lets what has queued up meanwhile go first: each step of finishing a large module takes milliseconds. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
