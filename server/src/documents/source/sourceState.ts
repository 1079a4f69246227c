/** What is known of an open source text. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ValidationError } from '../../../../core/wasm/validate.ts';
import type { CompileError } from '../../../../core/wat/compile.ts';
import type { WatError } from '../../../../core/wat/model.ts';
import type { ModuleDocument } from '../moduleDocument.ts';
import type { MovedText } from './movedText.ts';

/** The last analysis of a module that compiled. */
export interface GoodModule {
  doc: ModuleDocument;
  /** The analysed text, and the edits since. */
  moved: MovedText;
  invalid: ValidationError | undefined;
  /** The module no longer compiles. */
  stale: boolean;
}

/** The result of the last run, for version `version` of the text. */
export interface LastRun {
  version: number;
  /** Errors of modules that did not compile, at offsets of that text. */
  errors: CompileError[];
  /** Errors of our own reader: it knows which parenthesis is never closed. */
  noticed: WatError[];
  /** Why there is no result at all, in one sentence. */
  problem: string | undefined;
  milliseconds: number;
}

/** An open source: its text, which may be newer than the analyses, and what the runs so far have found. */
export interface SourceState {
  readonly uri: string;
  /** The current text. */
  readonly document: TextDocument;
  /** By number of the module in the text; undefined where a module never compiled. */
  readonly good: readonly (GoodModule | undefined)[];
  /** Undefined before the first run has ended. */
  readonly last: LastRun | undefined;
}
