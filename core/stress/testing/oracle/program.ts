/**
 * Random programs for the independent oracle: each caller makes one call, a list of instructions at constant addresses.
 * A program is data; `watOf` writes it as WebAssembly text, `interpret.ts` runs it without WebAssembly.
 */
import { type Random, random } from '../../../testing/random.ts';

/** Bytes of an access; 16 is a v128. */
export type Width = 1 | 2 | 4 | 8 | 16;

/** What an instruction reads goes into the accumulator, what it writes is `value` plus the accumulator where `mixes`. */
export type Instruction =
  | { op: 'load'; width: Width; at: number; atomic: boolean }
  | { op: 'store'; width: Width; at: number; atomic: boolean; value: number; mixes: boolean }
  | { op: 'add' | 'exchange'; width: Width; at: number; value: number }
  | { op: 'compareExchange'; width: Width; at: number; expected: number; value: number }
  | { op: 'global.get'; global: 0 | 1 }
  | { op: 'global.set'; global: 0 | 1; value: number; mixes: boolean }
  | { op: 'table.get'; slot: number }
  | { op: 'table.set'; slot: number; set: boolean }
  | { op: 'table.size' }
  | { op: 'table.grow'; by: number }
  | { op: 'memory.size' }
  | { op: 'memory.grow'; by: number }
  | { op: 'memory.fill'; at: number; count: number; value: number }
  | { op: 'memory.copy'; to: number; from: number; count: number }
  | { op: 'memory.init'; to: number; from: number; count: number }
  | { op: 'data.drop' }
  | { op: 'wait'; at: number; expected: number; timeout: number }
  | { op: 'notify'; at: number; count: number };

/** A `guarded` instruction runs only where the accumulator is odd. */
export type Step = Instruction & { guarded: boolean };

/** A program; `callers` has the steps of each caller's one call. */
export interface Program {
  /** `A`: one instance, `B`: an instance for each caller over one imported memory. */
  model: 'A' | 'B';
  /** The memory is a shared one; always in model B. */
  shared: boolean;
  callers: Step[][];
}

/** Bytes of a page. */
export const PAGE = 65536;
/** Maximum of the memory, which starts with one page. */
export const MAX_PAGES = 2;
/** Slots of the table at the start. */
export const TABLE_SIZE = 2;
/** Maximum of the table. */
export const MAX_TABLE = 3;
/** Bytes of the passive data segment. */
export const DATA = [11, 22, 33, 44];

/** Aligned and misaligned places on one line of 64 bytes, across its end, on another line, and beyond the first page. */
const PLACES = [0, 4, 5, 8, 60, 64, 128];
const HIGH = PAGE + 8;

interface Shape {
  callers: number;
  /** Most instructions of a caller. */
  length: number;
}

const SHAPES: readonly Shape[] = [
  { callers: 2, length: 4 },
  { callers: 2, length: 3 },
  { callers: 3, length: 2 },
  { callers: 4, length: 1 },
];

/** The program that belongs to a seed. */
export function programOfSeed(seed: number): Program {
  const next = random(seed);
  return randomProgram(next, SHAPES[next(SHAPES.length)]);
}

function randomProgram(next: Random, { callers, length }: Shape): Program {
  const model = next(3) === 0 ? 'B' : 'A';
  const shared = model === 'B' || next(3) === 0;
  // Few kinds in one program, so that its callers meet.
  const kinds = Array.from({ length: 3 }, () => KINDS[next(KINDS.length)]);
  const places = [PLACES[next(PLACES.length)], PLACES[next(PLACES.length)]];
  const context: Context = { next, places, shared };
  const list = (): Step[] =>
    Array.from({ length: 1 + next(length) }, () => ({
      ...kinds[next(kinds.length)](context),
      guarded: next(6) === 0,
    }));
  return { model, shared, callers: Array.from({ length: callers }, list) };
}

interface Context {
  next: Random;
  places: number[];
  shared: boolean;
}

const place = ({ next, places }: Context): number => (next(12) === 0 ? HIGH : places[next(places.length)]);
const aligned = (at: number, width: number): number => at - (at % width);
const NARROW = [1, 2, 4, 8] as const;
const ANY = [1, 2, 4, 8, 16] as const;

const KINDS: readonly ((context: Context) => Instruction)[] = [
  (c) => ({ op: 'load', width: ANY[c.next(5)], at: place(c), atomic: false }),
  (c) => ({
    op: 'store',
    width: ANY[c.next(5)],
    at: place(c),
    atomic: false,
    value: c.next(4),
    mixes: c.next(2) === 0,
  }),
  (c) => atomicAt(c, (width, at) => ({ op: 'load', width, at, atomic: true })),
  (c) =>
    atomicAt(c, (width, at) => ({ op: 'store', width, at, atomic: true, value: c.next(4), mixes: c.next(2) === 0 })),
  (c) => atomicAt(c, (width, at) => ({ op: c.next(2) === 0 ? 'add' : 'exchange', width, at, value: c.next(4) })),
  (c) => atomicAt(c, (width, at) => ({ op: 'compareExchange', width, at, expected: c.next(2), value: 1 + c.next(3) })),
  (c) => ({ op: 'global.get', global: c.next(2) as 0 | 1 }),
  (c) => ({ op: 'global.set', global: c.next(2) as 0 | 1, value: c.next(4), mixes: c.next(2) === 0 }),
  (c) => ({ op: 'table.get', slot: c.next(TABLE_SIZE + 1) }),
  (c) => ({ op: 'table.set', slot: c.next(TABLE_SIZE + 1), set: c.next(2) === 0 }),
  (c) => (c.next(2) === 0 ? { op: 'table.size' } : { op: 'table.grow', by: c.next(3) }),
  (c) => (c.next(2) === 0 ? { op: 'memory.size' } : { op: 'memory.grow', by: c.next(3) }),
  (c) => ({ op: 'memory.fill', at: place(c), count: 1 + c.next(3), value: c.next(4) }),
  (c) => ({ op: 'memory.copy', to: c.places[0], from: c.places[0] + 16, count: 1 + c.next(3) }),
  (c) => ({ op: 'memory.init', to: place(c), from: c.next(3), count: c.next(4) }),
  () => ({ op: 'data.drop' }),
  (c) =>
    c.shared
      ? { op: 'wait', at: aligned(place(c), 4), expected: c.next(2), timeout: [-1, -1, 0, 1000][c.next(4)] }
      : { op: 'memory.size' },
  (c) => ({ op: 'notify', at: aligned(place(c), 4), count: c.next(3) }),
];

function atomicAt(c: Context, make: (width: Width, at: number) => Instruction): Instruction {
  const width = NARROW[c.next(4)];
  return make(width, aligned(place(c), width));
}

const suffix = (width: number): string => (width === 8 ? '' : `${width * 8}_u`);
const at = (address: number): string => `(i32.const ${address})`;
const value = (v: number, mixes: boolean): string =>
  mixes ? `(i64.add (local.get $acc) (i64.const ${v}))` : `(i64.const ${v})`;
const fold = (x: string): string => `(local.set $acc (i64.add (i64.mul (local.get $acc) (i64.const 31)) ${x}))`;
const fold32 = (x: string): string => fold(`(i64.extend_i32_u ${x})`);
const lanes = '(i64x2.extract_lane 0 (local.get $v))';
const foldVector = (x: string): string =>
  `(local.set $v ${x}) ${fold(lanes)} ${fold(lanes.replace('lane 0', 'lane 1'))}`;

/** The one instruction of each step that accesses state comes from here; its immediates are constants. */
function code(step: Instruction): string {
  switch (step.op) {
    case 'load':
      if (step.width === 16) return foldVector(`(v128.load align=1 ${at(step.at)})`);
      return fold(
        step.atomic
          ? `(i64.atomic.load${suffix(step.width)} ${at(step.at)})`
          : `(i64.load${suffix(step.width)} align=1 ${at(step.at)})`,
      );
    case 'store': {
      const v = value(step.value, step.mixes);
      if (step.width === 16) return `(v128.store align=1 ${at(step.at)} (i64x2.splat ${v}))`;
      const bits = step.width === 8 ? '' : `${step.width * 8}`;
      return step.atomic
        ? `(i64.atomic.store${bits} ${at(step.at)} ${v})`
        : `(i64.store${bits} align=1 ${at(step.at)} ${v})`;
    }
    case 'add':
    case 'exchange': {
      const name = step.op === 'add' ? 'add' : 'xchg';
      const form = step.width === 8 ? `rmw.${name}` : `rmw${step.width * 8}.${name}_u`;
      return fold(`(i64.atomic.${form} ${at(step.at)} (i64.const ${step.value}))`);
    }
    case 'compareExchange': {
      const form = step.width === 8 ? 'rmw.cmpxchg' : `rmw${step.width * 8}.cmpxchg_u`;
      return fold(`(i64.atomic.${form} ${at(step.at)} (i64.const ${step.expected}) (i64.const ${step.value}))`);
    }
    case 'global.get':
      return step.global === 0 ? fold('(global.get $g)') : foldVector('(global.get $w)');
    case 'global.set': {
      const v = value(step.value, step.mixes);
      return step.global === 0 ? `(global.set $g ${v})` : `(global.set $w (i64x2.splat ${v}))`;
    }
    case 'table.get':
      return fold32(`(ref.is_null (table.get $t ${at(step.slot)}))`);
    case 'table.set':
      return `(table.set $t ${at(step.slot)} ${step.set ? '(ref.func $f)' : '(ref.null func)'})`;
    case 'table.size':
      return fold32('(table.size $t)');
    case 'table.grow':
      return fold32(`(table.grow $t (ref.null func) (i32.const ${step.by}))`);
    case 'memory.size':
      return fold32('(memory.size)');
    case 'memory.grow':
      return fold32(`(memory.grow (i32.const ${step.by}))`);
    case 'memory.fill':
      return `(memory.fill ${at(step.at)} (i32.const ${step.value}) (i32.const ${step.count}))`;
    case 'memory.copy':
      return `(memory.copy ${at(step.to)} ${at(step.from)} (i32.const ${step.count}))`;
    case 'memory.init':
      return `(memory.init $d ${at(step.to)} ${at(step.from)} (i32.const ${step.count}))`;
    case 'data.drop':
      return '(data.drop $d)';
    case 'wait':
      return fold32(`(memory.atomic.wait32 ${at(step.at)} (i32.const ${step.expected}) (i64.const ${step.timeout}))`);
    case 'notify':
      return fold32(`(memory.atomic.notify ${at(step.at)} (i32.const ${step.count}))`);
  }
}

/** One export `f0`, `f1`, ... for each caller. */
export function watOf({ model, shared, callers }: Program): string {
  const limits = `1 ${MAX_PAGES}${shared ? ' shared' : ''}`;
  const functions = callers.map((steps, p) => {
    const body = steps.map((step) =>
      step.guarded ? `(if (i32.wrap_i64 (i64.and (local.get $acc) (i64.const 1))) (then ${code(step)}))` : code(step),
    );
    return `(func (export "f${p}") (result i64) (local $acc i64) (local $v v128)
      (local.set $acc (i64.const ${p + 1}))
      ${body.join('\n      ')}
      (local.get $acc))`;
  });
  return `(module
    ${model === 'B' ? `(import "env" "memory" (memory ${limits}))` : `(memory ${limits})`}
    (global $g (mut i64) (i64.const 0)) (global $w (mut v128) (v128.const i64x2 0 0))
    (table $t ${TABLE_SIZE} ${MAX_TABLE} funcref) (elem declare func $f) (func $f)
    (data $d "${DATA.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")
    ${functions.join('\n    ')})`;
}
