/** Speed of exploring: schedules and steps, as the number of callers and their accesses grow. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { wazeroModule } from '../../../core/analysis/testing/wazero/verdicts.ts';
import type { Call } from '../../../core/stress/scenario/steps.ts';
import { fixture, type Rates, ratesOf } from './exploring.ts';

/** Two callers each. */
const CASES = {
  'counter in a global, two callers': async () => [await fixture('counter-global.wat'), ['increment']],
  'counter in memory, two callers': async () => [await fixture('counter-memory.wat'), ['increment']],
  '400 accesses each, two callers': async () => [await wazeroModule('c08_grow_store.wat'), ['bump', 200]],
} satisfies Record<string, () => Promise<[Uint8Array, Call]>>;
/** A case of the table of speeds. */
export type SpeedCase = keyof typeof CASES;

/** The cases of the table of speeds. */
export const SPEED_CASES = Object.keys(CASES) as SpeedCase[];

/** Rates of a case, with at most three preemptions. */
export async function caseRates(name: SpeedCase): Promise<Rates> {
  const [bytes, call] = (await CASES[name]()) as [Uint8Array, Call];
  return ratesOf(bytes, { callers: [[call], [call]] }, 3);
}

const SHORT = { rounds: 10, milliseconds: 100 };

/** Rates of that many callers of a counter, with at most one preemption. */
export async function callerRates(count: number): Promise<Rates> {
  const callers = Array.from({ length: count }, (): Call[] => [['increment']]);
  return ratesOf(await fixture('counter-global.wat'), { callers }, 1, SHORT);
}

/** What two callers access in a loop: one counter, or each memory of its own, line after line. */
export const ACCESS_SHAPES = {
  shared: 'the same counter, read and written',
  own: 'own memory, line after line',
} as const;
/** One of `ACCESS_SHAPES`. */
export type AccessShape = keyof typeof ACCESS_SHAPES;

const LOOPS = `(module (memory (export "memory") 4)
  (func (export "shared") (param $from i32) (param $n i32)
    (loop $l
      (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
      (br_if $l (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 2))) (i32.const 0)))))
  (func (export "own") (param $from i32) (param $n i32)
    (loop $l
      (i32.store (local.get $from) (local.get $n))
      (local.set $from (i32.add (local.get $from) (i32.const 64)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`;

/** Where the second caller's own memory begins, beyond that of the first. */
const SECOND = 131_072;

/** Rates of two callers with that many accesses each, two or more, with at most one preemption. */
export async function accessRates({ shape, accesses }: { shape: AccessShape; accesses: number }): Promise<Rates> {
  const call = (from: number): Call[] => [[shape, from, accesses]];
  return ratesOf(await parse(LOOPS), { callers: [call(0), call(SECOND)] }, 1, SHORT);
}
