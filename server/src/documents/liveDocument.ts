/**
 * What the store keeps: a binary or a source, with its last finished state. The store treats both
 * alike; they differ in how an analysis is made and in what the editor's text is to them.
 */
import type { Diagnostic } from 'vscode-languageserver';
import type { TextRange } from '../../../core/text/lines.ts';
import type { ModuleSummary, Settings } from '../protocol.ts';
import type { OnProgress } from '../threads/jobs.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import type { CurrentRun } from './runs.ts';
import type { ShownRuns } from './shownRuns.ts';
import type { ContentChange } from './source/textChange.ts';
import type { View } from './view.ts';

/** The handle of an analysis run. */
export interface AnalysisRun extends CurrentRun {
  onProgress: OnProgress;
  /** There is a provisional state, for diagnostics and lenses; that which `analyse` makes follows. */
  onProvisional(): void;
  /** A message for the log. */
  note(message: string): void;
}

/** Diagnostics of one URI. */
export interface FileDiagnostics {
  uri: string;
  /** Version of the text that they are about, if it is the editor's own. */
  version?: number;
  diagnostics: Diagnostic[];
}

/** A document of the store. The store calls `analyse` for one run at a time and reports new states to the client. */
export interface LiveDocument {
  /** URI of the binary, or of the source. */
  readonly uri: string;
  /** What is analysed: the file, or the text in the editor, so that each edit needs another analysis. */
  readonly madeFrom: 'file' | 'text';
  /** Whether there is a finished state. */
  readonly isAnalysed: boolean;
  /** Whether its text or its file is open, or the user asked for its analysis. Other documents may be dropped. */
  readonly isWanted: boolean;

  opened(version: number, text: string): void;
  changed(version: number, changes: readonly ContentChange[]): void;
  closed(): void;
  /** The user asks for an analysis: its diagnostics stay even when no text is open. */
  pin(): void;
  /** Its file is open in the editor of another extension, or no longer. */
  openElsewhere(isOpen: boolean): void;

  /** Makes a new state. False if it equals the last one or the run was cancelled. Rejects on defects only. */
  analyse(run: AnalysisRun): Promise<boolean>;
  /** Applies settings. `again`: the analysis must be repeated; `new`: the state has changed; `same`: it has not. */
  configure(settings: Settings): 'again' | 'new' | 'same';

  /** What stress runs have shown of it, from now on. False if that changes nothing. */
  show(runs: ShownRuns): boolean;

  /** The view of the open text; undefined when there is nothing to show. */
  view(): View | undefined;
  /** The module with a URI of this document. @throws Unavailable */
  module(uri: string): ModuleDocument;
  /** Its modules with a finished analysis. */
  modules(): ModuleDocument[];
  /** The current range of a range in the analysed text; undefined when all of it was replaced. */
  rangeToNow(uri: string, range: TextRange): TextRange | undefined;
  summary(): ModuleSummary | undefined;
  /** The diagnostics to publish. A missing URI keeps its diagnostics; an empty list clears all. */
  diagnostics(): FileDiagnostics[];
}

/** Why a request cannot be answered, in one sentence for the user. */
export class Unavailable extends Error {}
