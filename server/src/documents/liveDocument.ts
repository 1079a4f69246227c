/**
 * What the store keeps: a binary or a source, with the last that is known of it. Both live the same
 * life, which is the store's: a run makes their state new, another supersedes it, and everything is
 * answered from finished states. They differ in what a run does and in what the editor's text means.
 */
import type { Diagnostic } from 'vscode-languageserver';
import type { TextRange } from '../../../core/text/lines.ts';
import type { ModuleSummary, Settings } from '../protocol.ts';
import type { OnProgress } from '../threads/jobs.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import type { CurrentRun } from './runs.ts';
import type { ContentChange } from './source/textChange.ts';
import type { View } from './view.ts';

/** A run that makes a state, with whom it tells how it gets on. */
export interface AnalysisRun extends CurrentRun {
  onProgress: OnProgress;
  /** Something for the log. */
  note(message: string): void;
}

/** Diagnostics of one URI. */
export interface FileDiagnostics {
  uri: string;
  /** Of the text that they are about, where that is the editor's own. */
  version?: number;
  diagnostics: Diagnostic[];
}

export interface LiveDocument {
  /** URI of the binary, or of the source. */
  readonly uri: string;
  /** What an analysis is made from: the file, or the text in the editor, whose every edit asks for another one. */
  readonly madeFrom: 'file' | 'text';
  /** A run has ended with a state. */
  readonly isAnalysed: boolean;
  /** Its text is open, or the user asked for its analysis. Others may be forgotten. */
  readonly isWanted: boolean;

  opened(version: number, text: string): void;
  changed(version: number, changes: readonly ContentChange[]): void;
  closed(): void;
  /** The user asks for its analysis: what is found stays shown although no text is open. */
  pin(): void;

  /** Makes the state new. False when it says what the last one said, or when there is none. Throws defects only. */
  analyse(run: AnalysisRun): Promise<boolean>;
  /** Other settings: `again`, an analysis depends on them; `new`, the state has changed by that alone. */
  configure(settings: Settings): 'again' | 'new' | 'same';

  /** How features ask what the open text shows; undefined while it shows nothing that is known. */
  view(): View | undefined;
  /** The module with a URI of this document. @throws Unavailable */
  module(uri: string): ModuleDocument;
  /** Where a range of the text that was analysed is now; undefined when nothing of it is left. */
  rangeToNow(uri: string, range: TextRange): TextRange | undefined;
  summary(): ModuleSummary | undefined;
  /** All that the editor should show now. A URI that is missing keeps what it has; none at all: nothing is shown. */
  diagnostics(): FileDiagnostics[];
}

/** There is no answer; the message is one sentence for the user. */
export class Unavailable extends Error {}
