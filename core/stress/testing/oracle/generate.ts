/** Random programs for the independent oracle: a seed gives one. */
import { type Random, random } from '../../../testing/random.ts';
import {
  type Instruction,
  type Item,
  type MemoryShape,
  PAGE,
  type Place,
  type Program,
  type Step,
  TABLE_SIZE,
  type Width,
} from './program.ts';

/** Aligned and misaligned places on one line of 64 bytes, across its end, and on another line. */
const PLACES = [0, 4, 5, 8, 60, 64, 128];
/** Beyond the first page, across its end, and beyond what 32 bits can say. */
const HIGH = [PAGE + 8, PAGE + 8, PAGE - 4, 2 ** 32 + 8];

/** Most instructions of a call, by the number of callers and of calls of each. */
interface Shape {
  callers: number;
  calls: number;
  length: number;
}

const SHAPES: readonly Shape[] = [
  { callers: 2, calls: 1, length: 4 },
  { callers: 2, calls: 1, length: 3 },
  { callers: 2, calls: 2, length: 2 },
  { callers: 3, calls: 1, length: 2 },
  { callers: 4, calls: 1, length: 1 },
];

interface Context {
  next: Random;
  memories: readonly MemoryShape[];
  /** Addresses that this program uses most. */
  places: readonly number[];
}

type Kind = (c: Context) => Instruction;

/** The program that belongs to a seed. */
export function programOfSeed(seed: number): Program {
  const next = random(seed);
  const { callers, calls, length } = SHAPES[next(SHAPES.length)];
  const model = (['shared-instance', 'shared-instance', 'shared-memory', 'cooperative'] as const)[next(4)];
  const hosts = HOSTS[model];
  const memories = Array.from({ length: 1 + +(next(4) === 0) }, (_, i) => ({
    shared: (i === 0 && model === 'shared-memory') || next(3) === 0,
    is64: next(4) === 0,
    max: 1 + next(3),
  }));
  // Few kinds of one or two families, so that its callers meet.
  const families = [FAMILIES[next(FAMILIES.length)], FAMILIES[next(FAMILIES.length)]];
  const kinds = families.flatMap((family) => Array.from({ length: 2 }, () => family[next(family.length)]));
  if (model === 'cooperative') kinds.push(() => ({ op: 'suspend' }));
  const context: Context = { next, memories, places: [PLACES[next(PLACES.length)], PLACES[next(PLACES.length)]] };
  const list = (): Step[] =>
    Array.from({ length: 1 + next(length) }, () => ({
      ...suited(kinds[next(kinds.length)](context), model),
      guarded: next(6) === 0,
    }));
  return {
    model,
    host: hosts[next(hosts.length)],
    memories,
    tableMax: TABLE_SIZE + next(3),
    callers: Array.from({ length: callers }, () => Array.from({ length: 1 + next(calls) }, list)),
  };
}

const HOSTS: Readonly<Record<Program['model'], readonly Program['host'][]>> = {
  'shared-instance': ['wazero', 'wazero', 'wasmedge', 'wasmtime-c-api', 'wasi-threads'],
  'shared-memory': ['javascript', 'wasmtime', 'wamr', 'wasi-threads', 'wazero'],
  cooperative: ['javascript'],
};

/** On one thread nobody can wake who waits. */
function suited(instruction: Instruction, model: Program['model']): Instruction {
  return model === 'cooperative' && instruction.op === 'wait' ? { op: 'suspend' } : instruction;
}

const pick = <T>({ next }: Context, items: readonly T[]): T => items[next(items.length)];
const memory = ({ next, memories }: Context): number => next(memories.length);
const address = (c: Context): number => (c.next(10) === 0 ? pick(c, HIGH) : pick(c, c.places));
/** Of an operation on a range, which has no offset that could lead beyond 32 bits. */
const near = (c: Context, m: number): number => {
  const at = address(c);
  return at < 2 ** 32 || c.memories[m].is64 ? at : PAGE + 8;
};
const item = (c: Context): Item => c.next(4) as Item;
const slot = (c: Context): number => c.next(TABLE_SIZE + 1);
const table = (c: Context): number => +(c.next(4) === 0);

function place(c: Context): Place {
  const m = memory(c);
  const at = address(c);
  const offset = at >= 2 ** 32 ? 16 : c.next(3) === 0 ? Math.min(at, 4) : 0;
  return { memory: m, at, offset };
}

/** A place of an atomic access: misaligned now and then. */
function aligned(c: Context, width: number): Place {
  const { memory: m, at, offset } = place(c);
  const to = c.next(12) === 0 ? at : at - (at % width);
  return { memory: m, at: to, offset: Math.min(offset, to) };
}

const ANY: readonly Width[] = [1, 2, 4, 8, 16];
const NARROW: readonly Width[] = [1, 2, 4, 8];
const mixes = (c: Context): boolean => c.next(2) === 0;

const load: Kind = (c) => ({ op: 'load', width: pick(c, ANY), atomic: false, ...place(c) });
const store: Kind = (c) => ({
  op: 'store',
  width: pick(c, ANY),
  atomic: false,
  value: c.next(4),
  mixes: mixes(c),
  ...place(c),
});
const atomic =
  (make: (c: Context, width: Width, at: Place) => Instruction): Kind =>
  (c) => {
    const width = pick(c, NARROW);
    return make(c, width, aligned(c, width));
  };
const atomicStore = atomic((c, width, at) => ({
  op: 'store',
  width,
  atomic: true,
  value: c.next(4),
  mixes: mixes(c),
  ...at,
}));
const atomicLoad = atomic((_, width, at) => ({ op: 'load', width, atomic: true, ...at }));
const exchange = atomic((c, width, at) => ({ op: mixes(c) ? 'add' : 'exchange', width, value: c.next(4), ...at }));
const compareExchange = atomic((c, width, at) => ({
  op: 'compareExchange',
  width,
  expected: c.next(2),
  value: 1 + c.next(3),
  ...at,
}));
const size: Kind = (c) => ({ op: 'memory.size', memory: memory(c) });
const grow: Kind = (c) => ({ op: 'memory.grow', memory: memory(c), by: c.next(3) });
const wait: Kind = (c) => {
  const width = c.next(2) === 0 ? 4 : 8;
  return { op: 'wait', width, expected: c.next(2), timeout: pick(c, [-1, -1, 0, 1000]), ...aligned(c, width) };
};
const notify: Kind = (c) => ({ op: 'notify', count: pick(c, [0, 1, 1, 2, -1]), ...aligned(c, 4) });
const fill: Kind = (c) => {
  const m = memory(c);
  return { op: 'memory.fill', memory: m, at: near(c, m), count: c.next(4), value: c.next(4) };
};
const copy: Kind = (c) => {
  const [to, from] = [memory(c), memory(c)];
  // Apart, and overlapping in either direction.
  const fromAt = c.places[0] + pick(c, [16, 1, 2, 0]);
  const [at, source] = c.next(2) === 0 ? [c.places[0], fromAt] : [fromAt, c.places[0]];
  return { op: 'memory.copy', to, at: c.next(10) === 0 ? PAGE + 8 : at, from, fromAt: source, count: c.next(4) };
};
const init: Kind = (c) => {
  const m = memory(c);
  return { op: 'memory.init', memory: m, at: near(c, m), from: c.next(3), count: c.next(4) };
};
const tableGrow: Kind = (c) => ({ op: 'table.grow', table: table(c), by: c.next(3), item: item(c) });
const tableSet: Kind = (c) => ({ op: 'table.set', table: table(c), slot: slot(c), item: item(c) });
const tableGet: Kind = (c) => ({ op: 'table.get', table: table(c), slot: slot(c) });
const call: Kind = (c) => ({ op: 'call_indirect', table: table(c), slot: slot(c) });
const tableFill: Kind = (c) => ({ op: 'table.fill', table: table(c), slot: slot(c), count: c.next(3), item: item(c) });
const tableCopy: Kind = (c) => ({
  op: 'table.copy',
  to: table(c),
  toSlot: c.next(TABLE_SIZE),
  from: c.next(2),
  fromSlot: c.next(TABLE_SIZE),
  count: c.next(3),
});
const tableInit: Kind = (c) => ({
  op: 'table.init',
  table: table(c),
  slot: slot(c),
  from: c.next(3),
  count: c.next(3),
});

/** Kinds of instructions that have something to do with each other. */
const FAMILIES: readonly (readonly Kind[])[] = [
  [load, store],
  [load, store, atomicLoad, atomicStore, exchange, compareExchange],
  [atomicLoad, atomicStore, exchange, compareExchange],
  [
    (c) => ({ op: 'global.get', global: c.next(2) as 0 | 1 }),
    (c) => ({ op: 'global.set', global: c.next(2) as 0 | 1, value: c.next(4), mixes: mixes(c) }),
  ],
  [tableGet, tableSet, call],
  [tableGet, tableSet, call, tableGrow, (c) => ({ op: 'table.size', table: table(c) })],
  [tableFill, tableCopy, tableInit, tableGet, call, () => ({ op: 'elem.drop' })],
  [tableInit, () => ({ op: 'elem.drop' }), tableGrow],
  [size, grow, grow, load, store],
  [size, grow, fill, copy, exchange],
  [fill, copy, init, load, store],
  [init, () => ({ op: 'data.drop' })],
  [wait, notify],
  [wait, notify, atomicStore, exchange],
];
