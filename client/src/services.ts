/** What the features of the extension have in common, and the form they all have. */
import type { ExtensionContext } from 'vscode';
import type { BinaryTexts } from './editor/binaryTexts.ts';
import type { Server } from './server.ts';
import type { Summaries } from './status/summaries.ts';
import type { StressResults } from './stress/results/stressResults.ts';

export interface Services {
  server: Server;
  texts: BinaryTexts;
  summaries: Summaries;
  /** What stress runs have shown. */
  results: StressResults;
}

/** Registers what it does and returns at once: nothing starts before the first wasm document. */
export type Feature = (context: ExtensionContext, services: Services) => void;
