/** From a job to what the Go driver runs, or sentences why wazero in Go cannot run it. */

import { hasCommonMemory, onOneInstance } from '../analysis/conflicts.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { ordersOf, serialOrders } from '../stress/explore/serialOrders.ts';
import { type HostFunctions, hostFunctions } from '../stress/imports/hostFunctions.ts';
import { initialValue } from '../stress/imports/importedState.ts';
import { comparisonOf } from '../stress/scenario/comparison.ts';
import { interruptingImports } from '../stress/scenario/importBehaviour.ts';
import { isInstantiation } from '../stress/scenario/instantiation.ts';
import type { Scenario } from '../stress/scenario/scenario.ts';
import { isWhole, unitLengths, unitOf } from '../stress/scenario/units.ts';
import { givenStack } from '../stress/session/callerStacks.ts';
import type { StressJob } from '../stress/session/job.ts';
import { type Preparation, prepare, type SetupCall } from '../stress/session/preparation.ts';
import { t } from '../text/l10n.ts';
import { listOf } from '../text/phrases.ts';
import { constantValue } from '../wasm/constantValue.ts';
import { globalName, memoryName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { I32, I64, V128 } from '../wasm/types.ts';
import type { PlannedVerify, PlanSetupStep, VerifyPlan } from './plan.ts';
import { builtinOf, hostsOfPlan, nameOfImport, typesOfImport } from './planImports.ts';
import { planStep, planType, wasmBits } from './planSteps.ts';
import { providersOf } from './providers.ts';
import { globalExport, withExportedGlobals } from './stateExports.ts';

/** Why a scenario cannot be run on wazero, a sentence each. */
export interface VerifyRefusal {
  refused: string[];
  model: SharingModel;
}

/** @throws SessionError when the scenario cannot be run anywhere */
export function planVerify(job: StressJob): (PlannedVerify & { model: SharingModel }) | VerifyRefusal {
  const prepared = prepare(job);
  const { module, analysis, model } = prepared;
  const { scenario } = job;
  const given = hostFunctions(module, { ...scenario, imports: 'stub' }, undefined, NO_WORLD);
  const refused = refusals(job, prepared, given);
  if (refused.length > 0) return { refused, model };
  const providers = providersOf(module, model);
  const globals = module.globals.flatMap(({ mutable }, index) => (mutable ? [index] : []));
  const comparison = comparisonOf(scenario);
  const step = (one: Scenario['setup'][number]) => planStep(one, module, comparison);
  const instances = onOneInstance(model) ? 1 : scenario.callers.length;
  const plan: VerifyPlan = {
    wasm: 'module.wasm',
    memoryName: memoryName(module, 0),
    threads: true,
    instances,
    instanceOf: scenario.callers.map((_, i) => (instances === 1 ? 0 : i)),
    hosts: hostsOfPlan(module, scenario, given, providers),
    providers: providers.modules.map(({ name, wasm, common }) => ({ name, wasm, common })),
    wasi: wasiOf(scenario, given),
    stackGlobal: analysis.stackPointer >= 0 ? globalExport(analysis.stackPointer) : '',
    stacks: stacksOf(prepared, scenario, instances),
    before: beforeOf(prepared, instances),
    callers: scenario.callers.map((steps) => steps.map(step)),
    probe: scenario.probe.map(step),
    ...ordersOfPlan(scenario),
    state: {
      compare: comparison.state,
      memory: module.memories.length > 0,
      shared: model === 'shared-memory' && analysis.sharing.memories[0]?.common === true,
      globals: globals.map((index) => ({
        export: globalExport(index),
        text: globalName(module, index),
        // Of 128 bits, wazero's API gives the lower 64.
        type: planType(module.globals[index].type) ?? 'i64',
      })),
      deadFrom: deadFrom(prepared),
    },
    seed: scenario.seed,
  };
  return {
    plan,
    model,
    files: new Map([
      ['module.wasm', withExportedGlobals(module, globals)],
      ...providers.modules.map(({ wasm, bytes }): [string, Uint8Array] => [wasm, bytes]),
    ]),
    notes: [...providers.notes, ...notesOf(scenario, given)],
    prepared,
  };
}

/** Nothing is called: only which functions there are is asked. */
const NO_WORLD = { nanoseconds: () => 0n, random: () => {} };

function refusals({ scenario }: StressJob, { module, model }: Preparation, given: HostFunctions): string[] {
  const found: string[] = [];
  if (scenario.host !== 'wazero' && scenario.host !== 'extism')
    found.push(t('The scenario is for the host {0}; verify runs on wazero.', scenario.host));
  if (model === 'cooperative' && found.length === 0)
    found.push(t('Under the model cooperative, calls run in imported functions; the driver has none that call back.'));
  const interrupting = interruptingImports(scenario.behaviours);
  if (interrupting.length > 0)
    found.push(
      t('{0} suspends its caller or calls exports back, which the driver cannot do.', listOf(interrupting, 4)),
    );
  if (scenario.imports !== 'stub')
    found.push(t('The functions of {0} are JavaScript, which no Go program can call.', scenario.imports.module));
  const functions = module.imports.filter(({ kind }) => kind === 'func');
  const emulated = functions.flatMap((one) =>
    given.emulated.flatMap(({ preset, names }) =>
      names.includes(nameOfImport(one)) && builtinOf(one, given) === undefined
        ? [{ preset, name: nameOfImport(one) }]
        : [],
    ),
  );
  for (const preset of new Set(emulated.map((one) => one.preset))) {
    const names = emulated.filter((one) => one.preset === preset).map(({ name }) => name);
    found.push(t('{0}: functions of the host {1}, which only exploration emulates.', listOf(names, 4), preset));
  }
  if (scenario.callers.some((steps) => steps.some(isInstantiation)))
    found.push(t('A caller instantiates the module, which the driver cannot do beside other calls.'));
  if (module.memories.length > 1) found.push(t('The module has several memories, which wazero does not support.'));
  if (module.memories.some(({ limits }) => limits.is64))
    found.push(t('The module has a memory with 64-bit addresses, which wazero does not support.'));
  if (module.imports.some((one) => one.module === ''))
    found.push(t('The module imports from a module with an empty name, which wazero does not support.'));
  if (module.imports.some((one) => one.module === 'wasi_unstable'))
    found.push(t('The module imports from wasi_unstable; wazero has wasi_snapshot_preview1.'));
  if (module.imports.some(({ kind }) => kind === 'tag'))
    found.push(t('The module imports a tag, which no host module has.'));
  const vectors = functions.filter((one) => {
    const { params, results } = typesOfImport(module, one);
    return [...params, ...results].includes(V128);
  });
  if (vectors.length > 0)
    found.push(
      t("{0} has a v128 in its type, which wazero's Go functions cannot have.", listOf(vectors.map(nameOfImport), 4)),
    );
  return found;
}

function wasiOf({ wasi }: Scenario, given: HostFunctions): VerifyPlan['wasi'] {
  if (given.wasi.length === 0) return null;
  return {
    args: wasi.args ?? ['module'],
    env: Object.entries(wasi.env ?? {}),
    clock: wasi.clock === true,
    random: wasi.random === true,
  };
}

/** Values of the stack pointer as the scenario gives them, for all instances; none where it leaves them equal. */
function stacksOf({ module, analysis }: Preparation, scenario: Scenario, instances: number): string[] {
  const pointer = module.globals[analysis.stackPointer];
  if (scenario.stacks === 'equal' || pointer === undefined) return [];
  const initial = stackTop(module, analysis.stackPointer) ?? 0;
  const wide = pointer.type === I64;
  return Array.from({ length: instances }, (_, i) => {
    const own = givenStack(scenario, wide ? BigInt(initial) : initial, i) ?? initial;
    return wasmBits(wide ? BigInt(own) : own, wide ? I64 : I32);
  });
}

/** The stack pointer before anything runs; undefined where that is not known. */
function stackTop(module: Module, index: number): number | undefined {
  const pointer = module.globals[index];
  if (pointer === undefined) return undefined;
  if (pointer.init !== undefined) return constantValue(module, pointer.init);
  const imported = module.imports.find((one) => one.kind === 'global' && one.index === index);
  return imported === undefined ? undefined : initialValue(module, imported, pointer.type);
}

/** In which instances calls before the callers are made: see setUp.ts. */
function beforeOf({ setup, module, model, analysis }: Preparation, instances: number): PlanSetupStep[] {
  const counts = { life: 0, setup: 0 };
  const all = Array.from({ length: instances }, (_, i) => i);
  const where = ({ per }: SetupCall): number[] => {
    if (onOneInstance(model)) return per === 'thread' ? [] : [0];
    const shares = model === 'shared-memory';
    if (per === 'thread') return shares && hasCommonMemory(analysis.sharing.memories) ? all.slice(1) : [];
    return shares && per === 'memory' ? [0] : all;
  };
  return setup.map((call) => ({
    step: planStep(call.source, module, undefined),
    instances: where(call),
    part: call.part,
    index: counts[call.part]++,
  }));
}

/** All serial orders of calls where they are few, those of whole units first; else a sample of those of units. */
function ordersOfPlan(scenario: Scenario): Pick<VerifyPlan, 'orders' | 'complete'> {
  const all = serialOrders(
    scenario.callers.map((steps) => steps.length),
    scenario.seed,
  );
  const lengths = unitOf(scenario) === 'call' ? scenario.callers.map(() => 1) : unitLengths(scenario);
  const { orders, complete } = all.complete ? all : ordersOf(scenario);
  const marked = orders.map((callers) => ({ callers, whole: isWhole(callers, lengths) }));
  return {
    orders: [...marked.filter(({ whole }) => whole), ...marked.filter(({ whole }) => !whole)],
    complete: { units: complete, calls: all.complete },
  };
}

/** Where frames can be: behind the static data that lies below the stack pointer. */
function deadFrom({ module, analysis }: Preparation): number {
  const top = stackTop(module, analysis.stackPointer);
  if (top === undefined) return -1;
  const ends = module.data.map(({ mode, offsetExpr, start, end }) => {
    if (mode !== 'active' || offsetExpr === undefined) return 0;
    return (constantValue(module, offsetExpr) ?? 0) + end - start;
  });
  // Zero-initialised data between the two is taken for frames: nothing in the binary tells it from them.
  return Math.max(0, ...ends.filter((one) => one <= top));
}

function notesOf(scenario: Scenario, { stubbed }: HostFunctions): string[] {
  const notes: string[] = [];
  if (stubbed.length > 0) notes.push(t('Imported functions that only return zero: {0}.', listOf(stubbed, 6)));
  if (scenario.wasi.clock === true || scenario.wasi.random === true)
    notes.push(t('Clock and random values differ from round to round.'));
  return notes;
}
