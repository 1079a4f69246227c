/** What is known of an open source text. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompileError } from '../../../../core/wat/compile.ts';
import type { WatError } from '../../../../core/wat/model.ts';
import type { ValidationError } from '../../../../core/wat/validate.ts';
import type { ModuleDocument } from '../moduleDocument.ts';
import type { MovedText } from './movedText.ts';

/** The last analysis of a module that compiled. */
export interface GoodModule {
  doc: ModuleDocument;
  /** The text that it belongs to, and what became of that since. */
  moved: MovedText;
  invalid: ValidationError | undefined;
  /** The text has been compiled again since, without success. */
  stale: boolean;
}

/** How the last run ended, about the text of version `version`. */
export interface LastRun {
  version: number;
  /** Errors of modules that did not compile, places of that text. */
  errors: CompileError[];
  /** What our own reader noticed in that text: it knows which parenthesis is never closed. */
  noticed: WatError[];
  /** One sentence when there was no result at all: out of time, or a defect. */
  problem: string | undefined;
  milliseconds: number;
}

export interface SourceState {
  readonly uri: string;
  /** The text as it is now. */
  readonly document: TextDocument;
  /** By number of the module in the text; holes where a module never compiled. */
  readonly good: readonly (GoodModule | undefined)[];
  /** Undefined before the first run has ended. */
  readonly last: LastRun | undefined;
}
