/**
 * Makes the state of a binary: reads the file, chooses the host, and analyses and prints the module
 * unless the cache has it. Never throws because of the file; each failure is a state with a text.
 */

import type { DetectedHost } from '../../../../core/hosts/detect.ts';
import { HOST_PROFILES } from '../../../../core/hosts/index.ts';
import { NOTHING_SHOWN } from '../../../../core/report/shown/shownPairs.ts';
import { type Binary, fileName, ReadFailure } from '../../../../core/source/binary.ts';
import { disassemblyMap } from '../../../../core/text/disassemblyMap.ts';
import { textUriOf } from '../../../../core/text/documentUris.ts';
import { lineStartsOf } from '../../../../core/text/lines.ts';
import type { Settings } from '../../protocol.ts';
import type { JobFailure } from '../../threads/analysisRunner.ts';
import type { BinaryJob } from '../../threads/jobs.ts';
import { NO_SOURCES } from '../lazySources.ts';
import type { AnalysisRun } from '../liveDocument.ts';
import { failureText, hostOf, type Platform } from '../platform.ts';
import type { Analysed, AnalysisCache } from './analysisCache.ts';
import { analysisKey, textKey } from './analysisCache.ts';
import { type BinaryState, comment, type ModuleState, type UnreadableState } from './binaryState.ts';
import { type Finished, runInParts, type Unpacked, unpackedFrom } from './parts.ts';
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
  /** Receives a state with what is known of a large binary before pointers are followed. */
  onFirst(state: ModuleState): void;
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
  let first: ModuleState | undefined;
  const analysed = await analyseBinary(wanted, binary, host, (known) => {
    const state = moduleState(wanted, binary, host, known, undefined);
    first = { ...state, doc: { ...state.doc, isProvisional: true } };
    wanted.onFirst(first);
  });
  if (analysed === 'cancelled') return undefined;
  if ('reason' in analysed) {
    return unreadable(uri, 'analysis', failureText('binary', uri, analysed, settings), binary);
  }
  await breathe();
  return moduleState(wanted, binary, host, analysed, first);
}

async function analyseBinary(
  wanted: Production,
  binary: Binary,
  { host }: DetectedHost,
  onFirst: (known: Analysed) => void,
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
  const outcome = await start(job, binary, wanted, (first) => onFirst({ ...first, printedFor }));
  if (outcome.kind === 'cancelled') return 'cancelled';
  if (outcome.kind === 'done') {
    const { printed } = outcome;
    const analysed: Analysed = known ? { ...known, printed, printedFor } : { ...unpackedFrom(outcome), printedFor };
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
  const outcome = await start(job, binary, wanted, () => undefined);
  if (outcome.kind === 'cancelled') return 'cancelled';
  if (outcome.kind === 'failed') return failure;
  const analysed = unpackedFrom(outcome);
  analysed.analysis.partial = failureText('binary', wanted.uri, failure, wanted.settings);
  return { ...analysed, printedFor };
}

/** Runs a job; its text may be reported before it ends. */
function start(
  job: BinaryJob,
  { bytes, mtime }: Binary,
  { platform, run, onText }: Production,
  onFirst: (first: Unpacked) => void,
): Promise<Finished> {
  const onPrinted = (text: string): void => onText({ text, bytes: bytes.length, mtime });
  return runInParts(job, platform.runner, { run, onPrinted, onFirst });
}

function moduleState(
  { uri, settings }: Production,
  binary: Binary,
  { reason }: DetectedHost,
  { module, analysis, printed, milliseconds }: Analysed,
  first: ModuleState | undefined,
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
      map: first?.doc.module === module ? first.doc.map : disassemblyMap(shown, module, lineStarts),
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
