/** How a feature queries an open text, whichever modules it contains. */
import type { ModuleDocument } from './moduleDocument.ts';

/** What the parameters of all language requests have in common: the text that they are about. */
export interface AboutText {
  textDocument: { uri: string };
}

/** Answers queries about what an open text shows. */
export interface View {
  /** `answer` gets and returns positions in the analysed text; `ask` translates them from and to the text on screen. */
  ask<P extends AboutText, R>(params: P, answer: (doc: ModuleDocument, params: P) => R | undefined): R | undefined;
}

/** The view of a disassembly, whose positions never move. */
export const viewOf = (doc: ModuleDocument): View => ({ ask: (params, answer) => answer(doc, params) });
