/** What everything that runs or shows stress tests in VS Code has in common. */
import { join } from 'node:path';
import type { OutputChannel } from 'vscode';
import type { Server } from '../server.ts';
import type { StressResults } from './results/stressResults.ts';
import type { TestItems } from './testItems.ts';

export interface StressServices {
  items: TestItems;
  server: Server;
  results: StressResults;
  output: OutputChannel;
  workerPath: string;
}

/** Where the worker's program is in the installed extension. */
export const workerPath = ({ extensionPath }: { extensionPath: string }): string =>
  join(extensionPath, 'dist', 'stressWorker.js');
