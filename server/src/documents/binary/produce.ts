/**
 * Makes the state of a binary: reads the file, chooses the host, and analyses and prints the module
 * unless the cache has it. Never throws because of the file; each failure is a state with a text.
 */

import { unpackAnalysis } from '../../../../core/analysis/transfer.ts';
import type { DetectedHost } from '../../../../core/hosts/detect.ts';
import { HOST_PROFILES } from '../../../../core/hosts/index.ts';
import { NOTHING_SHOWN } from '../../../../core/report/shown/shownPairs.ts';
import { type Binary, fileName, ReadFailure } from '../../../../core/source/binary.ts';
import { disassemblyMap } from '../../../../core/text/disassemblyMap.ts';
import { textUriOf } from '../../../../core/text/documentUris.ts';
import { lineStartsOf } from '../../../../core/text/lines.ts';
import type { Settings } from '../../protocol.ts';
import type { JobFailure, JobOutcome } from '../../threads/analysisRunner.ts';
import type { AnalysedBinary, BinaryJob, PrintedBinary, PrintedText } from '../../threads/jobs.ts';
import { unpackModule } from '../../threads/moduleTransfer.ts';
import { NO_SOURCES } from '../lazySources.ts';
import type { AnalysisRun } from '../liveDocument.ts';
import { failureText, hostOf, type Platform } from '../platform.ts';
import type { Analysed, AnalysisCache } from './analysisCache.ts';
import { analysisKey, textKey } from './analysisCache.ts';
import { type BinaryState, comment, type ModuleState, type UnreadableState } from './binaryState.ts';
import { textInsteadOf } from './unshowable.ts';

/** A binary to analyse, and the means to do it. */
export interface Production {
  uri: string;
  /** Functions whose bodies the user opened. */
  expand: number[];
  settings: Settings;
  platform: Platform;
  cache: AnalysisCache;
  run: AnalysisRun;
  /** Receives the text of a large binary while its analysis still runs. */
  onText(text: FileText): void;
}

/** The text of a file, with the file's size in bytes and its modification time in ms since 1970. */
export interface FileText {
  text: string;
  bytes: number;
  mtime: number;
}

/** Undefined when its job was cancelled. */
export async function produce(wanted: Production): Promise<BinaryState | undefined> {
  const { uri, settings, platform } = wanted;
  let binary: Binary;
  try {
    binary = await platform.read(uri);
  } catch (error) {
    if (error instanceof ReadFailure) return unreadable(uri, error.problem, error.message, undefined);
    throw error;
  }
  const host = await hostOf(uri, settings, platform);
  const analysed = await analyseBinary(wanted, binary, host);
  if (analysed === 'cancelled') return undefined;
  if ('reason' in analysed) {
    return unreadable(uri, 'analysis', failureText('binary', uri, analysed, settings), binary);
  }
  await breathe();
  return moduleState(wanted, binary, host, analysed);
}

async function analyseBinary(
  wanted: Production,
  binary: Binary,
  { host }: DetectedHost,
): Promise<Analysed | 'cancelled' | JobFailure> {
  const { settings, expand, uri, cache } = wanted;
  const key = analysisKey(binary.hash, host, settings.sharingModel, settings.suspendingImports);
  const printedFor = textKey(settings.textBudget, expand);
  const known = cache.get(key);
  if (known?.printedFor === printedFor) return known;
  const job: BinaryJob = {
    kind: 'binary',
    bytes: binary.bytes,
    name: fileName(uri),
    host,
    model: settings.sharingModel,
    suspending: settings.suspendingImports,
    seconds: settings.analysisSeconds,
    expand,
    bodyBudget: settings.textBudget,
    textOnly: known?.prefer,
  };
  const outcome = await start(job, binary, wanted);
  if (outcome.kind === 'cancelled') return 'cancelled';
  if (outcome.kind === 'done') {
    const { result, printed } = outcome;
    const analysed: Analysed = known
      ? { ...known, printed, printedFor }
      : { ...unpacked(result as AnalysedBinary), printed, printedFor };
    // A partial analysis is not cached: the next request may have more time.
    if (analysed.analysis.partial === undefined) cache.set(key, analysed);
    return analysed;
  }
  if (known) return outcome;
  return structureOnly({ ...job, seconds: 0 }, { failure: outcome, binary, wanted, printedFor });
}

/** After a failed analysis: decodes and prints only, so that the user at least sees the module. */
async function structureOnly(
  job: BinaryJob,
  about: { failure: JobFailure; binary: Binary; wanted: Production; printedFor: string },
): Promise<Analysed | 'cancelled' | JobFailure> {
  const { failure, binary, wanted, printedFor } = about;
  const outcome = await start(job, binary, wanted);
  if (outcome.kind === 'cancelled') return 'cancelled';
  if (outcome.kind === 'failed') return failure;
  const analysed = unpacked(outcome.result as AnalysedBinary);
  analysed.analysis.partial = failureText('binary', wanted.uri, failure, wanted.settings);
  return { ...analysed, printed: outcome.printed, printedFor };
}

type Started =
  | { kind: 'done'; result: PrintedBinary | AnalysedBinary; printed: PrintedText }
  | Exclude<JobOutcome<never>, { kind: 'done' }>;

/** Runs a job; its text may be reported before it ends. */
async function start(
  job: BinaryJob,
  { bytes, mtime }: Binary,
  { platform, run, onText }: Production,
): Promise<Started> {
  let early: PrintedText | undefined;
  const running = platform.runner.run(job, run.onProgress, (printed) => {
    early = printed;
    onText({ text: printed.text, bytes: bytes.length, mtime });
  });
  run.onJob(running);
  const outcome = await running.outcome;
  if (outcome.kind !== 'done') return outcome;
  const { result } = outcome;
  const printed = result.printed === 'sent' ? early : result.printed;
  if (printed === undefined) throw new Error(`the text of ${job.name} was not sent`);
  return { kind: 'done', result, printed };
}

function unpacked({
  module: packed,
  analysis,
  prefer,
  milliseconds,
}: AnalysedBinary): Omit<Analysed, 'printed' | 'printedFor'> {
  const module = unpackModule(packed);
  return { prefer, milliseconds, module, analysis: unpackAnalysis(analysis, module.exports) };
}

function moduleState(
  { uri, settings }: Production,
  binary: Binary,
  { reason }: DetectedHost,
  { module, analysis, printed, milliseconds }: Analysed,
): ModuleState {
  const instead = textInsteadOf(module, fileName(uri));
  const text = instead ?? printed.text;
  const lineStarts = instead === undefined ? printed.lineStarts : lineStartsOf(instead);
  const shown =
    instead === undefined
      ? printed
      : { text, lineOffsets: new Uint32Array(lineStarts.length).fill(0xffffffff), elided: new Uint32Array() };
  return {
    kind: 'module',
    bytes: binary.bytes.length,
    mtime: binary.mtime,
    milliseconds,
    doc: {
      uri,
      textUri: textUriOf(uri),
      module,
      analysis,
      profile: HOST_PROFILES[analysis.host],
      hostReason: reason,
      text,
      lineStarts,
      map: disassemblyMap(shown, module, lineStarts),
      settings,
      shown: NOTHING_SHOWN,
      sources: NO_SOURCES,
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
    text: comment(message),
    bytes: binary?.bytes.length ?? 0,
    mtime: binary?.mtime ?? 0,
  };
}

/** Yields to queued requests: finishing a large module takes milliseconds. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
