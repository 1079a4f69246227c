/**
 * What the server's main thread asks of an analysis worker and what comes back: plain data that
 * `postMessage` carries.
 */

import type { PackedAnalysis } from '../../../core/analysis/transfer.ts';
import type { HostId } from '../../../core/hosts/index.ts';
import type { SharingModel } from '../../../core/hosts/profile.ts';
import type { SourceFailure, SourceModule, SourceRequest, SourceTimes } from '../../../core/source/analyseSource.ts';
import type { PackedWat } from '../../../core/wat/watTransfer.ts';
import type { PackedModule } from './moduleTransfer.ts';

/** One binary to decode, analyse and print, or one source to compile and analyse. */
export type Job = BinaryJob | SourceJob;

export interface BinaryJob {
  kind: 'binary';
  /** The binary, on a SharedArrayBuffer, so that both sides read one copy. */
  bytes: Uint8Array;
  /** Name of the file, for the header of the text. */
  name: string;
  host: HostId;
  model: SharingModel | 'auto';
  /** Bound of the analysis; 0: decode and print only, the analysis is partial. */
  seconds: number;
  /** Function indices whose bodies are shown whatever the budget says. */
  expand: number[];
  /** Characters of function bodies before the text elides. */
  bodyBudget: number;
  /**
   * Set: only the text is wanted, the analysis of these bytes is known already, and these functions
   * (`PrintedBinary.prefer`) keep their place in the budget.
   */
  textOnly: Uint32Array | undefined;
}

export interface SourceJob extends SourceRequest {
  kind: 'source';
  /** Bound of all of the work. */
  seconds: number;
}

/** The text of a binary. */
export interface PrintedText {
  text: string;
  /** Offset in `text` of each line's first character. */
  lineStarts: Uint32Array;
  /** Byte offset in the binary that each line shows; the printer says what stands for none. */
  lineOffsets: Uint32Array;
  /** Functions whose bodies are not shown. */
  elided: Uint32Array;
}

/** Result of a job that was `textOnly`. */
export interface PrintedBinary {
  printed: PrintedText;
  /** Functions that come first when the budget is spent: those with shared effects of their own. */
  prefer: Uint32Array;
  milliseconds: number;
}

/** Result of any other job about a binary. */
export interface AnalysedBinary extends PrintedBinary {
  module: PackedModule;
  analysis: PackedAnalysis;
}

export interface SourceResult<M = PackedModule> {
  wat: PackedWat;
  /** In the order of the text; one at least. Positions are those of `wat.modules` where that has one. */
  modules: (SourceModule<M> | SourceFailure)[];
  /** Milliseconds. */
  times: SourceTimes;
}

interface ResultByKind {
  binary: PrintedBinary | AnalysedBinary;
  source: SourceResult;
}

export type ResultOf<J extends Job> = ResultByKind[J['kind']];

/** Told how far a job is: what it does and, where that is known, how much of it is done. */
export type OnProgress = (message: string, percentage: number | undefined) => void;

/** Values of the one word in `JobMessage.control`, which the main thread writes and the worker reads. */
export const Control = { run: 0, finishEarly: 1, abandon: 2 } as const;

/** Main thread to worker. */
export interface JobMessage {
  id: number;
  job: Job;
  /** On a SharedArrayBuffer. */
  control: Int32Array;
}

/** Worker to main thread. */
export type JobReply =
  | { id: number; kind: 'progress'; message: string; percentage: number | undefined }
  | { id: number; kind: 'done'; result: ResultOf<Job> }
  | { id: number; kind: 'abandoned' }
  | { id: number; kind: 'failed'; message: string };
