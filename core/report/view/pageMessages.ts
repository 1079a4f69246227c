/**
 * What the page of the report and what it is shown in tell each other. In the editor these are messages of the web view;
 * a standalone file has its reports inside and nobody to ask.
 */
import type { Translations } from '../../text/l10n.ts';
import type { ConflictReasons } from './matrixModel.ts';
import type { ReportView } from './model.ts';
import type { ReplayedView } from './replayedSchedule.ts';

/** A part of the page. */
export type PageSection = 'verdict' | 'findings' | 'matrix' | 'schedules' | 'stress' | 'exports' | 'notes';

/** What the page shows first. */
export interface ReportFocus {
  section?: PageSection;
  /** Id of a finding of a stress run, or its schedule. */
  finding?: string;
  /** One export, or two that conflict; by the names that hosts call them by. */
  exports?: [string, string?];
}

/** Questions that the page asks, and their answers. */
export interface PageQuestions {
  /** Findings of one rule beyond those that the page has. */
  findings: { params: { rule: string }; result: { rows: ReportView['findings'][number]['rows'] } };
  /** Why two exports conflict, by their positions in the analysis. */
  conflict: { params: { a: number; b: number }; result: ConflictReasons };
}
/** A kind of question. */
export type PageQuestion = keyof PageQuestions;

/** Questions to the editor, which runs things; the others are for the language server. */
export interface EditorQuestions {
  /** Runs the schedule of a finding, by its id, again. */
  replay: { params: { finding: string }; result: ReplayedView };
}
/** All questions that the page asks. */
export type AllQuestions = PageQuestions & EditorQuestions;

/** To the page. */
export type ToPage =
  /** `translations`: of the page's own texts; absent in English. */
  | { type: 'report'; view: ReportView; focus?: ReportFocus; translations?: Translations }
  | { type: 'focus'; focus: ReportFocus }
  /** The module could not be read again; what the page shows is from before. */
  | { type: 'failed'; message: string }
  | { type: 'answer'; id: number; result: unknown }
  | { type: 'refused'; id: number; message: string };

/** From the page. */
export type FromPage =
  /** It can take messages. */
  | { type: 'ready' }
  /** `source`: in the source that the module was compiled from, where it is known. */
  | { type: 'reveal'; offset: number; preserveFocus?: boolean; source?: boolean }
  | { type: 'command'; command: PageCommand }
  /** Names of two exports, as hosts call them. */
  | { type: 'pair'; command: PairCommand; exports: [string, string] }
  | { type: 'ask'; id: number; question: keyof AllQuestions; params: unknown }
  /** Saves what the page made; `name` proposes a file name. */
  | { type: 'save'; kind: 'svg'; name: string; text: string }
  | { type: 'saveReport' };

/** What the page can have done to its module. */
export type PageCommand = 'stress' | 'verify' | 'wrap' | 'analyse' | 'text' | 'selectHost';

/** What the page can have done to two exports: run them together, or write a scenario for them. */
export type PairCommand = 'stress' | 'scenario';
