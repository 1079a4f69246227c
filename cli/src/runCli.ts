/** The command line: picks the command, prints help and version, turns errors into one line and an exit code. */
import { VERSION } from '../../core/report/report.ts';
import { CHECK } from './check/check.ts';
import type { CliCommand } from './command.ts';
import { Exit, type ExitCode, type Io, UsageError } from './io.ts';
import { MCP } from './mcp/mcp.ts';
import { MERGE } from './merge/merge.ts';
import { HAMMER } from './stress/hammer.ts';
import { REPLAY } from './stress/replay.ts';
import { STRESS } from './stress/stress.ts';
import { VERIFY } from './verify/verify.ts';
import { WRAP } from './wrap/wrap.ts';

const COMMANDS: ReadonlyMap<string, CliCommand> = new Map([
  ['check', CHECK],
  ['stress', STRESS],
  ['merge', MERGE],
  ['replay', REPLAY],
  ['hammer', HAMMER],
  ['verify', VERIFY],
  ['wrap', WRAP],
  ['mcp', MCP],
]);

const HELP = `wasm-hazards: concurrency hazards of WebAssembly modules

Usage: wasm-hazards <command> [arguments]

Commands:
${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`).join('\n')}

Options:
  -h, --help     print this help, or the help of a command after its name
  -V, --version  print the version
`;

/** Runs a command line and resolves with its exit code. Never rejects. */
export async function runCli(args: string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (error instanceof UsageError) io.err(`wasm-hazards: ${error.message}`);
    else io.err(`wasm-hazards: internal error: ${error instanceof Error ? error.message : error}`);
    return Exit.Trouble;
  }
}

async function dispatch([name, ...rest]: string[], io: Io): Promise<ExitCode> {
  if (name === '--version' || name === '-V') {
    await io.out(`wasm-hazards ${VERSION}\n`);
    return Exit.Clean;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await io.out(COMMANDS.get(rest[0])?.help ?? HELP);
    return Exit.Clean;
  }
  if (name === undefined) throw new UsageError('no command given; try wasm-hazards --help');
  const command = COMMANDS.get(name);
  if (command === undefined) {
    const hint = /\.wa(sm|st|t)$/.test(name) ? `did you mean wasm-hazards check ${name}` : 'try wasm-hazards --help';
    throw new UsageError(`unknown command ${JSON.stringify(name)}; ${hint}`);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await io.out(command.help);
    return Exit.Clean;
  }
  if (rest.includes('--version')) return dispatch(['--version'], io);
  return command.run(rest, io);
}
