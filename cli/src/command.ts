/** What every command of the command line is. */
import type { ExitCode, Io } from './io.ts';

/** The name of a command is not part of it: that is its key in the table of commands. */
export interface CliCommand {
  /** One line for the list of commands. */
  summary: string;
  /** The whole of `wasm-hazards <command> --help`. */
  help: string;
  /** Runs with the arguments after the command's name. @throws UsageError on a wrong command line */
  run(args: string[], io: Io): Promise<ExitCode>;
}
