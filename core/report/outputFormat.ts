/** A form of output: how reports become text. To add one, write it in a file of its own and name it in formats.ts. */
import type { PageFiles } from './html/standalone.ts';
import type { Report, ReportContext } from './report.ts';
import type { ReportFiles } from './reportFiles.ts';
import type { FindingIdentity } from './sarif/reportFinding.ts';

/** How much people are shown, and how. Formats for programs ignore it, apart from `files` and `isKnown`. */
export interface Presentation {
  /** Everything rather than the most important: all races, all outcomes, all steps of a trace. */
  full: boolean;
  /** Whether to use the colours of a terminal. */
  colour: boolean;
  /** Columns of the terminal; undefined when there is none, and lines are not broken. */
  columns?: number;
  /** Most exports that are listed of a module; all of them if absent. */
  limit?: number;
  /** The program and the style of the page, for the format `html`. */
  page?: PageFiles;
  /** Paths, texts of sources and pages of rules, for the format `sarif`. */
  files?: ReportFiles;
  /** Whether a finding is in the baseline; undefined without one. */
  isKnown?: (identity: FindingIdentity) => boolean;
}

/** Has no state of its own: that of a document is in what `begin` returns. */
export interface OutputFormat {
  /** Begins a document that holds the reports of one run of a command. */
  begin(context: ReportContext, presentation: Presentation): OutputDocument;
}

/**
 * A document in the making. Its parts are called in order: `head` once, `report` for each report, `tail`
 * once. A part yields pieces of text that are made when they are asked for: a module may have tens of
 * thousands of exports, more than one string can hold.
 */
export interface OutputDocument {
  head(): Iterable<string>;
  report(report: Report): Iterable<string>;
  tail(): Iterable<string>;
}
