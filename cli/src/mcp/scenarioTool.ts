/** The tool `scenario`: the text of a scenario file to begin with. */

import { basename } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { analyse } from '../../../core/analysis/analyse.ts';
import { scenarioJson, skeletonJson } from '../../../core/stress/scenario/scenarioJson.ts';
import { analysisBytes } from '../../../node/analysisBytes.ts';
import { planStress } from '../../../node/stress/planStress.ts';
import { readStressInput } from '../input/stressInput.ts';
import { UsageError } from '../io.ts';
import { DEFAULT_SECONDS, PLAN_SECONDS } from '../stress/stressScenarios.ts';
import { workerProgram } from '../stress/workerProgram.ts';
import { type Allowed, answer, READS } from './answer.ts';
import { ALLOW_RUN, FILE, HOST, hostOfFile, MODEL } from './arguments.ts';
import { shownName, shownSentence } from './bounds.ts';
import { exportPosition } from './exportArgument.ts';

/** Scenarios among which a plan chooses the first. */
const LIMIT = 50;

const RESULT = z.object({
  title: z.string().describe('The exports that the scenario calls.'),
  fileName: z.string().describe('Name for the file, beside the module.'),
  scenario: z.string().describe('Text of the scenario file.'),
  notes: z.array(z.string()),
});

/** Adds the tool to a server. */
export function registerScenario(server: McpServer, allowed: Allowed): void {
  server.registerTool(
    'scenario',
    {
      title: 'Begin a scenario file',
      description:
        'Writes the text of a scenario file (*.stress.json) for exports that conflict: callers, calls, arguments that fit. Nothing is saved. With allowRun, arguments are tried on the module.',
      inputSchema: z.object({
        file: FILE,
        export: z.string().optional().describe('An export that the scenario calls.'),
        other: z.string().optional().describe('The export that is called concurrently with it.'),
        host: HOST,
        model: MODEL,
        allowRun: ALLOW_RUN,
      }),
      outputSchema: RESULT,
      annotations: READS,
    },
    (args, context) =>
      answer(context, async ({ io }) => {
        const file = args.file;
        if (args.allowRun && !allowed.runs)
          throw new UsageError('scenario: this server runs no code of modules; call it again without allowRun');
        const host = await hostOfFile(args.host, file);
        const source = { mode: 'auto', paths: {} } as const;
        const { module, bytes, name } = await readStressInput(file, undefined, { host, source }, io.stdin);
        const analysis = analyse(module, { host, model: args.model });
        const named = (wanted: string | undefined): string | undefined =>
          wanted === undefined ? undefined : analysis.exports[exportPosition(analysis, wanted, name)].name;
        const options = {
          ...{ host, model: args.model, seconds: DEFAULT_SECONDS, limit: LIMIT },
          ...{ exportName: named(args.export), other: named(args.other) },
        };
        const { scenarios, skeleton, notes } = await planStress(
          { bytes, name, analysis: analysisBytes(analysis), options, tries: args.allowRun, skeleton: true },
          { workerPath: workerProgram(), isolation: 'process', seconds: PLAN_SECONDS, signal: io.signal },
        );
        const [first] = scenarios;
        if (first === undefined)
          throw new UsageError(
            `${name}: no two calls of these exports conflict under ${analysis.model}; there is nothing to test`,
          );
        const moduleFile = basename(file);
        const scenario =
          skeleton === undefined
            ? scenarioJson(first.scenario, moduleFile)
            : skeletonJson(first.scenario, skeleton, moduleFile);
        const fileName = shownName(`${moduleFile.replace(/\.(?:wasm|wat|wast)(?:#\d+)?$/i, '')}.stress.json`);
        const data: z.infer<typeof RESULT> = {
          title: shownName(first.title),
          fileName,
          scenario,
          notes: notes.map(shownSentence),
        };
        const told = [`${fileName}: ${data.title}`, ...data.notes].join('\n');
        return { text: `${told}\n\n${scenario}`, data };
      }),
  );
}
