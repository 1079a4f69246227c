/**
 * What the server's main thread asks of an analysis worker and what comes back: plain data that
 * `postMessage` carries. Bytes live in a SharedArrayBuffer so that both sides read one copy.
 */
import type { HostId } from '../../../core/hosts/index.ts';
import type { SharingModel } from '../../../core/hosts/profile.ts';
import type { PackedAnalysis } from './analysisTransfer.ts';
import type { PackedModule } from './moduleTransfer.ts';

export interface AnalysisJob {
  /** The binary, on a SharedArrayBuffer. */
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
   * (`AnalysisResult.prefer`) keep their place in the budget.
   */
  textOnly: Uint32Array | undefined;
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

export interface AnalysisResult {
  printed: PrintedText;
  /** Functions that come first when the budget is spent: those with shared effects of their own. */
  prefer: Uint32Array;
  milliseconds: number;
}

/** Result of a job that was not `textOnly`. */
export interface FullResult extends AnalysisResult {
  module: PackedModule;
  analysis: PackedAnalysis;
}

/** Values of the one word in `Request.control`, which the main thread writes and the worker reads. */
export const Control = { run: 0, finishEarly: 1, abandon: 2 } as const;

export interface Request<J = AnalysisJob> {
  id: number;
  job: J;
  /** On a SharedArrayBuffer. */
  control: Int32Array;
}

export type Reply<R = AnalysisResult | FullResult> =
  | { id: number; kind: 'progress'; message: string; percentage: number | undefined }
  | { id: number; kind: 'done'; result: R }
  | { id: number; kind: 'abandoned' }
  | { id: number; kind: 'failed'; message: string };
