/**
 * What instantiation writes to memories that other instances use already: the start function runs once for each instance,
 * beside calls of the others. Initialisation that a compare-exchange guards writes once only, and does not count where the
 * other instances may wait for it.
 */
import { DecodeFailure } from '../wasm/cursor.ts';
import type { Module } from '../wasm/module.ts';
import { intersects, setBit } from './bits.ts';
import { type Cell, isWrite } from './cells.ts';
import { conflictOfEffects } from './conflicts.ts';
import { effectsAt } from './effectsAt.ts';
import { ANY_CALLEE, Guard, type GuardedStep, guardedSteps } from './guards.ts';
import type { Analysis } from './model.ts';
import { isPlumbing } from './plumbingNames.ts';
import { sharingUnder } from './queries.ts';
import type { InstantiationWrites } from './rules/rule.ts';

/** Functions whose bodies are followed; the writes of further ones count as possible. */
const MAX_FUNCTIONS = 2_000;

type Known = Omit<Analysis, 'moduleHazards'>;

/** Undefined if instantiation writes no common memory, or only what is guarded and waited for. */
export function instantiationWrites(module: Module, analysis: Known): InstantiationWrites | undefined {
  if (!analysis.sharing.memories.some(({ common }) => common)) return undefined;
  const { start } = module;
  const ofStart = start === undefined ? undefined : writesOf(module, analysis, start.func, 'start');
  if (ofStart !== undefined) return ofStart;
  const entry = module.exports.find(({ kind, name }) => kind === 'func' && name === '_initialize');
  const found = entry === undefined ? undefined : writesOf(module, analysis, entry.index, '_initialize');
  // Many libraries make a second call of it harmless by a flag.
  return found?.often === 'always' ? found : undefined;
}

function writesOf(
  module: Module,
  analysis: Known,
  root: number,
  by: InstantiationWrites['by'],
): InstantiationWrites | undefined {
  /** Weakest guard under which a function is known to be called. */
  const called = new Map<number, number>([[root, Guard.None]]);
  const work = [root];
  /** Nodes of indirect calls whose targets are known to be called. */
  const opened = new Map<number, number>();
  /** Offsets of writes by effect: by the guard that they have. */
  const byGuard: [certain: Map<number, number>, possible: Map<number, number>, once: Map<number, number>] = [
    new Map(),
    new Map(),
    new Map(),
  ];
  let waits = false;
  for (let func = work.pop(); func !== undefined; func = work.pop()) {
    const outer = called.get(func) ?? Guard.None;
    for (const step of stepsOf(module, analysis, func, called.size <= MAX_FUNCTIONS)) {
      const guard = Math.max(outer, step.guard);
      waits ||= step.waits === true;
      for (const [callee, how] of calleesOf(analysis, func, step, guard, opened)) {
        // A function of the host may wait.
        waits ||= callee < module.functions.imported;
        if ((called.get(callee) ?? Number.POSITIVE_INFINITY) <= how || callee < module.functions.imported) continue;
        called.set(callee, how);
        work.push(callee);
      }
      if (step.memory < 0 || !analysis.sharing.memories[step.memory]?.common) continue;
      for (const effect of step.effects ?? effectsAt(module, analysis, func, step.offset).effects) {
        const { cell } = analysis.effects[effect];
        // Frames are the matter of the stack pointer.
        if (!isWrite(analysis.effects[effect]) || cell.kind !== 'memory' || cell.address?.base === 'stack') continue;
        const offsets = byGuard[cell.address?.base === 'static' ? guard : Math.max(guard, Guard.Read)];
        if (!offsets.has(effect)) offsets.set(effect, step.offset);
      }
    }
  }
  const often = byGuard[Guard.None].size > 0 ? 'always' : byGuard[Guard.Read].size > 0 ? 'perhaps' : 'once';
  const offsets = byGuard[often === 'always' ? Guard.None : often === 'perhaps' ? Guard.Read : Guard.Won];
  if (offsets.size === 0 || (often === 'once' && waits)) return undefined;
  const written = [...offsets.keys()].sort((a, b) => a - b).map((id) => analysis.effects[id].cell);
  const memory = written[0].index;
  const against = usersOf(analysis, written);
  // What nobody uses need not be waited for.
  if (often === 'once' && against.length === 0) return undefined;
  return {
    by,
    cells: written.filter(({ index }) => index === memory),
    offset: Math.min(...offsets.values()),
    often,
    against,
  };
}

/** A step, with its effects where they are known. */
interface Step extends GuardedStep {
  effects?: readonly number[];
}

/** Steps of a function; if it is imported or cannot be followed, what its facts say, as possible. */
function stepsOf(module: Module, analysis: Known, func: number, follow: boolean): Step[] {
  const { graph, facts, effects } = analysis;
  if (follow && func >= module.functions.imported) {
    try {
      return guardedSteps(module, func, (callee) => (locks(analysis, callee) ? Guard.Read : Guard.None));
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
    }
  }
  const found: Step[] = [{ offset: 0, guard: Guard.Read, memory: -1, callee: -1, waits: true }];
  for (let row = graph.start[func]; row < graph.start[func + 1]; row++) {
    const callee = graph.target[row] < graph.functions ? graph.target[row] : ANY_CALLEE;
    found.push({ offset: graph.site[row], guard: Guard.Read, memory: -1, callee });
  }
  for (let row = facts.start[func]; row < facts.start[func + 1]; row++) {
    const effect = facts.effect[row];
    const { kind, index } = effects[effect].cell;
    if (kind === 'memory' && index !== undefined)
      found.push({ offset: facts.site[row], guard: Guard.Read, memory: index, callee: -1, effects: [effect] });
  }
  return found;
}

/** Whether a function changes memory atomically: what it returns may be the result of a lock. */
function locks({ facts, effects }: Known, func: number): boolean {
  for (let row = facts.start[func]; row < facts.start[func + 1]; row++)
    if (effects[facts.effect[row]].access === 'atomic-write') return true;
  return false;
}

/**
 * Functions that a step calls, each with the guard under which it does; through a table it is never certain which, so that
 * the targets need to be listed only once for each guard.
 */
function calleesOf(
  { graph }: Known,
  func: number,
  { callee }: GuardedStep,
  guard: number,
  opened: Map<number, number>,
): [number, number][] {
  if (callee >= 0) return [[callee, guard]];
  if (callee !== ANY_CALLEE) return [];
  const found: [number, number][] = [];
  const how = Math.max(guard, Guard.Read);
  for (let row = graph.start[func]; row < graph.start[func + 1]; row++) {
    const node = graph.target[row];
    if (node < graph.functions || (opened.get(node) ?? Number.POSITIVE_INFINITY) <= how) continue;
    opened.set(node, how);
    for (let k = graph.start[node]; k < graph.start[node + 1]; k++) found.push([graph.target[k], how]);
  }
  return found;
}

/**
 * Names of the exports that use the cells, in order; those that may do so only if none certainly does. An atomic store of
 * an initial value undoes atomic updates, too, so that each write counts as a plain one.
 */
function usersOf(analysis: Known, cells: readonly Cell[]): string[] {
  const { effects, words, groups, exports, model } = analysis;
  const sharing = sharingUnder(analysis, model);
  const sure = new Uint32Array(words);
  const any = new Uint32Array(words);
  effects.forEach((effect, id) => {
    for (const cell of cells) {
      const confidence = conflictOfEffects({ cell, access: 'write' }, effect, sharing);
      if (confidence !== undefined) setBit(any, 0, id);
      if (confidence === 'definite') setBit(sure, 0, id);
    }
  });
  const using = (set: Uint32Array): string[] =>
    groups
      .flatMap((group) => (intersects(group.effects, set) ? group.exports : []))
      .sort((a, b) => a - b)
      .map((position) => exports[position])
      .filter((one) => !isPlumbing(one))
      .map(({ name }) => name);
  const surely = using(sure);
  return surely.length > 0 ? surely : using(any);
}
