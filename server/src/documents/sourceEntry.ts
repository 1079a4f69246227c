/** What is known of an open source text. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DetectedHost } from '../../../core/hosts/detect.ts';
import type { SourceTimes } from '../../../core/source/analyseSource.ts';
import type { CompileError } from '../../../core/wat/compile.ts';
import type { WatError } from '../../../core/wat/model.ts';
import type { ValidationError } from '../../../core/wat/validate.ts';
import type { RunningJob } from '../threads/analysisRunner.ts';
import type { ModuleDocument } from './moduleDocument.ts';
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
  times: SourceTimes | undefined;
}

export interface SourceEntry {
  readonly uri: string;
  document: TextDocument;
  /** By number of the module in the text; holes where a module never compiled. */
  good: (GoodModule | undefined)[];
  last: LastRun | undefined;
  choice: DetectedHost | undefined;
  /** Set while a run is under way or due; runs that follow each other share it. */
  pending: { ended: Promise<void>; end(): void } | undefined;
  timer: NodeJS.Timeout | undefined;
  job: RunningJob<unknown> | undefined;
  /** Rises with each run: a run that is not the newest any more is dropped. */
  run: number;
}
