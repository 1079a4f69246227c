/** The tools `stress` and `replay`: they run the code of a module, where the call and the server allow it. */
import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { reportText } from '../../../core/report/formats.ts';
import { readStressInput, type StressInput } from '../input/stressInput.ts';
import { type Io, UsageError } from '../io.ts';
import { explored } from '../stress/stress.ts';
import { parseStressOptions } from '../stress/stressOptions.ts';
import { type Allowed, answer, type ToolAnswer } from './answer.ts';
import { commandLineOf, RUN_ARGUMENTS, type RunArguments, refuseToRun } from './arguments.ts';
import { boundedText } from './bounds.ts';
import { RUN_RESULT, runData } from './runResult.ts';

/**
 * A module changes no files. The tools are not marked as read-only all the same: clients call read-only tools without asking
 * the user, and JavaScript that a scenario loads is not bound by anything. Outcomes of a random search may differ.
 */
const RUNS = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false } as const;

/** Adds both tools to a server. */
export function registerRunTools(server: McpServer, allowed: Allowed): void {
  server.registerTool(
    'stress',
    {
      title: 'Stress test exports of a WebAssembly module',
      description:
        'Runs exports concurrently under the schedules that matter and reports data races, outcomes that no serial order gives and hangs, each with a schedule for the tool replay; where accesses race, also those that need the store buffers of hardware. Without calls or a scenario it runs the conflicting pairs of exports. Needs allowRun.',
      inputSchema: z.object({
        ...RUN_ARGUMENTS,
        seconds: z.number().min(0.1).max(600).default(10).describe('Time limit of the whole run.'),
        all: z.boolean().default(false).describe('Run all pairs that may conflict, not only the first 24 scenarios.'),
      }),
      outputSchema: RUN_RESULT,
      annotations: RUNS,
    },
    (args, context) =>
      run('stress', args, context, allowed, [`--seconds=${args.seconds}`, ...(args.all ? ['--all'] : [])]),
  );
  server.registerTool(
    'replay',
    {
      title: 'Replay a schedule',
      description:
        'Runs one schedule of concurrent calls again and shows each step: who read and wrote what. Takes the arguments that stress gives with a finding. Needs allowRun.',
      inputSchema: z.object({
        ...RUN_ARGUMENTS,
        schedule: z
          .string()
          .min(1)
          .describe(
            'Callers, each with the number of steps it takes before the next one runs: A3B2A1. With store buffers, a2: what A stored in its first two steps reaches memory.',
          ),
        full: z.boolean().default(false).describe('Show all steps.'),
      }),
      outputSchema: RUN_RESULT,
      annotations: RUNS,
    },
    (args, context) =>
      run('replay', args, context, allowed, [`--schedule=${args.schedule}`, ...(args.full ? ['--full'] : [])]),
  );
}

const run = (
  command: 'stress' | 'replay',
  args: RunArguments,
  context: ServerContext,
  allowed: Allowed,
  words: string[],
): Promise<CallToolResult> =>
  answer(context, async ({ io, problems }) => {
    refuseToRun(command, args.allowRun, allowed);
    const options = parseStressOptions(command, [...words, ...(await commandLineOf(args))]);
    // Nobody sits at a terminal who could be asked for code outside of the scenario's folder.
    const reading = { ...options, ask: async () => false };
    const input = await readStressInput(options.file, options.scenario, reading, io.stdin);
    refuseJavaScript(command, args, input);
    return answerOf(options, input, io, problems);
  });

async function answerOf(
  options: ReturnType<typeof parseStressOptions>,
  input: StressInput,
  io: Io,
  problems: readonly string[],
): Promise<ToolAnswer> {
  const { report } = await explored(options, input, io);
  // A client may know no more of the answer than its text.
  if (report === undefined) throw new UsageError(`${input.name}: nothing could be run`);
  const text = [
    ...problems.map((line) => `${line}\n`),
    reportText(report, 'text', { full: options.full, colour: false }),
  ];
  return { text: boundedText(text.join(''), 'Name fewer calls.'), data: runData(report, options, problems) };
}

/** JavaScript that a scenario names has the rights of the user, unlike the module: it needs a permission of its own. */
function refuseJavaScript(command: string, { allowJavaScript }: RunArguments, { scenario }: StressInput): void {
  if (scenario === undefined || scenario.imports === 'stub' || allowJavaScript) return;
  throw new UsageError(
    `${command}: the scenario loads the JavaScript module ${JSON.stringify(scenario.imports.module)}, which can do whatever this user can do. Ask the user, and call it again with allowJavaScript: true`,
  );
}
