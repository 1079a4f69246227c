/**
 * Jobs of analysis workers and their results: plain data for `postMessage`.
 */

import type { PackedAnalysis } from '../../../core/analysis/transfer.ts';
import type { AnalysisDigest } from '../../../core/analysis/verdict/digest.ts';
import type { HostId } from '../../../core/hosts/index.ts';
import type { SharingModel } from '../../../core/hosts/profile.ts';
import type { SourceFailure, SourceModule, SourceRequest, SourceTimes } from '../../../core/source/analyseSource.ts';
import type { Translations } from '../../../core/text/l10n.ts';
import type { PackedWat } from '../../../core/wat/watTransfer.ts';
import type { PackedModule } from './moduleTransfer.ts';

/** What a worker is started with: the kind of its first job, for which it prepares, and the language of its texts. */
export interface AnalysisWorkerData {
  kind: Job['kind'];
  translations: Translations | undefined;
}

/** One binary to decode, analyse and print, or one source to compile and analyse. */
export type Job = BinaryJob | SourceJob;

/** Results in `PrintedBinary` when `textOnly` is set, else in `AnalysedBinary`. */
export interface BinaryJob {
  kind: 'binary';
  /** The binary, on a SharedArrayBuffer where there is one, so that both sides read one copy. */
  bytes: Uint8Array;
  /** Name of the file, for the header of the text. */
  name: string;
  host: HostId;
  model: SharingModel | 'auto';
  /** Patterns of imports that suspend; none unless given. */
  suspending?: readonly string[];
  /** Time limit of the analysis; 0 decodes and prints only, with a partial analysis. */
  seconds: number;
  /** Function indices whose bodies are shown regardless of the budget. */
  expand: number[];
  /** Characters of function bodies before the text elides. */
  bodyBudget: number;
  /**
   * If set, the job only prints the text: the analysis is already known, and these functions
   * (`PrintedBinary.prefer`) come first in the budget.
   */
  textOnly: Uint32Array | undefined;
}

/** A text to compile, whose modules are then analysed. Results in `SourceResult`. */
export interface SourceJob extends SourceRequest {
  kind: 'source';
  /** Time limit of the whole job. */
  seconds: number;
}

/**
 * A binary of this many bytes is large: its text is printed before its analysis, so that an editor has it while that
 * still runs, and its worker ends after the job.
 */
export const LARGE_BYTES = 4 << 20;

/** The text of a binary. */
export interface PrintedText {
  text: string;
  /** Offset in `text` of each line's first character. */
  lineStarts: Uint32Array;
  /** Byte offset in the binary of each line; `NO_OFFSET` of the printer where there is none. */
  lineOffsets: Uint32Array;
  /** Functions whose bodies are not shown. */
  elided: Uint32Array;
}

/** Result of a job that was `textOnly`. */
export interface PrintedBinary {
  printed: PrintedText;
  /** Functions that come first in the budget: those with shared effects of their own; of a large binary, the exported. */
  prefer: Uint32Array;
  milliseconds: number;
}

/** An analysis with what lists and verdicts ask of it first. */
export interface DigestedAnalysis {
  analysis: PackedAnalysis;
  digest: AnalysisDigest;
}

/** Result of any other job about a binary. */
export interface AnalysedBinary extends Omit<PrintedBinary, 'printed'>, DigestedAnalysis {
  /** `sent`: it was reported before, as a part. */
  printed: PrintedText | 'sent';
  module: PackedModule | 'sent';
}

/**
 * What a job about a large binary has before it ends: first the text, which is printed before the analysis begins, then
 * what is known before pointers are followed.
 */
export type BinaryPart =
  | { kind: 'printed'; printed: PrintedText; prefer: Uint32Array }
  | ({ kind: 'first'; module: PackedModule; milliseconds: number } & DigestedAnalysis);

/** What our reader and the compiler made of a source. `M` is `Module` once the modules are unpacked. */
export interface SourceResult<M = PackedModule> {
  wat: PackedWat;
  /** In the order of the text, at least one. Indices are those of `wat.modules` where it has the module. */
  modules: (SourceModule<M> | SourceFailure)[];
  /** Milliseconds. */
  times: SourceTimes;
}

interface ResultByKind {
  binary: PrintedBinary | AnalysedBinary;
  source: SourceResult;
}

/** The result of a job, by its kind. */
export type ResultOf<J extends Job> = ResultByKind[J['kind']];

/** Receives the progress of a job: what it is doing and, if known, how much is done. */
export type OnProgress = (message: string, percentage: number | undefined) => void;

/** Receives the parts of a result, in their order. */
export type OnPart = (part: BinaryPart) => void;

/** Values of the word in `JobMessage.control`, which the main thread writes and the worker reads. */
export const Control = { run: 0, finishEarly: 1, abandon: 2 } as const;

/** Main thread to worker. */
export interface JobMessage {
  id: number;
  job: Job;
  /** On a SharedArrayBuffer, or a mere copy where threads share no memory. */
  control: Int32Array;
}

/** Worker to main thread. */
export type JobReply =
  | { id: number; kind: 'progress'; message: string; percentage: number | undefined }
  | { id: number; kind: 'part'; part: BinaryPart }
  | { id: number; kind: 'done'; result: ResultOf<Job> }
  | { id: number; kind: 'abandoned' }
  | { id: number; kind: 'failed'; message: string };
