/**
 * The bodies that matter to locks, followed from callees to callers: those that change words atomically, and those that
 * call them directly.
 */
import type { Module } from '../../wasm/module.ts';
import type { GuardInput } from '../onceGuards.ts';
import type { LockBody } from './lockFindings.ts';
import { isStaticKey } from './lockKeys.ts';
import { type LockSummary, NEVER_RETURNS } from './lockSummary.ts';
import { sameFact } from './lockValues.ts';
import { type WalkEffort, walkLocks } from './lockWalk.ts';

/** Most steps of following bodies; beyond it no lock is found. */
const MAX_STEPS = 250_000;
/** Times that functions which call each other are repeated. */
const MAX_ROUNDS = 12;

/** Bodies by function; undefined: it could not be followed. */
export type LockBodies = ReadonlyMap<number, LockBody | undefined>;

/**
 * Follows `changing`, the bodies that change words, and those that call them directly; undefined where there are none, or
 * too many.
 */
export function lockBodies(module: Module, input: GuardInput, changing: ReadonlySet<number>): LockBodies | undefined {
  if (changing.size === 0) return undefined;
  const wanted = withCallers(module, input, changing);
  const effort: WalkEffort = { left: MAX_STEPS };
  const bodies = new Map<number, LockBody | undefined>();
  const summaries = new Map<number, LockSummary>();
  for (const component of components(input, wanted)) {
    const [first] = component;
    const matters = (func: number): boolean =>
      changing.has(func) || callees(input, func).some((callee) => summaries.has(callee));
    // Callers of what leaves all locks as they were have nothing to do with locks.
    if (!component.some(matters)) continue;
    const alone = component.length === 1 && !callees(input, first).includes(first);
    for (const func of component) summaries.set(func, NEVER_RETURNS);
    let changed = true;
    for (let round = 0; changed && round < MAX_ROUNDS; round++) {
      changed = false;
      for (const func of component) {
        const body = walkLocks(module, func, (callee) => summaries.get(callee), effort);
        if (effort.left < 0) return undefined;
        bodies.set(func, body);
        const before = summaries.get(func);
        if (body !== undefined && before !== undefined && !alone) changed ||= !sameSummary(before, body.summary);
        if (body === undefined) summaries.delete(func);
        else summaries.set(func, body.summary);
      }
    }
    for (const func of component) {
      if (changed) bodies.set(func, undefined);
      if (changed || isBalanced(summaries.get(func))) summaries.delete(func);
    }
  }
  return bodies;
}

/**
 * Whether a function leaves all locks as they were: it takes and gives up fixed ones only. Whoever calls it with one of them
 * held waits forever.
 */
const isBalanced = (summary: LockSummary | undefined): boolean =>
  summary === undefined ||
  (summary.needs.size === 0 &&
    summary.addsUnheld.size === 0 &&
    [...summary.uses.keys()].every(isStaticKey) &&
    summary.exits.every(({ locks }) => [...locks.values()].every((status) => status === 'released')));

/** Functions with a body that change words of a shared memory atomically. */
export function atomicWriters(module: Module, { effects, facts, graph, memories }: GuardInput): Set<number> {
  const found = new Set<number>();
  const changes = effects.map(
    ({ access, cell }) =>
      access === 'atomic-write' && cell.kind === 'memory' && (cell.index === undefined || memories[cell.index].shared),
  );
  for (let func = module.functions.imported; func < graph.functions; func++)
    for (let row = facts.start[func]; row < facts.start[func + 1] && !found.has(func); row++)
      if (changes[facts.effect[row]]) found.add(func);
  return found;
}

/** Functions, and all that call them directly, or call such callers. */
function withCallers(module: Module, { graph }: GuardInput, functions: ReadonlySet<number>): Set<number> {
  const found = new Set(functions);
  const callers = new Map<number, number[]>();
  for (let func = module.functions.imported; func < graph.functions; func++)
    for (const callee of callees({ graph }, func)) {
      const known = callers.get(callee) ?? [];
      callers.set(callee, known);
      known.push(func);
    }
  const work = [...functions];
  for (let func = work.pop(); func !== undefined; func = work.pop()) {
    for (const caller of callers.get(func) ?? []) {
      if (found.has(caller)) continue;
      found.add(caller);
      work.push(caller);
    }
  }
  return found;
}

/** Direct callees. */
export function callees({ graph }: Pick<GuardInput, 'graph'>, func: number): number[] {
  const targets: number[] = [];
  for (let row = graph.start[func]; row < graph.start[func + 1]; row++)
    if (graph.target[row] < graph.functions) targets.push(graph.target[row]);
  return targets;
}

/** Functions that call each other, callees first. Tarjan's algorithm without recursion. */
function components(input: GuardInput, wanted: ReadonlySet<number>): number[][] {
  const found: number[][] = [];
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const open = new Set<number>();
  const stack: number[] = [];
  const begin = (func: number) => {
    order.set(func, order.size);
    low.set(func, order.size - 1);
    open.add(func);
    stack.push(func);
    return { func, targets: callees(input, func).filter((callee) => wanted.has(callee)), next: 0 };
  };
  const lower = (func: number, to: number): void => {
    low.set(func, Math.min(low.get(func) ?? to, to));
  };
  for (const root of wanted) {
    if (order.has(root)) continue;
    const path = [begin(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { func, targets } = top;
      if (top.next < targets.length) {
        const target = targets[top.next++];
        if (!order.has(target)) path.push(begin(target));
        else if (open.has(target)) lower(func, order.get(target) ?? 0);
        continue;
      }
      path.pop();
      const own = low.get(func) ?? 0;
      const caller = path.at(-1);
      if (caller !== undefined) lower(caller.func, own);
      if (own !== order.get(func)) continue;
      const component = stack.splice(stack.lastIndexOf(func));
      for (const member of component) open.delete(member);
      found.push(component);
    }
  }
  return found;
}

function sameSummary(a: LockSummary, b: LockSummary): boolean {
  const sameKeys = (x: { size: number }, y: { size: number }): boolean => x.size === y.size;
  if (!sameKeys(a.uses, b.uses) || !sameKeys(a.released, b.released) || !sameKeys(a.addsUnheld, b.addsUnheld))
    return false;
  if (!sameKeys(a.needs, b.needs) || a.exits.length !== b.exits.length) return false;
  for (const [key, needs] of a.needs) if (b.needs.get(key) !== needs) return false;
  for (const [key, use] of a.uses) {
    const other = b.uses.get(key);
    if (other?.bits !== use.bits || other.writers.size !== use.writers.size) return false;
    if (other.notWriters?.size !== use.notWriters?.size || other.tickets.size !== use.tickets.size) return false;
    if (other.masks.size !== use.masks.size) return false;
  }
  return a.exits.every(({ locks, result }, k) => {
    const other = b.exits[k];
    return (
      sameFact(result, other.result) &&
      locks.size === other.locks.size &&
      [...locks].every(([key, status]) => other.locks.get(key) === status)
    );
  });
}
