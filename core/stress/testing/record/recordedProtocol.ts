/** For tests: runs the steps of a scenario one after the other and records every access of each call of an export. */
import { analyse } from '../../../analysis/analyse.ts';
import { constantOf } from '../../../analysis/constants.ts';
import { hostMemoryIndex } from '../../../analysis/host/hostMemory.ts';
import type { Analysis } from '../../../analysis/model.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import type { Module } from '../../../wasm/module.ts';
import type { WasmGlobal } from '../../../wasm/webAssembly.ts';
import { RaceCollector } from '../../explore/raceCollector.ts';
import { importedState } from '../../imports/importedState.ts';
import { presetsGrow } from '../../imports/presets/fitting.ts';
import { HOOK_NAMES } from '../../instrument/hooks.ts';
import type { GuestInstance } from '../../run/guestInstance.ts';
import { isInstantiation } from '../../scenario/instantiation.ts';
import { scenarioLife } from '../../scenario/life.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { callIn, type Step } from '../../scenario/steps.ts';
import { createSession } from '../../session/createSession.ts';
import { prepare } from '../../session/preparation.ts';
import { environment } from '../run.ts';
import { allocatorRoles } from './allocatorRoles.ts';
import { instrumentedFor } from './recordedInstance.ts';
import { type RecordedCall, Recorder } from './recorder.ts';

/** A recorded run. */
export interface RecordedRun {
  module: Module;
  analysis: Analysis;
  /** Text of each step and of its result. */
  results: { step: string; result: string }[];
  /** Calls from outside, or all. */
  calls: RecordedCall[];
  /** Byte offset of the instruction of each site. */
  offsets: readonly number[];
  stackTop: number;
  heapFrom: number;
  /** Value of an immutable global that an address may be relative to. */
  global(index: number): number;
}

/** All steps of a scenario as those of one caller on one instance: life, setup, callers one after the other, probe. */
function stepsOf(scenario: Scenario, module: Module, analysis: Analysis): Step[] {
  const instantiates = (step: Step): boolean => {
    const call = callIn(step);
    return call !== undefined && isInstantiation(call);
  };
  const { setup, callers, probe } = scenario;
  const life = scenarioLife(scenario, module, analysis).map(({ step }) => step);
  return [...life, ...setup, ...callers.flat(), ...probe].filter((step) => !instantiates(step));
}

/** Linkers put the heap behind the stack, where that is behind the data. */
function heapFrom(module: Module, stackTop: number): number {
  const ends = module.data.map(({ mode, offsetExpr, start, end }) =>
    mode === 'active' && offsetExpr !== undefined ? (constantOf(module, offsetExpr) ?? Number.NaN) + end - start : 0,
  );
  return stackTop > Math.max(0, ...ends) ? stackTop : Number.POSITIVE_INFINITY;
}

/** Values of immutable globals; an imported one has the value that runs give it. */
function globalsOf(module: Module): (index: number) => number {
  const { items } = importedState(module);
  return (index) => {
    const { imported, init } = module.globals[index];
    if (imported) {
      const item = items[module.imports.findIndex((one) => one.kind === 'global' && one.index === index)];
      return Number((item as WasmGlobal).value);
    }
    return (init === undefined ? undefined : constantOf(module, init)) ?? Number.NaN;
  };
}

/**
 * A step that does not end is the last one: `most` bounds its loop iterations, in millions. `every`: calls of all functions
 * are recorded, not only those from outside.
 * @throws SessionError when the scenario cannot be run
 */
export async function recordedRun(
  bytes: Uint8Array,
  scenario: Scenario,
  most = 100,
  every = false,
): Promise<RecordedRun> {
  const module = decodeModule(bytes);
  const { host, model } = scenario;
  const analysis = analyse(module, { host, model });
  const allocators = allocatorRoles(module);
  const one: Scenario = {
    ...scenario,
    life: 'none',
    setup: [],
    callers: [stepsOf(scenario, module, analysis)],
    probe: [],
  };
  const job = { bytes, name: 'recorded.wasm', scenario: one };
  const { called } = prepare(job, { module, analysis });
  const watched = every ? Array.from(module.functions.typeIndex, (_, func) => func) : [...called, ...allocators.keys()];
  const grownByHost = presetsGrow(module, scenario.presets) ? [hostMemoryIndex(module)] : [];
  const instrumented = instrumentedFor(module, analysis, watched, { functions: called, grownByHost });
  const calls: RecordedCall[] = [];
  let instance: () => GuestInstance = () => {
    throw new Error('there is no instance yet');
  };
  let ticks = 0;
  const sizesKnown = [...allocators.values()].every(({ guessed }) => guessed !== true);
  const recorder: Recorder = new Recorder({
    sites: instrumented.sites,
    original: (func) => func - HOOK_NAMES.length,
    allocators,
    stackPointer: analysis.stackPointer,
    is64: module.memories[0]?.limits.is64 === true,
    objectAt: sizesKnown ? (address) => recorder.blockAt(address) : undefined,
    state: () => ({
      memory: (index) => instance().memories[index].memory.buffer,
      global: (index) => instance().globals[index]?.get(),
    }),
    onCall: (call) => void ((every || call.depth === 0) && calls.push(call)),
  });
  const { scheduler, callers } = await createSession(
    job,
    environment(),
    new RaceCollector(),
    () => ++ticks > most,
    { module, analysis, instrumented },
    (hooks, running) => {
      instance = running;
      return recorder.hooks(hooks);
    },
  );
  // With a tag that no line has, no access is filtered.
  scheduler.freshTag(callers[0]);
  const results: RecordedRun['results'] = [];
  for (const call of callers[0].calls) {
    ticks = 0;
    results.push({ step: call.text, result: await scheduler.serial.one(callers[0], call) });
    recorder.finish();
    if (scheduler.defect !== undefined) throw scheduler.defect;
    if (ticks > most) break;
  }
  return {
    module,
    analysis,
    results,
    calls,
    offsets: instrumented.sites.offset,
    stackTop: recorder.stackTop,
    heapFrom: heapFrom(module, recorder.stackTop),
    global: globalsOf(module),
  };
}
