/** What everything that runs or shows stress tests in VS Code has in common. */
import type { OutputChannel } from 'vscode';
import type { Server } from '../server.ts';
import type { Items } from './items.ts';
import type { Results } from './results.ts';

export interface StressServices {
  items: Items;
  server: Server;
  results: Results;
  output: OutputChannel;
  workerPath: string;
}
