/**
 * Scenarios: which calls run concurrently, and on what. The form of `*.stress.json` files; see
 * schemas/scenario.schema.json for the same in JSON Schema.
 */
import type { HostId } from '../../hosts/index.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { type CallerForm, repeatsOf, stepsOfCallers } from './callerForms.ts';
import {
  behavioursOf,
  type ImportBehaviours,
  type ImportRequest,
  type ImportsFile,
  interruptingImports,
  moduleChoice,
  presetsIn,
  requestsIn,
} from './importBehaviour.ts';
import type { LifeChoice } from './lifeForms.ts';
import type { PresetChoice } from './presetIds.ts';
import type { Step } from './steps.ts';

/** Bounds of one exploration; the first one reached ends it. */
export interface Budget {
  /** Wall time. */
  seconds: number;
  /** Executions, including those that learn which cells are shared. */
  schedules: number;
  /** Most preemptions of the bounded search, before partial-order reduction and random search take over. */
  preemptions: number;
}

/** The functions that the module imports: stubs, or those of a JavaScript module. */
export type ImportsChoice = 'stub' | { module: string };

/** What WASI functions may access; everything is off by default. */
export interface WasiGrants {
  /** The real clock instead of a stopped one. */
  clock?: boolean;
  /** Real random bytes instead of zeros. */
  random?: boolean;
  args?: string[];
  env?: Record<string, string>;
}

/** A scenario with every default filled in. */
export interface Scenario {
  /** Path of the module, relative to the scenario file; undefined: the module that the command names. */
  module: string | undefined;
  host: HostId;
  /** `auto`: the host profile's default for the module. */
  model: SharingModel | 'auto';
  /** What runs before the setup: what the module needs before its API works (see life.ts), nothing, or these steps. */
  life: LifeChoice;
  /** Steps made sequentially before the callers start; names of their results are known to all callers and to the probe. */
  setup: Step[];
  /** Steps of each concurrent caller, in order. At least one caller, at most `MAX_CALLERS`. */
  callers: Step[][];
  /** How often each caller repeats its steps, which `callers` has in full; undefined where none does. */
  repeats?: readonly number[];
  /** Steps made after all callers have returned; their results belong to the outcome. */
  probe: Step[];
  /**
   * What an outcome consists of: `results` of calls, `reads`, `state` (what is left in memory, globals and tables), and
   * results by name. `auto`: see comparison.ts.
   */
  compare: 'auto' | string[];
  /**
   * Under `shared-memory`, where the stack pointers of the callers' instances start. `equal`: all with the module's own
   * value, as nobody sets them. `own`: each a slice lower; or the values themselves, one for each caller. Both stand for a
   * host that sets the pointer from outside.
   */
  stacks: 'equal' | 'own' | number[];
  /** What has to look undivided; `auto`: whole sequences where a caller calls several exports, else each call. */
  unit: 'call' | 'sequence' | 'auto';
  imports: ImportsChoice;
  /** What imported functions do beside answering, by `module.name`. */
  behaviours: ImportBehaviours;
  /** Hosts that are emulated, and the requests of the callers there; the last one is for all further callers. */
  presets: PresetChoice;
  requests: readonly ImportRequest[];
  /** Patterns of `module.name`, `*` for anything, of further imports that suspend: a setting or an option, not the file's. */
  suspending: readonly string[];
  wasi: WasiGrants;
  budget: Budget;
  /** Seed of the random search. */
  seed: number;
  /**
   * Exports that are called with objects that a plan made up (usage/guesses.ts); missing where there is none. What the calls
   * then do says little of calls with real objects. A file cannot say it.
   */
  guessed?: readonly string[];
}

/** A scenario as a file has it: everything but `callers` may be missing. */
export type ScenarioFile = Partial<
  Omit<
    Scenario,
    'budget' | 'callers' | 'repeats' | 'imports' | 'behaviours' | 'presets' | 'requests' | 'suspending' | 'guessed'
  >
> & {
  callers: CallerForm[];
  /** Expressions that must hold when all callers have returned: expectations at the begin of the probe. */
  invariants?: string[];
  imports?: ImportsFile;
  budget?: Partial<Budget>;
};

/** Most callers of a scenario. */
export const MAX_CALLERS = 16;
/** Most calls of a whole scenario: setup, callers and probe together. */
export const MAX_CALLS = 1000;

const DEFAULT_BUDGET: Budget = { seconds: 10, schedules: 200_000, preemptions: 3 };

/** A scenario with defaults for what `file` leaves out. */
export function completeScenario(file: ScenarioFile, host: HostId, suspending: readonly string[] = []): Scenario {
  const behaviours = behavioursOf(file.imports);
  const repeats = file.callers.map(repeatsOf);
  return {
    module: file.module,
    host: file.host ?? host,
    model: modelOf(file.model ?? 'auto', file.host ?? host, behaviours),
    life: file.life ?? 'auto',
    setup: file.setup ?? [],
    callers: stepsOfCallers(file.callers),
    ...(repeats.some((times) => times > 1) ? { repeats } : {}),
    probe: [...(file.invariants ?? []).map((expect) => ({ expect })), ...(file.probe ?? [])],
    compare: file.compare ?? 'auto',
    stacks: file.stacks ?? 'equal',
    unit: file.unit ?? 'auto',
    imports: moduleChoice(file.imports),
    behaviours,
    presets: presetsIn(file.imports),
    requests: requestsIn(file.imports),
    suspending,
    wasi: file.wasi ?? {},
    budget: { ...DEFAULT_BUDGET, ...file.budget },
    seed: file.seed ?? 1,
  };
}

/** `imports` of a scenario as a file has it; undefined where it says nothing. */
export function importsFileOf({
  imports,
  behaviours,
  presets,
  requests,
}: Pick<Scenario, 'imports' | 'behaviours' | 'presets' | 'requests'>): ImportsFile | undefined {
  const module = imports === 'stub' ? undefined : imports.module;
  const says = module !== undefined || requests.length > 0 || Object.keys(behaviours).length > 0;
  if (!says && presets === 'auto') return undefined;
  if (!says && presets.length === 0) return 'stub';
  const isDefault = module === undefined ? presets === 'auto' : presets !== 'auto' && presets.length === 0;
  const preset = presets === 'auto' ? 'auto' : presets.length === 0 ? 'none' : presets;
  return {
    ...(module === undefined ? {} : { module }),
    ...(isDefault ? {} : { preset }),
    ...(requests.length === 0 ? {} : { requests }),
    ...behaviours,
  };
}

/** A scenario that speaks of suspended calls means the cooperative model, where the host has it. */
function modelOf(model: Scenario['model'], host: HostId, behaviours: ImportBehaviours): Scenario['model'] {
  const interrupts = interruptingImports(behaviours).length > 0;
  return model === 'auto' && interrupts && HOST_PROFILES[host].models.includes('cooperative') ? 'cooperative' : model;
}

/** A key that is equal for scenarios that differ only in module path, budget and seed. */
export const scenarioKey = (scenario: Scenario): string => {
  const { callers, life, repeats, setup, probe, compare, stacks, unit, host, model, imports, behaviours, ...rest } =
    scenario;
  const { presets, requests, suspending, wasi } = rest;
  return JSON.stringify([
    callers,
    repeats,
    life,
    setup,
    probe,
    compare,
    stacks,
    unit,
    host,
    model,
    imports,
    behaviours,
    presets,
    requests,
    suspending,
    wasi,
  ]);
};

/** `A`, `B`, ...: the name of a caller in schedules and tables. */
export const callerName = (caller: number): string => String.fromCharCode(65 + caller);
