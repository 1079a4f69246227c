/**
 * Makes a module ready for one scenario: instruments it, instantiates it for the sharing model, sets it up and marks
 * the base state. Code in higher layers runs executions and evaluates their outcomes.
 */

import { onOneInstance } from '../../analysis/conflicts.ts';
import { hostMemoryIndex } from '../../analysis/host/hostMemory.ts';
import { t } from '../../text/l10n.ts';
import { importLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { type HostFunctions, hostFunctions } from '../imports/hostFunctions.ts';
import { presetsGrow } from '../imports/presets/fitting.ts';
import { type Instrumented, instrument } from '../instrument/instrument.ts';
import { WaitLoops } from '../instrument/waitLoops.ts';
import { Accesses } from '../run/accesses.ts';
import { AccessHooks } from '../run/accessHooks.ts';
import { type CallerCall, createCaller } from '../run/caller.ts';
import { exactState } from '../run/exactState.ts';
import { exchangeHook } from '../run/exchange.ts';
import { Growth } from '../run/growth.ts';
import type { GuestInstance } from '../run/guestInstance.ts';
import { History, type HistoryListener } from '../run/history.ts';
import { type Hooks, Machine } from '../run/machine.ts';
import { promisingFunction } from '../run/promising.ts';
import { Ranges } from '../run/ranges.ts';
import { Scheduler } from '../run/scheduler.ts';
import { SegmentReads } from '../run/segments.ts';
import { TableAccesses } from '../run/tableAccesses.ts';
import { TrackedCell } from '../run/trackedCell.ts';
import { Waiting } from '../run/waiting.ts';
import { comparisonOf } from '../scenario/comparison.ts';
import type { Environment } from './environment.ts';
import { fail, SessionError } from './failure.ts';
import { guestImports } from './guestImports.ts';
import { performable } from './hostSteps.ts';
import { activeData, INSTANTIATION, instantiationCall } from './instantiation.ts';
import { Interrupter, type Interruptions } from './interruptions.ts';
import type { StressJob } from './job.ts';
import { type Preparation, prepare } from './preparation.ts';
import type { Session } from './session.ts';
import { setUp } from './setUp.ts';

/** What the hooks work on. */
interface Parts {
  exchange: ReturnType<typeof exchangeHook>;
  accesses: Accesses;
  hooks: AccessHooks;
  ranges: Ranges;
  segments: SegmentReads;
  growth: Growth;
  waiting: Waiting;
  interrupter: Interrupter;
  scheduler: Scheduler;
}

/** @throws SessionError when the scenario cannot be run */
export async function createSession(
  job: StressJob,
  environment: Environment,
  listener: HistoryListener,
  stopped: () => boolean,
  /** A session of the same calls, whose decoded, analysed and instrumented module is reused under any sharing model. */
  known?: Pick<Session, 'module' | 'analysis' | 'instrumented'>,
  /** For tests: hooks that see what the given ones are called with, on the instance that runs. */
  observe: (hooks: Hooks, instance: () => GuestInstance) => Hooks = (hooks) => hooks,
): Promise<Session> {
  const { scenario } = job;
  const prepared = prepare(job, known);
  const { module, analysis, model, calls, called, interruptions } = prepared;
  const instrumented =
    known?.instrumented ??
    instrument(module, analysis, {
      functions: called,
      referencesMatter: referencesMatter(prepared),
      grownByHost: presetsGrow(module, scenario.presets) ? [hostMemoryIndex(module)] : [],
    });
  const host = hostOf(job, module, environment, interruptions);
  const history = new History(calls.length, listener);
  const notes: string[] = [];

  // The hooks are created before what they work on, because the instances import them.
  let parts: Parts | undefined;
  const ready = () => parts as NonNullable<typeof parts>;
  const imports = guestImports({
    module,
    model,
    host,
    interruptions,
    parts: ready,
    sites: instrumented.sites,
    wild: scenario.imports !== 'stub',
    notes,
  });
  const machine = new Machine({
    module,
    analysis,
    instrumented,
    instances: onOneInstance(model) ? 1 : calls.length,
    callers: calls.length,
    hooks: observe(hooksOf(ready), () => ready().scheduler.instance),
    imports: imports.of,
    wildHost: imports.wild,
  });
  instantiate(machine, instrumented);
  findFunctions(machine, instrumented, called);
  const instantiates = calls.some(([{ func }]) => func === INSTANTIATION);
  const active = instantiates
    ? activeData(module, (memory) => analysis.sharing.memories[memory].common, instrumented.sites)
    : [];
  for (const instance of machine.instances)
    instance.functions.set(INSTANTIATION, instantiationCall(module, instance, active, ready));
  const { sites } = instrumented;
  const steps = (list: readonly CallerCall[]) => performable(list, { module, sites, parts: ready });
  const callers = calls.map((list, i) => createCaller(i, machine.instances[i] ?? machine.instances[0], steps(list)));
  const waitLoops = new WaitLoops(module);
  const scheduler = new Scheduler({
    machine,
    sites,
    history,
    callers,
    onlyWaits: (site) => waitLoops.onlyWaits(sites.func[site], sites.offset[site]),
    onlyRetries(site, exchange) {
      const [func, at] = [sites.func, sites.offset];
      return waitLoops.onlyRetries(func[site], at[site], { func: func[exchange] ?? -1, offset: at[exchange] ?? -1 });
    },
    state: () => exactState(machine, module),
    cooperative: model === 'cooperative',
    resident: instrumented.resident,
    // Fields of objects have no hooks, and some host code writes anywhere.
    seesAll: !instrumented.changed.heap && !imports.wild,
    stopped,
    at: environment.at,
    exceeded: (text) => new SessionError({ kind: 'killed', message: `${job.name}: ${text}` }),
  });
  parts = partsOf(prepared, instrumented, host, scheduler);
  const { accesses, ranges, growth } = parts;
  const session: Session = {
    module,
    analysis,
    scenario,
    profile: prepared.profile,
    model,
    instrumented,
    machine,
    scheduler,
    accesses,
    ranges,
    growth,
    history,
    host,
    callers,
    interruptions,
    probe: steps(prepared.probe),
    comparison: comparisonOf(scenario),
    threadStorage: false,
    stackBase: Number.NaN,
    notes,
  };
  const setup = steps(prepared.setup).map((call, i) => ({ ...prepared.setup[i], ...call }));
  await setUp(session, setup, active);
  return session;
}

function hooksOf(ready: () => Parts): Hooks {
  const argument = (position: number) => ready().scheduler.residents.argument(position);
  const result = (value: unknown) => ready().scheduler.residents.result(value);
  return {
    access: (site: number, address: number) => ready().hooks.access(site, address),
    access64: (...args: [number, number]) => ready().hooks.access64(...args),
    exchange: (...args: [number, number, bigint]) => ready().exchange(...args),
    range: (...args: [number, number, number, number]) => ready().ranges.range(...args),
    segment: (...args: [number, number, number]) => ready().segments.segment(...args),
    pause: () => ready().scheduler.pause(),
    bulk: (...args: [number, number, number, number]) => ready().ranges.bulk(...args),
    grow: (...args: [number, number]) => ready().growth.grow(...args),
    growTable: (...args: [number, number]) => ready().growth.growTable(...args),
    size: (site: number) => ready().growth.size(site),
    wait: (...args: [number, number, bigint, bigint]) => ready().waiting.wait(...args),
    notify: (...args: [number, number, number]) => ready().waiting.notify(...args),
    tick: (site: number) => ready().scheduler.meter.tick(site),
    allocated: (...args: [number, number]) => ready().scheduler.meter.allocated(...args),
    middle: (site: number) => ready().hooks.middle(site),
    fence: (site: number) => ready().hooks.fence(site),
    next: (caller: number) => ready().scheduler.residents.next(caller),
    idle: (caller: number) => ready().scheduler.residents.idle(caller),
    returned: (caller: number) => ready().scheduler.residents.returned(caller),
    argumentI32: argument,
    argumentI64: argument,
    argumentF32: argument,
    argumentF64: argument,
    resultI32: result,
    resultI64: result,
    resultF32: result,
    resultF64: result,
  };
}

function partsOf(prepared: Preparation, { sites }: Instrumented, host: HostFunctions, scheduler: Scheduler): Parts {
  const { module, analysis, calls, growMoves, profile } = prepared;
  const accesses = new Accesses(scheduler, sites, growMoves);
  const tables = new TableAccesses(accesses, growMoves);
  const hooks = new AccessHooks({
    accesses,
    tables,
    stackPointer: analysis.stackPointer,
    hostCells: host.functions.map((f, i) =>
      f.state === 'none' ? undefined : new TrackedCell('host', `host state of ${importLabel(module, i)}`, calls.length),
    ),
    hostGuards: host.functions.map((f) => f.state !== 'racy'),
    references: referencesMatter(prepared)
      ? new TrackedCell('ref.func', `the references that ${profile.label} keeps`, calls.length)
      : undefined,
  });
  const ranges = new Ranges(accesses, tables, sites, module);
  return {
    accesses,
    hooks,
    exchange: exchangeHook(accesses, hooks.access64),
    ranges,
    segments: new SegmentReads(accesses),
    growth: new Growth(accesses, ranges, sites, growMoves),
    waiting: new Waiting(accesses, ranges, sites),
    interrupter: new Interrupter(scheduler, module),
    scheduler,
  };
}

/** Whether the host keeps an unguarded account of the references that calls on one instance take. */
const referencesMatter = ({ profile, model }: Preparation): boolean =>
  model === 'shared-instance' && profile.hostHazards['ref-func'] !== undefined;

function hostOf(job: StressJob, module: Module, environment: Environment, interruptions: Interruptions): HostFunctions {
  try {
    return hostFunctions(
      module,
      job.scenario,
      job.imports,
      environment.world,
      (index) => interruptions[index]?.suspends === true,
      job.promised,
    );
  } catch (error) {
    return fail('imports', error instanceof Error ? error.message : String(error));
  }
}

function instantiate(machine: Machine, instrumented: Instrumented): void {
  try {
    machine.instantiate(new wasmEngine.Module(instrumented.bytes));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    fail(
      /memory allocation|Out of memory/i.test(message) ? 'setup' : 'imports',
      t('the module cannot be instantiated: {0}', message),
    );
  }
}

/** Finds the functions that are called from outside and makes them callable by callers. */
function findFunctions(machine: Machine, { names, start }: Instrumented, called: readonly number[]): void {
  for (const instance of machine.instances) {
    for (const func of start === undefined ? called : [...called, start])
      instance.functions.set(func, promisingFunction(instance.exports[names.func(func)]));
    machine.fitTags(instance);
  }
}
