/** Arguments that several tools take, and the command lines that they stand for. */
import * as z from 'zod';
import { HOST_IDS, type HostId } from '../../../core/hosts/index.ts';
import { SHARING_MODELS } from '../../../core/hosts/profile.ts';
import { UNITS } from '../../../core/stress/scenario/units.ts';
import { UsageError } from '../io.ts';
import { hostFor } from '../options.ts';
import type { Allowed } from './answer.ts';

/** A module. */
export const FILE = z
  .string()
  .min(1)
  .describe(
    'Path of a WebAssembly module, binary (.wasm) or text (.wat, .wast); component.wasm#2 is a core module of a component.',
  );

/** A host, detected unless it is named. */
export const HOST = z
  .enum(['auto', ...HOST_IDS])
  .default('auto')
  .describe('Runtime that calls the exports; auto: detected from the project around the file.');

/** A sharing model. */
export const MODEL = z
  .enum(['auto', ...SHARING_MODELS])
  .default('auto')
  .describe('What concurrent callers share; auto: chosen by the host for this kind of module.');

/** The permission to run code. Not given by default. */
export const ALLOW_RUN = z
  .boolean()
  .default(false)
  .describe(
    'Runs the code of the module, in a process or thread that can be ended, without files and network. Set it only if the user wants that.',
  );

/** The permission to load JavaScript that a scenario names. */
const ALLOW_JAVASCRIPT = z
  .boolean()
  .default(false)
  .describe(
    'Loads the JavaScript module that the scenario file names for its imports. It can do whatever this user can do. Set it only if the user wants that.',
  );

const STEPS = 'Calls in the order in which they are made, as put(0,1); r = get()';

/** What a run is about: a scenario file, calls, or neither. */
export const RUN_ARGUMENTS = {
  file: FILE.describe('Path of a WebAssembly module, or of a scenario file (*.stress.json) that names one.'),
  allowRun: ALLOW_RUN,
  allowJavaScript: ALLOW_JAVASCRIPT,
  scenario: z.string().optional().describe('Path of a scenario file for the module.'),
  calls: z.array(z.string()).max(8).optional().describe(`${STEPS}; one text for each caller.`),
  setup: z.string().optional().describe('Calls before the callers start.'),
  probe: z
    .string()
    .optional()
    .describe('Calls after all callers have returned; their results are part of the outcome.'),
  callers: z.number().int().min(1).max(8).optional().describe('Number of concurrent callers.'),
  host: z
    .enum(['auto', ...HOST_IDS])
    .optional()
    .describe('Runtime that calls the exports; by default that of the scenario, or else detected.'),
  model: z
    .enum(['auto', ...SHARING_MODELS])
    .optional()
    .describe('What concurrent callers share.'),
  unit: z
    .enum(['auto', ...UNITS])
    .optional()
    .describe('What has to look undivided: each call, or the whole sequence of calls of a caller.'),
  seed: z.number().int().min(0).optional().describe('Seed of the random search.'),
};

const RUN = z.object(RUN_ARGUMENTS);
/** The arguments of a run. */
export type RunArguments = z.infer<typeof RUN>;

/** The host of a module: the one that was named, or else the detected one. */
export const hostOfFile = async (host: HostId | 'auto', file: string): Promise<HostId> =>
  (await hostFor(host, file)).host;

/** @throws UsageError where code may not be run, with what to do about it */
export function refuseToRun(tool: string, allowRun: boolean, { runs }: Allowed): void {
  if (!runs)
    throw new UsageError(
      `${tool}: this server runs no code of modules: it was started with --no-run, as in a workspace that is not trusted`,
    );
  if (!allowRun)
    throw new UsageError(
      `${tool} runs the code of the module. Ask the user, and call it again with allowRun: true; check, explain and wrap read the module only`,
    );
}

/** The words of a command line; the files come last, so that none is taken for an option. */
export async function commandLineOf(args: RunArguments): Promise<string[]> {
  const { file, scenario, calls = [], setup, probe, callers, host, model, unit, seed } = args;
  const words: string[] = [];
  const option = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) words.push(`--${name}=${value}`);
  };
  const fromScenario = scenario !== undefined || /\.stress\.json$/i.test(file);
  option('scenario', scenario);
  for (const call of calls) option('call', call);
  option('setup', setup);
  option('probe', probe);
  option('callers', callers);
  // A scenario file has its own host.
  if (host !== undefined || !fromScenario) option('host', await hostOfFile(host ?? 'auto', file));
  option('model', model);
  option('unit', unit);
  option('seed', seed);
  return [...words, '--', file];
}
