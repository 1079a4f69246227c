/**
 * What a result rests on and no run observed: imports that were stand-ins, objects of the garbage collector, tables that
 * code outside of the module can reach. Where callers could meet in such a thing, nothing is called safe.
 */

import { type Cell, isWrite, stateKind } from '../../analysis/cells.ts';
import { conflictOfEffects, onOneInstance } from '../../analysis/conflicts.ts';
import { effectsOf, sharingUnder } from '../../analysis/queries.ts';
import { exclusionOf } from '../../hosts/profile.ts';
import { type Message, t, translated } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { functionName, globalName, memoryName, tableName } from '../../wasm/displayNames.ts';
import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { FUNC, heapOf, I31, isRef, NOEXN, typeIndexOf, type ValType } from '../../wasm/types.ts';
import { guessedClause } from '../scenario/guessedText.ts';
import { calledBackIn } from '../scenario/importBehaviour.ts';
import type { Session } from '../session/session.ts';
import { hostBesideCall } from './overlappingCalls.ts';

/** Names that one text lists. */
const MAX_NAMES = 4;

/** Imported functions that the calls can reach, `module.name`; `given` are those of the scenario's JavaScript module. */
export function reachedImports({ host, instrumented, module }: Session): {
  stubbed: string[];
  wasi: string[];
  declared: string[];
  emulated: { preset: string; names: string[]; without: Message }[];
  given: string[];
} {
  const { sites, reachable } = instrumented;
  // The call graph has imports only where a table leads to them.
  const direct = new Set(sites.index.filter((_, site) => sites.access[site] === Access.Call));
  const reached = module.imports
    .filter((i) => i.kind === 'func' && (reachable[i.index] === 1 || direct.has(i.index)))
    .map((i) => `${i.module}.${i.name}`);
  const emulated = host.emulated
    .map((one) => ({ ...one, names: one.names.filter((name) => reached.includes(name)) }))
    .filter(({ names }) => names.length > 0);
  const others = new Set([...host.stubbed, ...host.wasi, ...host.declared, ...emulated.flatMap(({ names }) => names)]);
  return {
    stubbed: host.stubbed.filter((name) => reached.includes(name)),
    wasi: host.wasi.filter((name) => reached.includes(name)),
    declared: host.declared.filter((name) => reached.includes(name)),
    emulated,
    given: [...new Set(reached.filter((name) => !others.has(name)))],
  };
}

/** What was not observed, by name, a clause each; empty where the module alone decides what the calls do. */
export function restsOn(session: Session): string[] {
  const { module, scenario } = session;
  const { stubbed, declared, emulated, given } = reachedImports(session);
  const rests: string[] = scenario.guessed === undefined ? [] : [guessedClause(scenario.guessed)];
  if (declared.length > 0) rests.push(t('{0} did what the scenario declares', namesOf(declared)));
  for (const { preset, names, without } of emulated)
    rests.push(
      names.length === 1
        ? t('{0} was emulated by the preset {1}, without {2}', namesOf(names), preset, translated(without))
        : t('{0} were emulated by the preset {1}, without {2}', namesOf(names), preset, translated(without)),
    );
  if (stubbed.length > 0)
    rests.push(
      stubbed.length === 1
        ? t('{0} was stubbed to return zero', namesOf(stubbed))
        : t('{0} were stubbed to return zero', namesOf(stubbed)),
    );
  if (given.length > 0 && scenario.imports !== 'stub')
    rests.push(t('{0} of {1}: each call was one step', namesOf(given), scenario.imports.module));
  const references = referencesReturned(session);
  if (references.length > 0)
    rests.push(
      references.length === 1
        ? t('the functions that {0} returns references to were not called', namesOf(references))
        : t('the functions that {0} return references to were not called', namesOf(references)),
    );
  const writers = objectWriters(session);
  if (writers.length > 0)
    rests.push(t('objects of the garbage collector, which {0} can write, were not watched', namesOf(writers)));
  for (const [index, leaves] of tablesOutside(session))
    rests.push(
      leaves === 'imported'
        ? t(
            '{0} is imported: what code outside of the module does with it was not run',
            quoted(tableName(module, index)),
          )
        : t(
            '{0} is exported: what code outside of the module does with it was not run',
            quoted(tableName(module, index)),
          ),
    );
  return rests;
}

/** Why callers could meet in something that was not observed, a sentence each; empty where they could not. */
export function unobservedMeetings(session: Session): string[] {
  const { machine, model, scenario, callers, scheduler, profile } = session;
  const meetings: string[] = [];
  const excluded = exclusionOf(profile, model);
  if (excluded !== undefined && (callers.length > 1 || calledBackIn(scenario.behaviours).length > 0))
    meetings.push(t('The calls are not called safe: {0} excludes them. {1}', profile.label, excluded));
  if (callers.length < 2) return meetings;
  // One thread runs all calls: those that nothing suspends cannot meet.
  if (model === 'cooperative' && !scheduler.suspended) return meetings;
  if (hostBesideCall(session))
    meetings.push(
      t(
        'The calls are not called safe: on {0}, one thread at a time may use an instance, and the host accesses its memory beside a call.',
        profile.label,
      ),
    );
  const given = givenMeetings(session);
  if (given.length > 0 && scenario.imports !== 'stub')
    meetings.push(
      t(
        'The calls are not called safe: callers can meet in {0} of {1}, and what happens inside was not observed.',
        namesOf(given),
        scenario.imports.module,
      ),
    );
  const imported = importedMeetings(session);
  if (imported.length > 0)
    meetings.push(
      t(
        'The calls are not called safe: on {0}, instances that import {1} from one instance share what they import, and each of them had its own here.',
        profile.label,
        namesOf(imported),
      ),
    );
  const references = referencesReturned(session);
  if (references.length > 0 && model !== 'isolated' && changesState(session))
    meetings.push(
      references.length === 1
        ? t(
            'The calls are not called safe: callers can call the functions that {0} returns references to, and such calls were not run.',
            namesOf(references),
          )
        : t(
            'The calls are not called safe: callers can call the functions that {0} return references to, and such calls were not run.',
            namesOf(references),
          ),
    );
  if (machine.references.metMade && model !== 'isolated' && changesState(session))
    meetings.push(
      t(
        'The calls are not called safe: what is inside the objects that they create and return, or leave behind, was not compared.',
      ),
    );
  if (meetInObjects(session))
    meetings.push(
      t(
        'The calls are not called safe: callers can meet in objects of the garbage collector, which {0} can write, and accesses of them were not observed.',
        namesOf(objectWriters(session)),
      ),
    );
  return meetings;
}

const namesOf = (names: readonly string[]): string => listOf(names.map(quoted), MAX_NAMES);

/** Ids of the effects that a caller's calls can have. */
function effectsOfCaller({ analysis, module }: Session, { calls }: Session['callers'][number]): number[] {
  // An instantiation runs the start function.
  const funcs = calls.map(({ func }) => (func < 0 ? (module.start?.func ?? -1) : func)).filter((func) => func >= 0);
  return [...new Set(funcs.flatMap((func) => effectsOf(analysis, func)))];
}

/** Cells that the calls of any caller can touch. */
const touched = (session: Session): Cell[] =>
  session.callers
    .flatMap((caller) => effectsOfCaller(session, caller))
    .map((effect) => session.analysis.effects[effect].cell);

/** Names of the functions within reach of the calls that write fields of structs or elements of arrays. */
function objectWriters({ analysis, module, instrumented }: Session): string[] {
  const { effects, facts } = analysis;
  const writes = (func: number): boolean =>
    facts.effect
      .subarray(facts.start[func], facts.start[func + 1])
      .some((effect) => effects[effect].cell.kind === 'heap' && isWrite(effects[effect]));
  const reached = [...instrumented.reachable.keys()].filter((func) => instrumented.reachable[func] === 1);
  return reached.filter(writes).map((func) => functionName(module, func));
}

/** Whether calls can change objects that outlive them: these are not restored between executions, so replays may differ. */
export const leavesObjects = (session: Session): boolean =>
  session.instrumented.changed.heap && keepsObjects(session.module);

/** Whether two callers run code that Asyncify instrumented, and one of them was suspended: it allows one at a time. */
export function meetUnwound(session: Session): boolean {
  const { analysis, callers, scheduler } = session;
  const { asyncify, asyncifyState } = analysis.sharing;
  if (!asyncify || !scheduler.suspended || callers.length < 2) return false;
  if (asyncifyState < 0) return true;
  const instrumented = callers.filter((caller) =>
    effectsOfCaller(session, caller).some((effect) => {
      const { kind, index } = analysis.effects[effect].cell;
      return kind === 'anything' || (kind === 'global' && (index === undefined || index === asyncifyState));
    }),
  );
  return instrumented.length > 1;
}

/**
 * Functions of the scenario that callers can be in at the same time. On one thread that is so only where a function returns
 * a promise: what it does between its own awaits is no step of its caller.
 */
function givenMeetings(session: Session): string[] {
  const { model, module, interruptions } = session;
  const { given } = reachedImports(session);
  if (model !== 'cooperative') return given;
  const suspends = module.imports.filter(
    ({ kind, index }) => kind === 'func' && interruptions[index]?.suspends === true,
  );
  return given.filter((name) => suspends.some((one) => `${one.module}.${one.name}` === name));
}

/** Imported memories, globals and tables that hosts share between instances, and in which two callers conflict. */
export function importedMeetings(session: Session): string[] {
  const { analysis, model, module, callers, profile } = session;
  if (!profile.importsShared || onOneInstance(model)) return [];
  const sharing = sharingUnder(analysis, model);
  const effects = callers.map((caller) =>
    effectsOfCaller(session, caller)
      .map((effect) => analysis.effects[effect])
      .filter(({ cell }) => stateKind(cell) !== undefined && !isExplored(session, cell)),
  );
  const met = effects.flatMap((mine, i) =>
    mine.filter((a) =>
      effects.some((theirs, k) => k !== i && theirs.some((b) => conflictOfEffects(a, b, sharing) !== undefined)),
    ),
  );
  return [...new Set(met.map(({ cell }) => stateName(module, cell)))];
}

/** Whether a cell lies in the memory that the callers' instances really share. */
const isExplored = ({ model, analysis }: Session, cell: Cell): boolean =>
  model === 'shared-memory' &&
  stateKind(cell) === 'memory' &&
  cell.index !== undefined &&
  analysis.sharing.memories[cell.index].common;

function stateName(module: Module, cell: Cell): string {
  const index = cell.index ?? 0;
  switch (stateKind(cell)) {
    case 'global':
      return globalName(module, index);
    case 'table':
      return tableName(module, index);
    default:
      return memoryName(module, index);
  }
}

/** Names of the called exports that return references to functions. */
function referencesReturned({ module, callers }: Session): string[] {
  const funcs = new Set(callers.flatMap(({ calls }) => calls.map(({ func }) => func)).filter((func) => func >= 0));
  const returns = (func: number): boolean => {
    const type = module.types[module.functions.typeIndex[func]]?.composite;
    return type?.kind === 'func' && type.results.some((result) => holdsFunctions(module, result));
  };
  return [...funcs].filter(returns).map((func) => functionName(module, func));
}

/** Whether functions of the module change anything that calls share; which of them a reference names is not known. */
const changesState = ({ analysis: { effects, facts, graph } }: Session): boolean =>
  facts.effect
    .subarray(0, facts.start[graph.functions])
    .some(
      (id) => isWrite(effects[id]) && (stateKind(effects[id].cell) !== undefined || effects[id].cell.kind === 'heap'),
    );

function holdsFunctions({ types }: Module, type: ValType): boolean {
  if (!isRef(type)) return false;
  const index = typeIndexOf(heapOf(type));
  return index < 0 ? heapOf(type) === FUNC : types[index]?.composite.kind === 'func';
}

/** Whether one caller can write an object that another one can reach: through a global, a table or a segment. */
function meetInObjects(session: Session): boolean {
  const { analysis, model, module, callers } = session;
  if (model === 'isolated' || (onOneInstance(model) && !keepsObjects(module))) return false;
  const sharing = sharingUnder(analysis, model);
  const objects = callers.map((caller) =>
    effectsOfCaller(session, caller)
      .map((effect) => analysis.effects[effect])
      .filter(({ cell }) => cell.kind === 'heap'),
  );
  return objects.some((mine, i) =>
    objects.some(
      (theirs, j) => i < j && mine.some((a) => theirs.some((b) => conflictOfEffects(a, b, sharing) !== undefined)),
    ),
  );
}

/** Whether something that outlives a call can hold an object. */
const keepsObjects = (module: Module): boolean =>
  [...module.globals, ...module.tables, ...module.elements].some(({ type }) => holdsObjects(module, type));

/** Abstract heap types without structs and arrays: `func`, `nofunc`, `i31`, `none`, `noextern`, `noexn`. */
const WITHOUT_OBJECTS: ReadonlySet<number> = new Set([FUNC, 0x73, I31, 0x71, 0x72, NOEXN]);

function holdsObjects({ types }: Module, type: ValType): boolean {
  if (!isRef(type)) return false;
  const index = typeIndexOf(heapOf(type));
  return index < 0 ? !WITHOUT_OBJECTS.has(heapOf(type)) : types[index]?.composite.kind !== 'func';
}

/** Tables that the calls use and that code outside of the module can use, too, with how it gets at them. */
function tablesOutside(session: Session): [index: number, leaves: 'imported' | 'exported'][] {
  const { module } = session;
  const cells = touched(session);
  const used = (index: number): boolean =>
    cells.some((cell) => cell.kind.startsWith('table') && (cell.index === undefined || cell.index === index));
  return module.tables.flatMap(({ imported }, index): [number, 'imported' | 'exported'][] => {
    const exported = module.exports.some((one) => one.kind === 'table' && one.index === index);
    if ((!imported && !exported) || !used(index)) return [];
    return [[index, imported ? 'imported' : 'exported']];
  });
}
