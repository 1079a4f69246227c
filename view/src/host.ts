/** What the page is shown in: the editor's web view, or a standalone file. */

import type { ReportView } from '../../core/report/view/model.ts';
import type { AllQuestions, PageCommand, PairCommand, ReportFocus } from '../../core/report/view/pageMessages.ts';

/** What the page can ask of what it is shown in; a standalone file can do none of it. */
export interface ViewHost {
  readonly can: {
    /** Lead to code. */
    readonly reveal: boolean;
    /** Run a schedule again. */
    readonly replay: boolean;
    /** Run commands on the module, and answer questions about it. */
    readonly run: boolean;
    /** Save files. */
    readonly save: boolean;
  };
  /**
   * Shows the instruction at a byte offset. `source`: where it was compiled from; with `preserveFocus`, both in the editors
   * that show them.
   */
  reveal(place: { offset: number; preserveFocus?: boolean; source?: boolean }): void;
  command(command: PageCommand): void;
  /** Has something done to two exports, by the names that hosts call them by. */
  pair(command: PairCommand, exports: [string, string]): void;
  /** Rejects with a message for the user. */
  ask<Q extends keyof AllQuestions>(question: Q, params: AllQuestions[Q]['params']): Promise<AllQuestions[Q]['result']>;
  /** Saves a picture; `name` proposes a file name. */
  saveSvg(name: string, svg: string): void;
  /** Saves the report as one file. */
  saveReport(): void;
  /** What was kept under a key, also before a restart; undefined if nothing was. */
  restore(key: string): unknown;
  /** Keeps plain data under a key. */
  keep(key: string, value: unknown): void;
}

/** What a host tells the page. */
export interface ViewListener {
  report(view: ReportView, focus: ReportFocus | undefined): void;
  focus(focus: ReportFocus): void;
  failed(message: string): void;
}
