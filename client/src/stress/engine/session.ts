/**
 * A module made ready for one scenario: instrumented, instantiated as the sharing model says, set up, its state marked.
 * Everything above it runs executions and looks at what comes out.
 */
import { analyse } from '../../../../server/src/analysis/analyse.ts';
import { hasCommonMemory } from '../../../../server/src/analysis/conflicts.ts';
import { HOST_PROFILES } from '../../../../server/src/analysis/hosts/index.ts';
import type { HostProfile, SharingModel } from '../../../../server/src/analysis/hosts/profile.ts';
import type { Analysis } from '../../../../server/src/analysis/model.ts';
import { decodeModule } from '../../../../server/src/wasm/decode.ts';
import { globalName, importLabel } from '../../../../server/src/wasm/displayNames.ts';
import type { Module } from '../../../../server/src/wasm/module.ts';
import { toEngineArguments } from './arguments.ts';
import { checkCalls } from './checkScenario.ts';
import { guestImports } from './guestImports.ts';
import { type HostFunctions, hostFunctions } from './hostFunctions.ts';
import { type Instrumented, instrument } from './instrument/instrument.ts';
import type { StressFailure } from './result.ts';
import { Accesses } from './run/accesses.ts';
import { type Caller, type CallerCall, createCaller } from './run/caller.ts';
import { Cell } from './run/cells.ts';
import { exchangeHook } from './run/exchange.ts';
import { Growth } from './run/growth.ts';
import { History, type HistoryListener } from './run/history.ts';
import { Machine } from './run/machine.ts';
import { Ranges } from './run/ranges.ts';
import { Mode, promisingFunction, Scheduler } from './run/scheduler.ts';
import { Waiting } from './run/waiting.ts';
import { type Call, callText, type Scenario } from './scenario.ts';
import type { Environment, StressJob } from './stress.ts';
import { wasmEngine } from './webAssembly.ts';

/** Bytes of stack between two callers that share a memory. */
const STACK_BYTES = 16 * 1024;

export interface Session {
  module: Module;
  analysis: Analysis;
  scenario: Scenario;
  profile: HostProfile;
  model: SharingModel;
  instrumented: Instrumented;
  machine: Machine;
  scheduler: Scheduler;
  accesses: Accesses;
  ranges: Ranges;
  growth: Growth;
  history: History;
  host: HostFunctions;
  callers: Caller[];
  probe: CallerCall[];
  /** Stack pointer at the base, NaN where there is none. */
  stackBase: number;
  /** What the user should know of how the module was set up. */
  notes: string[];
}

interface Parts {
  exchange: ReturnType<typeof exchangeHook>;
  accesses: Accesses;
  ranges: Ranges;
  growth: Growth;
  waiting: Waiting;
  scheduler: Scheduler;
}

export class SessionError extends Error {
  readonly failure: StressFailure;
  constructor(failure: StressFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

const fail = (kind: StressFailure['kind'], message: string, offset?: number): never => {
  throw new SessionError({ kind, message, offset });
};

/** @throws SessionError when the scenario cannot be run */
export async function createSession(
  job: StressJob,
  environment: Environment,
  listener: HistoryListener,
  stopped: () => boolean,
  /** A session of the same calls, whose work on the module is good for any sharing model. */
  known?: Pick<Session, 'module' | 'analysis' | 'instrumented'>,
): Promise<Session> {
  const { scenario } = job;
  const module = known?.module ?? decodeModule(job.bytes);
  if (known === undefined) validate(job, module);
  const problems = checkCalls(scenario, module);
  if (problems.length > 0)
    fail('invalid-scenario', problems.map((p) => `${p.path.join('.')}: ${p.message}`).join('; '));
  const analysis = known?.analysis ?? analyse(module, { host: scenario.host, model: scenario.model });
  const profile = HOST_PROFILES[scenario.host];
  const model =
    scenario.model === 'auto' ? profile.defaultModel(hasCommonMemory(analysis.sharing.memories)) : scenario.model;
  const callOf = callResolver(module);
  const calls = scenario.callers.map((list) => list.map(callOf));
  const probe = scenario.probe.map(callOf);
  const setup = scenario.setup.map(callOf);
  const instrumented =
    known?.instrumented ??
    instrument(module, analysis, {
      functions: [...new Set([...calls.flat(), ...probe, ...setup].map((call) => call.func))],
    });
  const callers = calls.length;
  const host = hostOf(job, module, environment);
  const history = new History(callers, listener);
  const notes: string[] = [];

  // The hooks are made before what they work on: they are imports of the instances.
  let parts: Parts | undefined;
  const late = () => parts as NonNullable<typeof parts>;
  const wild = scenario.imports !== 'stub';
  const imports = guestImports({ module, model, host, parts: late, wild, notes });
  const machine = new Machine({
    module,
    analysis,
    instrumented,
    instances: model === 'shared-instance' ? 1 : callers,
    callers,
    hooks: {
      access: (...args: [number, number]) => late().accesses.access(...args),
      access64: (...args: [number, number]) => late().accesses.access64(...args),
      exchange: (...args: [number, number, bigint]) => late().exchange(...args),
      range: (...args: [number, number, number, number]) => late().ranges.range(...args),
      pause: () => late().scheduler.pause(),
      bulk: (...args: [number, number, number, number]) => late().ranges.bulk(...args),
      grow: (...args: [number, number]) => late().growth.grow(...args),
      growTable: (...args: [number, number]) => late().growth.growTable(...args),
      size: (site: number) => late().growth.size(site),
      wait: (...args: [number, number, bigint, bigint]) => late().waiting.wait(...args),
      notify: (...args: [number, number, number]) => late().waiting.notify(...args),
      tick: (site: number) => late().scheduler.tick(site),
      middle: (site: number) => late().accesses.middle(site),
    },
    imports: imports.of,
    wildHost: imports.wild,
  });
  instantiate(machine, instrumented);
  for (const instance of machine.instances) {
    const wanted = new Set([...calls.flat(), ...probe, ...setup].map((call) => call.func));
    if (instrumented.start !== undefined) wanted.add(instrumented.start);
    for (const func of wanted)
      instance.functions.set(func, promisingFunction(instance.exports[instrumented.names.func(func)]));
    machine.fitTags(instance);
  }
  const people = calls.map((list, i) => createCaller(i, machine.instances[i] ?? machine.instances[0], list));
  const scheduler = new Scheduler({
    machine,
    sites: instrumented.sites,
    history,
    callers: people,
    stopped,
    at: environment.at,
  });
  const accesses = new Accesses({
    scheduler,
    sites: instrumented.sites,
    tagBase: instrumented.tagBase,
    filtered: instrumented.filtered,
    growMoves: model === 'shared-instance' && profile.growMovesMemory,
    stackPointer: analysis.stackPointer,
    hostCells: host.functions.map((f, i) =>
      f.state === 'none' ? undefined : new Cell('host', `host state of ${importLabel(module, i)}`, callers),
    ),
    hostGuards: host.functions.map((f) => f.state !== 'racy'),
  });
  const ranges = new Ranges(accesses, instrumented.sites, module);
  const growth = new Growth(
    accesses,
    ranges,
    instrumented.sites,
    model === 'shared-instance' && profile.growMovesMemory,
  );
  const waiting = new Waiting(accesses, ranges, instrumented.sites);
  parts = { accesses, exchange: exchangeHook(accesses), ranges, growth, waiting, scheduler };
  const session: Session = {
    module,
    analysis,
    scenario,
    profile,
    model,
    instrumented,
    machine,
    scheduler,
    accesses,
    ranges,
    growth,
    history,
    host,
    callers: people,
    probe,
    stackBase: Number.NaN,
    notes,
  };
  await setUp(session, setup);
  return session;
}

/** The engine's own verdict first: its message has the place. */
function validate(job: StressJob, module: Module): void {
  if (module.kind === 'component')
    fail('invalid-module', `${job.name} is a component, not a core module: stress the core modules inside it`, 6);
  const [error] = module.errors;
  try {
    new wasmEngine.Module(job.bytes);
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const at = /@\+(\d+)/.exec(text);
    const reason = text.replace(/^WebAssembly\.Module\(\): /, '').replace(/ @\+\d+$/, '');
    fail('invalid-module', `${job.name} is not valid: ${reason}`, at === null ? error?.offset : Number(at[1]));
  }
  if (error !== undefined)
    fail('invalid-module', `${job.name} could not be read whole: ${error.message}`, error.offset);
}

function callResolver(module: Module): (call: Call) => CallerCall {
  return (call) => {
    const exported = module.exports.find((e) => e.kind === 'func' && e.name === call[0]);
    const func = exported?.index ?? -1;
    const type = module.types[module.functions.typeIndex[func]]?.composite;
    const params = type?.kind === 'func' ? type.params : [];
    return { text: callText(call), func, args: toEngineArguments(call, params) };
  };
}

function hostOf(job: StressJob, module: Module, environment: Environment): HostFunctions {
  try {
    return hostFunctions(module, job.scenario, job.imports, environment.world);
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
      `the module cannot be instantiated: ${message}`,
    );
  }
}

/** Start functions, stacks, setup calls; then the state is the base. */
async function setUp(session: Session, setup: readonly CallerCall[]): Promise<void> {
  const { scheduler, callers, instrumented, machine, model } = session;
  scheduler.mode = Mode.Off;
  for (const [i, caller] of callers.entries()) {
    if (instrumented.start === undefined || (model === 'shared-instance' && i > 0)) continue;
    const result = await scheduler.one(caller, { func: instrumented.start, args: [] });
    if (result.startsWith('trap: ')) fail('setup', `the start function ended with a ${result}`);
  }
  if (model === 'shared-memory') separateStacks(session);
  for (const call of setup) {
    // Instances that share nothing are all set up alike.
    for (const caller of model === 'isolated' ? callers : callers.slice(0, 1)) {
      const result = await scheduler.one(caller, call);
      // A program that ends well ends with this.
      if (result.startsWith('trap: ') && result !== 'trap: exit(0)')
        fail('setup', `the setup call ${call.text} ended with a ${result}`);
    }
  }
  if (scheduler.defect !== undefined) throw scheduler.defect;
  session.host.mark();
  machine.mark();
  const pointer = callers[0].instance.globals[session.analysis.stackPointer];
  if (pointer !== undefined) session.stackBase = Number(pointer.get());
}

/** Threads over one memory have a stack each: a slice of the first one's. */
function separateStacks({ callers, analysis, module, notes }: Session): void {
  const pointer = analysis.stackPointer;
  if (pointer < 0 || !module.globals[pointer]?.mutable) return;
  for (const [i, caller] of callers.entries()) {
    const global = caller.instance.globals[pointer];
    const value = global?.get();
    if (i === 0 || global === undefined || typeof value !== 'number') continue;
    if (value - i * STACK_BYTES > 0) global.set(value - i * STACK_BYTES);
  }
  notes.push(
    `Each caller has a stack of its own: ${globalName(module, pointer)} of caller n starts n times ${STACK_BYTES / 1024} KiB lower. Thread-local storage is not initialised.`,
  );
}
