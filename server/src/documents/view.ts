/** How a feature asks an open text, wherever the analysed modules stand in it. */
import type { ModuleDocument } from './moduleDocument.ts';

export interface AboutText {
  textDocument: { uri: string };
}

/** Answers a question from what an open text shows. */
export interface View {
  /** `answer` gets positions of the text that was analysed; those of its result are of the text on screen. */
  ask<P extends AboutText, R>(params: P, answer: (doc: ModuleDocument, params: P) => R | undefined): R | undefined;
}

/** The view of a text that never moves: the printed one. */
export const viewOf = (doc: ModuleDocument): View => ({ ask: (params, answer) => answer(doc, params) });
