/** The services that share in running and showing stress tests. */
import type { OutputChannel } from 'vscode';
import type { Runner } from '../runner.ts';
import type { Server } from '../server.ts';
import type { BadgeLines } from './results/badgeLines.ts';
import type { StressResults } from './results/stressResults.ts';
import type { TestStates } from './runs/testStates.ts';
import type { TestItems } from './tests/testItems.ts';

/**
 * One instance of each per activation. `output` receives full reports, `goOutput` what Go and the tests that it runs print.
 */
export interface StressServices {
  items: TestItems;
  server: Server;
  results: StressResults;
  badges: BadgeLines;
  states: TestStates;
  output: OutputChannel;
  goOutput: OutputChannel;
  runner: Runner;
}
