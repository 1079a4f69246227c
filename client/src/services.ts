/** What the features of the extension have in common, and the form they all have. */
import type { ExtensionContext } from 'vscode';
import type { BinaryTexts } from './editor/binaryTexts.ts';
import type { Server } from './server.ts';
import type { Summaries } from './status/summaries.ts';

export interface Services {
  server: Server;
  texts: BinaryTexts;
  summaries: Summaries;
}

/** Registers what it does and returns at once: nothing starts before the first wasm document. */
export type Feature = (context: ExtensionContext, services: Services) => void;
