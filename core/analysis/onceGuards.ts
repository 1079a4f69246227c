/**
 * One-time initialisation behind a guard that works: writes that only the winner of a compare-exchange makes, and that
 * every other caller of the guarded function waits for. They do not conflict with what callers do after such a call.
 */
import { Cursor } from '../wasm/cursor.ts';
import { nextInstruction } from '../wasm/immediates.ts';
import { MNEMONIC } from '../wasm/instructions.ts';
import type { Module } from '../wasm/module.ts';
import { type Effect, isAtomic, isWrite } from './cells.ts';
import { constantOf } from './constants.ts';
import { effectsAt } from './effectsAt.ts';
import { OWN } from './functionFacts.ts';
import { type GuardedBody, type GuardWord, isOrdered, Phase, walkGuard } from './guardWalk.ts';
import type { CallGraph, FunctionFacts, MemorySharing } from './model.ts';

/** Width of the word of a guard in bytes. */
const WORD = 4;
/** Guards that are looked at. */
const MAX_GUARDS = 8;

/** What the search needs of an analysis in the making. */
export interface GuardInput {
  effects: Effect[];
  facts: FunctionFacts;
  graph: CallGraph;
  memories: readonly MemorySharing[];
}

/** A guard that was found to work. */
interface OnceGuard {
  /** Effects of the guarded writes; they have ids of their own. */
  effects: number[];
  /** No access at an unknown address could change the word. */
  proven: boolean;
  /** Whether a function does everything to the memory behind the guard. */
  covers(func: number): boolean;
}

/** Guards of a module, and the facts with effects of their own for guarded writes. `effects` grows. */
export interface OnceGuards {
  facts: FunctionFacts;
  guards: OnceGuard[];
}

/** Undefined where there is no guard. */
export function onceGuards(module: Module, input: GuardInput): OnceGuards | undefined {
  let { facts } = input;
  const guards: OnceGuard[] = [];
  for (const word of wordsOf(module, input).slice(0, MAX_GUARDS)) {
    const found = guardOf(module, { ...input, facts }, word);
    if (found === undefined) continue;
    facts = found.facts;
    guards.push(found.guard);
  }
  return guards.length === 0 ? undefined : { facts, guards };
}

/** Words of shared memories that a compare-exchange changes. */
function wordsOf(module: Module, { effects, facts, memories }: GuardInput): GuardWord[] {
  if (!memories.some(({ shared }) => shared)) return [];
  const words = new Map<number, GuardWord>();
  for (let row = 0; row < facts.effect.length; row++) {
    if (facts.originNode[row] !== OWN) continue;
    const { cell, access, widths } = effects[facts.effect[row]];
    const { address, index } = cell;
    if (access !== 'atomic-write' || cell.kind !== 'memory' || widths !== WORD || index === undefined) continue;
    if (address?.base !== 'static' || address.global !== undefined || !memories[index].shared) continue;
    if (module.memories[index].limits.is64) continue;
    const instruction = instructionAt(module, facts.site[row]);
    if (MNEMONIC[instruction] === 'i32.atomic.rmw.cmpxchg')
      words.set(facts.effect[row], { memory: index, address: address.start });
  }
  return [...words.values()];
}

const instructionAt = ({ bytes }: Module, offset: number): number =>
  nextInstruction(new Cursor(bytes, offset, bytes.length)).id;

function guardOf(
  module: Module,
  input: GuardInput,
  word: GuardWord,
): { guard: OnceGuard; facts: FunctionFacts } | undefined {
  const { effects, facts, graph } = input;
  const uses = usesOf(module, effects, word);
  if (uses === 'broken') return undefined;
  const bodies = new Map<number, GuardedBody | 'unknown' | undefined>();
  const touching = functionsReaching(input, ({ cell }) => {
    const ofMemory = cell.kind === 'memory' && (cell.index === undefined || cell.index === word.memory);
    return ofMemory || cell.kind === 'anything' || cell.kind === 'host-unknown';
  });
  const guarding = functionsReaching(input, (_, id) => uses.own.has(id));
  const bodyOf = (func: number): GuardedBody | 'unknown' | undefined => {
    if (func < module.functions.imported || !touching.has(func)) return undefined;
    // What never gets to the guard knows nothing of it: large modules are not walked.
    if (!guarding.has(func)) return 'unknown';
    if (bodies.has(func)) return bodies.get(func);
    // A function that calls itself.
    bodies.set(func, 'unknown');
    const body = walkGuard(module, func, word, bodyOf) ?? 'unknown';
    bodies.set(func, body);
    return body;
  };
  const once = new Map<number, Map<number, number>>();
  for (let func = module.functions.imported; func < graph.functions; func++) {
    const rows = rowsOf(facts, func);
    if (!rows.some((row) => uses.own.has(facts.effect[row]))) continue;
    // Whoever uses the word has to follow the protocol.
    const body = bodyOf(func);
    if (body === undefined || body === 'unknown' || !body.valid) return undefined;
    const kept = new Set<number>();
    const written = new Map<number, number>();
    for (const [offset, phases] of body.accesses) {
      for (const effect of effectsAt(module, input, func, offset).effects) {
        if (phases !== Phase.Winner || !isOfMemory(effects[effect], word.memory)) kept.add(effect);
        else if (!written.has(effect)) written.set(effect, offset);
      }
    }
    // What calls do at their arguments is not told apart by the guard.
    for (const row of rows) if (facts.originNode[row] !== OWN) kept.add(facts.effect[row]);
    const only = [...written].filter(([effect]) => !uses.own.has(effect));
    once.set(func, new Map(only.map(([effect, offset]) => [effect, kept.has(effect) ? -1 : offset])));
  }
  const ids = new Map<number, number>();
  for (const found of once.values())
    for (const [effect, offset] of found)
      if (offset >= 0 && !ids.has(effect)) ids.set(effect, effects.push({ ...effects[effect] }) - 1);
  if (ids.size === 0) return undefined;
  const effect = facts.effect.slice();
  for (const [func, found] of once)
    for (const row of rowsOf(facts, func))
      if ((found.get(effect[row]) ?? -1) >= 0) effect[row] = ids.get(effect[row]) ?? effect[row];
  const covers = (func: number): boolean => {
    const body = bodyOf(func);
    return body !== undefined && body !== 'unknown' && isOrdered(body);
  };
  return { guard: { effects: [...ids.values()], proven: uses.proven, covers }, facts: { ...facts, effect } };
}

const isOfMemory = ({ cell }: Effect, memory: number): boolean => cell.kind === 'memory' && cell.index === memory;

const rowsOf = ({ start }: FunctionFacts, func: number): number[] =>
  Array.from({ length: start[func + 1] - start[func] }, (_, k) => start[func] + k);

/** Who changes the word: the effects on it alone, and whether unknown addresses may reach it. `broken`: others do. */
function usesOf(
  module: Module,
  effects: readonly Effect[],
  { memory, address: at }: GuardWord,
): { own: Set<number>; proven: boolean } | 'broken' {
  const own = new Set<number>();
  let proven = true;
  for (const [id, effect] of effects.entries()) {
    const { cell, widths } = effect;
    if (cell.kind === 'anything') return 'broken';
    if (cell.kind !== 'memory') continue;
    // A notification changes nothing, but wakes those who wait for the end of the initialisation.
    const notifies = effect.access === 'atomic-read' && widths === undefined;
    if (!isWrite(effect) && !notifies && !isAtomic(effect)) continue;
    const { address } = cell;
    if (cell.index !== memory) {
      // Imports may be one memory.
      if (cell.index === undefined || (module.memories[memory].imported && module.memories[cell.index].imported))
        proven = false;
      continue;
    }
    if (address?.base === 'static' && address.global === undefined) {
      if (address.end <= at || at + WORD <= address.start) continue;
      const exact = isAtomic(effect) && address.start === at && address.end === at + WORD;
      if (exact) own.add(id);
      else if (isWrite(effect) || notifies) return 'broken';
    } else if (isWrite(effect) || notifies) proven = false;
  }
  for (const { mode, memory: target, offsetExpr, start, end } of module.data) {
    if (mode !== 'active' || target !== memory || offsetExpr === undefined) continue;
    const from = constantOf(module, offsetExpr);
    if (from === undefined) proven = false;
    else if (from < at + WORD && at < from + (end - start)) return 'broken';
  }
  return { own, proven };
}

/** Nodes of the call graph that have one of the wanted effects, themselves or through calls. */
function functionsReaching(
  { facts, graph, effects }: GuardInput,
  wanted: (effect: Effect, id: number) => boolean,
): Set<number> {
  const callers = new Map<number, number[]>();
  const found = new Set<number>();
  const work: number[] = [];
  const add = (node: number): void => {
    if (found.has(node)) return;
    found.add(node);
    work.push(node);
  };
  for (let node = 0; node < graph.nodes; node++) {
    for (let k = graph.start[node]; k < graph.start[node + 1]; k++) {
      const known = callers.get(graph.target[k]) ?? [];
      callers.set(graph.target[k], known);
      known.push(node);
    }
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++)
      if (wanted(effects[facts.effect[row]], facts.effect[row])) add(node);
  }
  for (let node = work.pop(); node !== undefined; node = work.pop())
    for (const caller of callers.get(node) ?? []) add(caller);
  return found;
}
