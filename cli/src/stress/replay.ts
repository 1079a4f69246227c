/** `wasm-hazards replay`: runs one schedule of a scenario again. */
import type { CliCommand } from '../command.ts';
import { runStressCommand } from './stress.ts';
import { parseStressOptions, REPLAY_HELP } from './stressOptions.ts';

/** Runs as `stress` does, with the schedule of `--schedule` in place of a search; its exit codes are the same. */
export const REPLAY: CliCommand = {
  summary: 'run one schedule of a scenario again',
  help: REPLAY_HELP,
  run: (args, io) => runStressCommand(parseStressOptions('replay', args), io),
};
