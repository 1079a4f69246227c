/** `wasm-hazards replay`: runs one schedule of a scenario again. */
import type { CliCommand } from '../command.ts';
import { runStressCommand } from './stress.ts';
import { parseStressOptions, REPLAY_HELP } from './stressOptions.ts';

export const REPLAY: CliCommand = {
  summary: 'run one schedule of a scenario again',
  help: REPLAY_HELP,
  run: (args, io) => runStressCommand(parseStressOptions('replay', args), io),
};
