/** The services that features share, and the type of a feature. */
import type { ExtensionContext } from 'vscode';
import type { BinaryTexts } from './editor/binaryTexts.ts';
import type { Runner } from './runner.ts';
import type { Server } from './server.ts';
import type { Summaries } from './status/summaries.ts';
import type { BadgeLines } from './stress/results/badgeLines.ts';
import type { StressResults } from './stress/results/stressResults.ts';

/** One instance of each, created on activation and disposed of with the extension. */
export interface Services {
  server: Server;
  texts: BinaryTexts;
  summaries: Summaries;
  /** Results of stress runs. */
  results: StressResults;
  /** Lines with badges of failed tests. */
  badges: BadgeLines;
  /** Runs modules. */
  runner: Runner;
}

/** Registers the feature and returns at once. Nothing starts before the first WebAssembly document is opened. */
export type Feature = (context: ExtensionContext, services: Services) => void;
