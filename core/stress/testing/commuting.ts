/**
 * For tests: programs of steps of which many commute in some states only: growth of a memory, writes of one value,
 * exchanges that fail, read-modify-writes that change nothing.
 */
import type { Random } from '../../testing/random.ts';
import type { Call } from '../scenario/steps.ts';

/** Most callers. */
const CALLERS = 3;
const PAGE = 65536;
/** Places of cells: on one line, on another one, and beyond the size at the base. */
const CELLS = [64, 68, 128, PAGE + 8];

/** Families of steps, so that callers meet: `$at` is the place of a cell, `$value` what is written. */
const FAMILIES = {
  growth: {
    load: '(result i32) (i32.load (local.get $at))',
    store: '(i32.store (local.get $at) (local.get $value))',
    move: '(i32.store (i32.const 64) (i32.load (local.get $at)))',
    fill: '(memory.fill (local.get $at) (local.get $value) (i32.const 4))',
    grow: '(result i32) (memory.grow (i32.const 1))',
    size: '(result i32) (memory.size)',
  },
  values: {
    load: '(result i32) (i32.load (local.get $at))',
    store: '(i32.store (local.get $at) (local.get $value))',
    store8: '(i32.store8 (local.get $at) (local.get $value))',
    wide: '(i64.store (local.get $at) (i64.extend_i32_u (local.get $value)))',
    fill: '(memory.fill (local.get $at) (local.get $value) (i32.const 4))',
    move: '(i32.store (i32.const 64) (i32.load (local.get $at)))',
    set: '(global.set $g (local.get $value))',
    get: '(result i32) (global.get $g)',
    bump: '(global.set $g (i32.add (global.get $g) (i32.const 1)))',
  },
  atomics: {
    load: '(result i32) (i32.load (local.get $at))',
    store: '(i32.store (local.get $at) (local.get $value))',
    atomicLoad: '(result i32) (i32.atomic.load (local.get $at))',
    atomicStore: '(i32.atomic.store (local.get $at) (local.get $value))',
    exchange: '(result i32) (i32.atomic.rmw.xchg (local.get $at) (local.get $value))',
    or: '(result i32) (i32.atomic.rmw.or (local.get $at) (local.get $value))',
    compare: '(result i32) (i32.atomic.rmw.cmpxchg (local.get $at) (local.get $value) (i32.const 1))',
  },
} as const;

/** A name in `FAMILIES`. */
export type Family = keyof typeof FAMILIES;
/** All names. */
export const FAMILY_NAMES = Object.keys(FAMILIES) as Family[];

/** A module with exports of their own for each caller, so that races of different callers are different ones. */
export function commutingModule(family: Family): string {
  const functions = Object.entries(FAMILIES[family]).flatMap(([kind, body]) =>
    Array.from(
      { length: CALLERS },
      (_, caller) => `(func (export "${kind}${caller}") (param $at i32) (param $value i32) ${body})`,
    ),
  );
  return `(module (memory 1 3) (global $g (mut i32) (i32.const 0)) ${functions.join('\n')})`;
}

/** Every export is called. */
export const commutingCallsOfAll = (family: Family): Call[][] =>
  Array.from({ length: CALLERS }, (_, caller) =>
    Object.keys(FAMILIES[family]).map((kind): Call => [`${kind}${caller}`, 64, 0]),
  );

/** Two or three callers, few steps each: every interleaving can be run. */
export function commutingCalls(next: Random, family: Family): Call[][] {
  const callers = 2 + +(next(3) === 0);
  const kinds = Object.keys(FAMILIES[family]);
  const cells = 1 + next(3);
  const most = callers === 2 ? 3 : 2;
  return Array.from({ length: callers }, (_, caller) =>
    Array.from({ length: 1 + next(most) }, (): Call => {
      const cell = family === 'growth' && next(6) === 0 ? CELLS.length - 1 : next(cells);
      return [`${kinds[next(kinds.length)]}${caller}`, CELLS[cell], next(2)];
    }),
  );
}
