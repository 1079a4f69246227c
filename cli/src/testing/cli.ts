/** For tests: runs a command line within the process and collects its output. */

import { Readable } from 'node:stream';
import type { ExitCode, Io } from '../io.ts';
import { runCli } from '../runCli.ts';

/** What a command line has written, and its exit code. */
export interface CliRun {
  code: ExitCode;
  out: string;
  /** Lines of standard error. */
  err: string[];
}

/** All output, without what differs from run to run: times, and schedules per second. */
export const steadyOutput = ({ out, err }: CliRun): string =>
  out.replace(/\d+\.\d\d s \([\d,]+\/s\)/g, 'TIME') + err.map((line) => `stderr: ${line}\n`).join('');

/** The world around the command line. By default: empty input, no colours, no terminal, a reader that stays. */
export interface CliOptions {
  stdin?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  colour?: boolean;
  columns?: number;
  /** Called with progress; `interrupt` does what Ctrl+C does. */
  onStatus?(text: string, interrupt: () => void): void;
  explore?: Io['explore'];
  /** Answers questions; without it there is no terminal that could be asked. */
  ask?: Io['ask'];
  /** Number of pieces of output after which the reader goes away. */
  readerLeavesAfter?: number;
}

/** Runs `args`, the words after `wasm-hazards`. Never rejects: a usage error shows in `err` and in `code`. */
export async function runWith(args: string[], options: CliOptions = {}): Promise<CliRun> {
  const ran: CliRun = { code: 0, out: '', err: [] };
  let pieces = 0;
  const interrupt = new AbortController();
  const { onStatus } = options;
  const io: Io = {
    async out(text) {
      if (pieces++ >= (options.readerLeavesAfter ?? Number.POSITIVE_INFINITY)) return false;
      ran.out += text;
      return true;
    },
    err: (line) => void ran.err.push(line),
    stdin: Readable.from(options.stdin ?? []),
    colour: options.colour ?? false,
    columns: options.columns,
    signal: interrupt.signal,
    explore: options.explore,
    ask: options.ask,
    status: onStatus && ((text) => onStatus(text, () => interrupt.abort())),
  };
  ran.code = await runCli(args, io);
  return ran;
}
