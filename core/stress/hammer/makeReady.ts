/** Makes a prepared job ready for threads: compiled modules, memories with their initial contents. */

import { globalName, memoryName } from '../../wasm/displayNames.ts';
import { F32, F64 } from '../../wasm/types.ts';
import { type WasmFunction, wasmEngine } from '../../wasm/webAssembly.ts';
import { bytesText } from '../run/touchText.ts';
import { comparisonOf } from '../scenario/comparison.ts';
import type { StressJob } from '../session/job.ts';
import { costBuffer, measurementsFor } from './costs.ts';
import { GuestHost, type HostOptions } from './guestHost.ts';
import type { HammerPlan } from './hammerPlan.ts';
import { LowestStack } from './lowestStack.ts';
import { remediesOf } from './measureCosts.ts';
import { resultLayout } from './resultArea.ts';
import { MAX_PAGES } from './share.ts';
import { CELL_BYTES, type SharedModule } from './sharedModule.ts';
import { namesBuffer } from './sharedNames.ts';
import { SharedState, type StateMemory } from './sharedState.ts';
import {
  addedImports,
  type SharedMemories,
  type SharedPart,
  type ThreadStart,
  threadsFor,
  workersFor,
} from './threadStart.ts';
import { RESULT_TEXTS, TRAP_TEXTS, textBuffer } from './threadTexts.ts';

/** Bytes of a page. */
const PAGE = 65536;

/**
 * Everything that threads need.
 * @throws Error of the engine if a memory cannot be allocated
 */
export function threadStart(prepared: HammerPlan, job: StressJob, cores: number): ThreadStart {
  const { module, analysis, callers, setup, probe, shared, privateGlobals, model, scenario } = prepared;
  const threads = threadsFor(callers.length, cores);
  // Instances with private globals have to be set up separately, which is done for callers only.
  const workers = model === 'shared-memory' ? threads : workersFor(callers.length, cores);
  const measurements = measurementsFor(remediesOf(prepared), workers);
  const layout = resultLayout(
    callers,
    probe,
    privateGlobals.map((i) => module.globals[i].type),
  );
  const hasSteps = [...callers.flat(), ...probe].some(({ step }) => step !== undefined);
  return {
    bytes: job.bytes,
    original: new wasmEngine.Module(job.bytes),
    scenario,
    wholeInstance: model === 'shared-instance',
    threads,
    workers: workers,
    setup,
    callers,
    probe,
    shared: shared === undefined ? undefined : sharedPart(shared),
    privateGlobals,
    stackPointer: analysis.stackPointer,
    layout,
    results: new SharedArrayBuffer(Math.max(8, layout.words * 4)),
    texts: textBuffer(workers, TRAP_TEXTS),
    resultTexts: textBuffer(hasSteps ? workers : 0, RESULT_TEXTS),
    names: namesBuffer(),
    comparesState: comparisonOf(scenario).state,
    order: new SharedArrayBuffer(Math.max(1, callers.flat().length)),
    measurements: measurements,
    costs: costBuffer(measurements.length, workers),
  };
}

function sharedPart({ first: _, plain, serial, ...rest }: SharedModule): SharedPart {
  return {
    ...rest,
    ...makeMemories(rest),
    compiled: { plain: new wasmEngine.Module(plain), serial: new wasmEngine.Module(serial) },
  };
}

/**
 * Memories with the limits that the rewritten module declares.
 * @param bytes of each of them, where setting up has let them grow
 */
export function makeMemories(
  { limits, cellBytes }: Pick<SharedModule, 'limits' | 'cellBytes'>,
  bytes: readonly number[] = [],
): SharedMemories {
  const pages = Math.ceil(cellBytes / PAGE);
  let made = 0;
  return {
    memories: limits.map((one) => {
      if (one === undefined) return undefined;
      const size = (value: bigint | number): number | bigint => (one.is64 ? BigInt(value) : Number(value));
      const memory = new wasmEngine.Memory({
        initial: size(one.min),
        maximum: size(one.max ?? BigInt(MAX_PAGES)),
        shared: true,
        ...(one.is64 ? { address: 'i64' as const } : undefined),
      });
      const more = ((bytes[made++] ?? 0) - memory.buffer.byteLength) / PAGE;
      if (more > 0) memory.grow(size(more));
      return memory;
    }),
    cells: new wasmEngine.Memory({ initial: pages, maximum: pages, shared: true }),
  };
}

/**
 * Writes active data, and the initial values of globals into their cells.
 * @throws LinkError, RuntimeError of the engine
 */
export function writeFirstState(
  { module, shared }: HammerPlan,
  start: ThreadStart,
  world: Pick<HostOptions, 'given' | 'world'>,
): void {
  if (shared === undefined || start.shared === undefined) return;
  const host = new GuestHost({ module, scenario: start.scenario, caller: 0, ...world });
  const compiled = new wasmEngine.Module(shared.first);
  const { memories, cells } = start.shared;
  const added = addedImports(module, shared.names, start.shared);
  const { exports } = host.instantiate(compiled, host.state(), memories, added);
  (exports[shared.names.begin] as WasmFunction)();
  new LowestStack(cells, shared.lowest).clear();
}

/** The shared memories and the names of their words in reports; cells last. */
export function sharedState({ module }: HammerPlan, shared: SharedPart | undefined): SharedState {
  if (shared === undefined) return new SharedState([]);
  const watched: StateMemory[] = [];
  shared.memories.forEach((memory, i) => {
    const name = memoryName(module, i);
    if (memory !== undefined) watched.push({ memory, nameOf: (byte) => (byte < 0 ? name : bytesText({ name }, byte)) });
  });
  watched.push({
    memory: shared.cells,
    nameOf: (byte) => globalName(module, Math.max(0, Math.floor(byte / CELL_BYTES))),
    floats: new Map(
      module.globals.flatMap(({ type }, i) => (type === F32 || type === F64 ? [[i * CELL_BYTES, type] as const] : [])),
    ),
  });
  return new SharedState(watched);
}
