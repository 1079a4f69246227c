/** A job of the hammer before any thread runs it: the calls, the state that they share, and what cannot be shared. */

import { hasCommonMemory } from '../../analysis/conflicts.ts';
import type { Analysis } from '../../analysis/model.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import { globalName, memoryName, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { isRef, V128 } from '../../wasm/types.ts';
import { crosses } from '../imports/hostResults.ts';
import { presetsOf, sharingPresets } from '../imports/presets/fitting.ts';
import { type ChangedState, changedState, reachableFunctions } from '../instrument/reachable.ts';
import type { CallerCall } from '../run/caller.ts';
import { type Comparison, comparedText, comparisonOf } from '../scenario/comparison.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { calledExport, type Step } from '../scenario/steps.ts';
import { fail } from '../session/failure.ts';
import { INSTANTIATION } from '../session/instantiation.ts';
import type { StressJob } from '../session/job.ts';
import { prepare } from '../session/preparation.ts';
import { shareModule } from './share.ts';
import type { SharedModule } from './sharedModule.ts';
import type { GuestCall, GuestSetupCall } from './threadStart.ts';

/** Most bytes of memory that are copied: comparing more takes too long. */
const MAX_BYTES = 256 * 2 ** 20;

/** A job that was checked and prepared. */
export interface HammerPlan {
  module: Module;
  analysis: Analysis;
  model: SharingModel;
  scenario: Scenario;
  setup: GuestSetupCall[];
  callers: GuestCall[][];
  probe: GuestCall[];
  /** Undefined if callers have no state in common that threads could share. */
  shared: SharedModule | undefined;
  reachable: Uint8Array;
  changed: ChangedState;
  /** Whether outcomes can be compared with those of serial orders. */
  judged: boolean;
  /** Global indices of the number globals of each instance that the calls change, if globals are not shared. */
  privateGlobals: number[];
  notes: string[];
}

/** @throws SessionError when the scenario cannot be run */
export function prepareHammer(job: StressJob): HammerPlan {
  const { scenario } = job;
  const { module, analysis, model, calls: callers, setup, probe, called } = prepare(job);
  if (callers.some(([{ func }]) => func === INSTANTIATION))
    fail(
      'invalid-scenario',
      t('the hammer creates all instances before its rounds: explore callers that instantiate instead'),
    );
  if (model === 'cooperative')
    fail(
      'setup',
      t(
        'the cooperative model has one thread, and the hammer runs threads: explore the calls instead, which tries all orders in which imports suspend them',
      ),
    );
  const common = hasCommonMemory(analysis.sharing.memories);
  const start = module.start === undefined ? [] : [module.start.func];
  const changedBy = (roots: readonly number[]): ChangedState =>
    changedState(
      module,
      reachableFunctions(
        analysis.graph,
        // Steps of the host call no function.
        roots.filter((func) => func >= 0),
      ),
    );
  const reachable = reachableFunctions(analysis.graph, [...called, ...start]);
  const changed = changedBy([...callers.flat(), ...probe].map(({ func }) => func));
  const before = changedBy([...setup.map(({ func }) => func), ...start]);
  const notes: string[] = [];
  const shares = model === 'shared-instance' || (model === 'shared-memory' && common);
  if (!shares)
    notes.push(
      model === 'isolated'
        ? t('Callers share no state of the module: each has its own instance, so there is nothing to hammer.')
        : t('The module imports no shared memory, so its instances share nothing to hammer.'),
    );
  const wholeInstance = model === 'shared-instance';
  const unshared = shares ? notShared(module, changed, before, job, wholeInstance) : [];
  if (isObserved(module, job.scenario))
    notes.push(
      t('Calls of imported functions that belong to outcomes of exploration do not belong to those of rounds.'),
    );
  notes.push(...unshared);
  if (unshared.length > 0) notes.push(t('Outcomes are therefore counted but not judged; exploration judges them.'));
  checkSizes(module, job.name);
  const comparison = comparisonOf(scenario);
  const callFor = (call: CallerCall, step: Step): GuestCall => guestCall(module, call, step, comparison);
  return {
    module,
    analysis,
    model,
    scenario,
    setup: setup.map((call) => {
      const { text, per, why, part, source } = call;
      return { ...callFor(call, source), text, per, why, part };
    }),
    callers: callers.map((list, c) => list.map((call, i) => callFor(call, scenario.callers[c][i]))),
    probe: probe.map((call, i) => callFor(call, scenario.probe[i])),
    shared: shares ? shareModule(module, { wholeInstance, reachable, stackPointer: analysis.stackPointer }) : undefined,
    reachable,
    changed,
    judged: unshared.length === 0,
    privateGlobals: wholeInstance
      ? []
      : [...new Set([...changed.globals, ...before.globals])].filter(
          (i) => module.globals[i].mutable && crosses(module.globals[i].type),
        ),
    notes,
  };
}

function guestCall(
  module: Module,
  { func, args, step: needed }: CallerCall,
  step: Step,
  comparison: Comparison,
): GuestCall {
  const name = calledExport(step) ?? '';
  if (needed !== undefined) return { name, args, results: [], step: { step: needed, func } };
  if (!comparison.counts(step)) return { name, args, results: [], shown: comparedText(comparison, step, '') };
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return { name, args, results: type?.kind === 'func' ? type.results : [] };
}

/** Whether exploration takes calls of imported functions into outcomes. */
const isObserved = (module: Module, { behaviours, presets }: StressJob['scenario']): boolean =>
  Object.values(behaviours).some(({ observe }) => observe === true) ||
  presetsOf(module, presets).some(({ observes }) => observes === true);

/** What calls change that threads of JavaScript cannot share or restore, a sentence each. */
function notShared(
  module: Module,
  changed: ChangedState,
  before: ChangedState,
  { scenario }: StressJob,
  wholeInstance: boolean,
): string[] {
  const found: string[] = [];
  const names = (items: Iterable<string>): string => [...items].slice(0, 5).join(', ');
  const tables = new Set([...changed.tables, ...before.tables]);
  if (tables.size > 0)
    found.push(t('Threads cannot share tables: {0}.', names([...tables].map((i) => tableName(module, i)))));
  const globals = [...new Set([...changed.globals, ...before.globals])];
  const references = globals.filter((i) => isRef(module.globals[i].type));
  if (references.length > 0)
    found.push(
      t('Threads cannot share globals of reference types: {0}.', names(references.map((i) => globalName(module, i)))),
    );
  if (changed.heap || before.heap)
    found.push(t('Threads cannot share structs and arrays, and changes to them are not undone between rounds.'));
  if (droppedAndRead(changed, before))
    found.push(t('A segment is dropped in one thread only, and stays dropped in later rounds.'));
  if (scenario.imports !== 'stub')
    found.push(
      t('Each thread loads its own copy of {0}, whose state is not reset between rounds.', scenario.imports.module),
    );
  const shares = sharingPresets(module, scenario.presets);
  if (shares.length > 0)
    found.push(
      t('Each thread emulates a host of its own ({0}): what callers share there is not shared here.', names(shares)),
    );
  if (wholeInstance) return found;
  const vectors = globals.filter((i) => module.globals[i].type === V128);
  if (vectors.length > 0)
    found.push(
      t('A v128 global cannot be reset between rounds: {0}.', names(vectors.map((i) => globalName(module, i)))),
    );
  const own = module.memories.flatMap((m, i) => (m.imported && m.limits.shared ? [] : [memoryName(module, i)]));
  if (own.length > 0) found.push(t('Private memories of instances are not reset between rounds: {0}.', names(own)));
  return found;
}

/** Whether calls can observe that segments were dropped: by the calls, or before them if they read the segment. */
function droppedAndRead(changed: ChangedState, before: ChangedState): boolean {
  const read = (dropped: ReadonlySet<number>, by: ReadonlySet<number>): boolean => [...dropped].some((i) => by.has(i));
  return (
    changed.droppedData.size + changed.droppedElements.size > 0 ||
    read(before.droppedData, changed.readData) ||
    read(before.droppedElements, changed.readElements)
  );
}

function checkSizes({ memories }: Module, name: string): void {
  const bytes = memories.reduce((sum, { limits }) => sum + Number(limits.min) * 2 ** (limits.pageSizeLog2 ?? 16), 0);
  if (bytes > MAX_BYTES)
    fail(
      'setup',
      t(
        '{0} starts with {1} MiB of memory; the hammer compares states of at most {2} MiB',
        name,
        Math.round(bytes / 2 ** 20),
        MAX_BYTES / 2 ** 20,
      ),
    );
  if (memories.some(({ limits }) => limits.pageSizeLog2 !== undefined))
    fail('setup', t('{0} has a memory whose page size is not 64 KiB, which threads cannot share', name));
}
