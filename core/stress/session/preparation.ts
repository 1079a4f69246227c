/** Prepares a job: decodes and analyses the module, resolves the calls, and rejects what cannot be run. */

import { lifeOf } from '../../analysis/life/life.ts';
import type { LifePer } from '../../analysis/life/lifeModel.ts';
import type { Analysis } from '../../analysis/model.ts';
import { analysisFor, resolvedModel } from '../../analysis/reuse.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { HostProfile, SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { Module } from '../../wasm/module.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { calledByPresets } from '../imports/presets/fitting.ts';
import { calledByUser } from '../imports/userImports.ts';
import type { CallerCall } from '../run/caller.ts';
import { tooLarge, tooManySlots } from '../run/memoryBudget.ts';
import { toEngineArguments } from '../scenario/arguments.ts';
import { checkCalls } from '../scenario/checkCalls.ts';
import { interruptingImports } from '../scenario/importBehaviour.ts';
import { instantiationRefusal, isInstantiation } from '../scenario/instantiation.ts';
import { perOfStep, scenarioLife } from '../scenario/life.ts';
import { callIn, type Step, stepText } from '../scenario/steps.ts';
import { stackProblem } from './callerStacks.ts';
import { fail } from './failure.ts';
import { HOST_STEP, isHostStep } from './hostSteps.ts';
import { INSTANTIATION } from './instantiation.ts';
import { calledBack, type Interruptions, interruptionsOf } from './interruptions.ts';
import type { StressJob } from './job.ts';

/** A call before the callers start, of the life or of the setup. */
export interface SetupCall extends CallerCall {
  /** As the scenario has it. */
  source: Step;
  per: LifePer;
  /** Of a call of the life that was recognised: why it is made. */
  why: string | undefined;
  part: 'life' | 'setup';
}

/** A job that was checked and prepared. */
export interface Preparation {
  module: Module;
  analysis: Analysis;
  profile: HostProfile;
  model: SharingModel;
  /** Calls of each caller, and those before and after them; before are first those of the life. */
  calls: CallerCall[][];
  setup: SetupCall[];
  probe: CallerCall[];
  /** Indices of all functions that are called from outside. */
  called: number[];
  /** What happens in calls of imported functions. */
  interruptions: Interruptions;
  /** Whether growth of an unshared memory or a table is performed in parts. */
  growMoves: boolean;
}

/**
 * @param session module and analysis of a session of the same calls: valid, and good for any sharing model
 * @throws SessionError when the scenario cannot be run
 */
export function prepare(job: StressJob, session?: Pick<Preparation, 'module' | 'analysis'>): Preparation {
  const { scenario, known } = job;
  const module = session?.module ?? known?.module ?? decodeModule(job.bytes);
  if (session === undefined) validate(job, module);
  const problems = checkCalls(scenario, module);
  if (problems.length > 0)
    fail('invalid-scenario', problems.map((p) => `${p.path.join('.')}: ${p.message}`).join('; '));
  const suspending = [...interruptingImports(scenario.behaviours), ...scenario.suspending];
  const analysis = session?.analysis ?? analysisFor(module, { ...scenario, suspending }, known?.analysis);
  const profile = HOST_PROFILES[scenario.host];
  const model = resolvedModel(analysis, scenario.host, scenario.model);
  const interruptions = interruptionsOf(module, scenario, model, analysis);
  const stacks = stackProblem(scenario, module, { stackPointer: analysis.stackPointer, model });
  if (stacks !== undefined) fail('invalid-scenario', t('stacks: {0}', stacks));
  const refusal = instantiationRefusal(scenario.callers, scenario.setup.length, model);
  if (refusal !== undefined) fail('invalid-scenario', t('callers: {0}', refusal));
  const count = scenario.callers.length;
  const large = tooLarge(module, model, count) ?? tooManySlots(module, model, count);
  if (large !== undefined) fail('setup', t('{0} is too large to run: {1}', job.name, large));
  const callOf = callResolver(module);
  const calls = scenario.callers.map((list) => list.map(callOf));
  const life = lifeOf(module, analysis);
  const setupCall = (step: Step, how: Pick<SetupCall, 'per' | 'why' | 'part'>): SetupCall => ({
    ...callOf(step),
    ...how,
    source: step,
  });
  const setup = [
    ...scenarioLife(scenario, module, analysis).map(
      ({ step, per, why }): SetupCall => setupCall(step, { per, why, part: 'life' }),
    ),
    ...scenario.setup.map(
      (step): SetupCall => setupCall(step, { per: perOfStep(step, life), why: undefined, part: 'setup' }),
    ),
  ];
  const probe = scenario.probe.map(callOf);
  return {
    module,
    analysis,
    profile,
    model,
    calls,
    setup,
    probe,
    called: [
      ...new Set([
        ...[...calls.flat(), ...probe, ...setup].map(({ func }) => func),
        ...calledBack(module, scenario),
        ...calledByPresets(module, scenario.presets),
        ...calledByUser(module, job.imports),
      ]),
    ].filter((func) => func >= 0),
    interruptions,
    growMoves: model === 'shared-instance' && profile.growMovesMemory,
  };
}

/** V8 validates first: its message has the place of the error. */
function validate(job: StressJob, module: Module): void {
  if (module.kind === 'component')
    fail('invalid-module', t('{0} is a component, not a core module: stress the core modules inside it', job.name), 6);
  const [error] = module.errors;
  try {
    new wasmEngine.Module(job.bytes);
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const at = /@\+(\d+)/.exec(text);
    const reason = text.replace(/^WebAssembly\.Module\(\): /, '').replace(/ @\+\d+$/, '');
    fail('invalid-module', t('{0} is not valid: {1}', job.name, reason), at === null ? error?.offset : Number(at[1]));
  }
  if (error !== undefined)
    fail('invalid-module', t('{0} could not be decoded completely: {1}', job.name, error.message), error.offset);
}

function callResolver(module: Module): (step: Step) => CallerCall {
  return (step) => {
    const text = stepText(step);
    const call = callIn(step);
    if (call === undefined) return { text, func: HOST_STEP, args: [], step };
    if (isInstantiation(call)) return { text, func: INSTANTIATION, args: [] };
    const exported = module.exports.find((e) => e.kind === 'func' && e.name === call[0]);
    const func = exported?.index ?? -1;
    const type = module.types[module.functions.typeIndex[func]]?.composite;
    const params = type?.kind === 'func' ? type.params : [];
    return isHostStep(step) ? { text, func, args: [], step } : { text, func, args: toEngineArguments(call, params) };
  };
}
