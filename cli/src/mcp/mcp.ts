/** `wasm-hazards mcp`: the tools of wasm-hazards for AI agents. */
import type { CliCommand } from '../command.ts';
import { Exit, UsageError } from '../io.ts';
import { parseCommandLine } from '../options.ts';

/** Text of `mcp --help`. */
const MCP_HELP = `wasm-hazards mcp: serve the tools of wasm-hazards to AI agents

Usage: wasm-hazards mcp [options]

Speaks the Model Context Protocol on standard input and output until the input ends. Tools:

  check     which exports of a module can be called concurrently
  explain   an export, a finding or a rule
  scenario  the text of a scenario file to begin with
  wrap      code for a pool, a lock or a test
  stress    run exports concurrently; only in calls with allowRun
  replay    run one schedule again; only in calls with allowRun

Options:
      --no-run            refuse to run code of modules, whatever a call allows
  -h, --help              print this help

Exit codes:
  0  the client closed the connection
  2  wrong command line
`;

/** Serves one client. The SDK is loaded only here: no other command needs it. */
export const MCP: CliCommand = {
  summary: 'serve these tools to AI agents (Model Context Protocol)',
  help: MCP_HELP,
  async run(args, io) {
    const { values, positionals } = parseCommandLine('mcp', args, { 'no-run': { type: 'boolean', default: false } });
    if (positionals.length > 0) throw new UsageError(`mcp: takes no arguments, not ${JSON.stringify(positionals[0])}`);
    if (io.stdin === undefined) throw new UsageError('mcp: there is no standard input');
    const { serveTools } = await import('./server.ts');
    await serveTools({ runs: !values['no-run'] }, io.stdin, io);
    return Exit.Clean;
  },
};
