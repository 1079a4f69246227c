/**
 * The outside world of a command as one record, so that tests can pass their own. Nothing else under
 * `cli/` uses `process`.
 */
import type { Readable } from 'node:stream';
import { displayable, shorten } from '../../core/harmless/names.ts';
import { terminalLine } from '../../core/harmless/terminal.ts';
import type { runStress } from '../../node/stress/runStress.ts';
import { asked } from './ask.ts';

/** What a command may read and write. `processIo` makes one for the process. */
export interface Io {
  /** Writes text and resolves when the reader has room for more; false once the reader has gone. */
  out(text: string): Promise<boolean>;
  /** Writes one line to standard error. */
  err(line: string): void;
  /** Shows progress in place of what it showed before; undefined unless standard error is a terminal. */
  status?(text: string): void;
  /** Asks a question that is answered with yes or no; undefined unless somebody sits at a terminal. */
  ask?(question: string): Promise<boolean>;
  /** Undefined where it belongs to somebody else: then only regular files are read, no pipes and devices either. */
  stdin: Readable | undefined;
  /** Whether `out` is a terminal with colours. */
  colour: boolean;
  /** Columns of that terminal, undefined when there is none. */
  columns: number | undefined;
  /** Aborted when the user interrupts the run. */
  signal?: AbortSignal;
  /** What explores and replays; `runStress` unless given. */
  explore?: typeof runStress;
}

/** Exit codes of every command. */
export const Exit = {
  /** Nothing at or above the level of `--fail-on`. */
  Clean: 0,
  /** At least one finding at or above it. */
  Findings: 1,
  /** A wrong command line, or input that could not be read completely. */
  Trouble: 2,
  /** A run that could not tell. */
  Inconclusive: 3,
} as const;
/** One of the values of `Exit`, 0 to 3. */
export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** A wrong command line: its message is all that the user needs to see. */
export class UsageError extends Error {}

/** https://no-color.org: any non-empty value switches colours off. `FORCE_COLOR` switches them on. */
function wantsColour(isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTty && env.TERM !== 'dumb';
}

/** The input and output of the process. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  let gone = false;
  let drained: (() => void) | undefined;
  // `check ... | head` closes the output early. That is not a failure, and the exit code does not change.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      stderr.write(`wasm-hazards: cannot write the report: ${error.message}\n`);
      process.exit(Exit.Trouble);
    }
    gone = true;
    drained?.();
  });
  stdout.on('drain', () => drained?.());
  stderr.on('error', () => {});
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  const status = (text: string): void => {
    shown = true;
    stderr.write(`\r\x1b[K${shorten(displayable(text, 400), (stderr.columns || 80) - 1)}`);
  };
  let interrupt: AbortController | undefined;
  return {
    // The first Ctrl+C ends the run, the second one the program. What cannot end early ends at the first one.
    get signal() {
      if (interrupt === undefined) {
        const controller = new AbortController();
        process.once('SIGINT', () => controller.abort());
        interrupt = controller;
      }
      return interrupt.signal;
    },
    async out(text) {
      if (gone) return false;
      clear();
      if (!stdout.write(text)) {
        await new Promise<void>((resolve) => {
          drained = resolve;
          if (gone) resolve();
        });
      }
      return !gone;
    },
    err(line) {
      clear();
      stderr.write(`${terminalLine(line)}\n`);
    },
    status: stderr.isTTY && process.env.TERM !== 'dumb' ? status : undefined,
    ask: process.stdin.isTTY && stderr.isTTY ? (question) => asked(question, process.stdin, stderr) : undefined,
    stdin: process.stdin,
    colour: wantsColour(stdout.isTTY === true, process.env),
    columns: (stdout.isTTY && stdout.columns) || undefined,
  };
}
