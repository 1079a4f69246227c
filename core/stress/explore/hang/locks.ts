/**
 * Which words of memory callers use as locks, and who holds them. A word counts as a lock where a caller took it away
 * from its first value by a read-modify-write and brought it back itself, or where the last thing that a waiter did to it
 * was a read-modify-write that found it taken.
 */
import type { WordEvent } from './eventLog.ts';

/** Words that callers took and released in executions in which each of them came first. */
export function releasedWords(runs: readonly { events: readonly WordEvent[]; first: number }[]): ReadonlySet<string> {
  const released = new Set<string>();
  for (const { events, first } of runs) {
    const words = new Map<string, { base: bigint; takenIn: number }>();
    for (const { caller, key, kind, before, after, call } of events) {
      if (caller !== first) break;
      const word = words.get(key) ?? { base: before, takenIn: -1 };
      words.set(key, word);
      if (before === after) continue;
      if (after === word.base) {
        if (word.takenIn >= 0) released.add(key);
        word.takenIn = -1;
      } else if (before === word.base) word.takenIn = kind === 'rmw' ? call : -1;
    }
  }
  return released;
}

/** The callers that hold each word after the events, as far as it has left its first value by a read-modify-write. */
export function holders(
  events: readonly WordEvent[],
  waits: ReadonlyMap<number, string>,
): ReadonlyMap<string, number[]> {
  const words = new Map<string, { base: bigint; by: Map<number, bigint> }>();
  // Instructions that have taken a word which was free: they take it, too, where others hold it already.
  const taking = new Set<number>();
  for (const { caller, key, kind, site, op, before, after } of events) {
    if (kind === 'notify' || key.startsWith('cell')) continue;
    const word = words.get(key) ?? { base: before, by: new Map<number, bigint>() };
    words.set(key, word);
    if (before === after) continue;
    if (after === word.base) word.by.clear();
    else if (before === word.base) {
      word.by.clear();
      if (kind !== 'rmw') continue;
      word.by.set(caller, after - before);
      taking.add(site);
    } else if (adds(op) || (op.includes('cmpxchg') && (taking.has(site) || waits.get(caller) !== key))) {
      // Several hold it at once, as readers do; a waiter that only marks the lock holds nothing.
      const net = (word.by.get(caller) ?? 0n) + after - before;
      if (net === 0n) word.by.delete(caller);
      else word.by.set(caller, net);
    }
  }
  return new Map([...words].filter(([, { by }]) => by.size > 0).map(([key, { by }]) => [key, [...by.keys()]]));
}

/** Whether the last thing that a caller did to a word, waiting apart, was to find it taken. */
export function foundTaken(events: readonly WordEvent[], caller: number, key: string): boolean {
  const base = events.find((event) => event.key === key && event.kind !== 'notify')?.before;
  const last = events.findLast(
    (event) => event.caller === caller && event.key === key && event.kind !== 'notify' && !waiting(event),
  );
  if (last === undefined || last.kind !== 'rmw' || last.before === base) return false;
  return last.op.includes('cmpxchg') ? last.before === last.after : last.op.includes('xchg') || last.op.includes('.or');
}

const waiting = ({ op }: WordEvent): boolean => op.startsWith('memory.atomic.wait');
const adds = (op: string): boolean => /\.rmw\d*\.(add|sub|or|and|xor)/.test(op);
