/** Serial outcomes from states between calls are those of executing all orders. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type Random, random } from '../../testing/random.ts';
import { completeScenario, type Scenario, type ScenarioFile } from '../scenario/scenario.ts';
import type { Step } from '../scenario/steps.ts';
import { contextFor } from '../testing/contexts.ts';
import { explored } from '../testing/run.ts';
import { countOf, isJudged, type SerialOutcomes, wrongIn } from './outcomes.ts';
import { serialOutcomes } from './serialOutcomes.ts';
import { serialStates } from './serialStates.ts';

/** One step of a call is chosen by its kind: memories, globals, tables, segments, growth, traps, stack frames, names. */
const MODULE = `(module
  (memory $m (export "m") 1 6) (memory $n 1 4)
  (global $sp (mut i32) (i32.const 4096)) (global $g (mut i32) (i32.const 0)) (global $v (mut v128) (v128.const i64x2 0 0))
  (global $f (mut f64) (f64.const 0)) (global $r (mut externref) (ref.null extern))
  (table $t 3 8 funcref)
  (elem $e func $a $b) (data $d "abcdefgh")
  (func $a (result i32) (global.get $g)) (func $b (result i32) (i32.const 7))
  (type $k (func (result i32)))
  (func $frame (param $x i32) (result i32) (local $old i32)
    (global.set $sp (i32.sub (global.get $sp) (i32.const 64)))
    (local.set $old (i32.load (global.get $sp)))
    (i32.store (global.get $sp) (local.get $x))
    (global.set $sp (i32.add (global.get $sp) (i32.const 64)))
    (local.get $old))
  (func (export "do") (param $kind i32) (param $x i32) (result i32)
    (block $0 (block $1 (block $2 (block $3 (block $4 (block $5 (block $6 (block $7 (block $8 (block $9 (block $10
      (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 (local.get $kind)))
      (global.set $v (i64x2.splat (i64.extend_i32_u (local.get $x)))) (return (i32.const 0)))
      (global.set $f (f64.add (f64.mul (global.get $f) (f64.const -0.5)) (f64.convert_i32_s (local.get $x))))
      (return (i32.trunc_sat_f64_s (global.get $f))))
      (return (call $frame (local.get $x))))
      (memory.init $d (i32.const 128) (i32.const 0) (local.get $x)) (data.drop $d) (return (i32.const 0)))
      (if (i32.gt_u (i32.load (i32.const 64)) (i32.const 3)) (then unreachable)) (return (local.get $x)))
      (return (table.grow $t (ref.func $b) (i32.const 1))))
      (return (call_indirect $t (type $k) (i32.rem_u (local.get $x) (table.size $t)))))
      (table.init $t $e (i32.const 1) (i32.and (local.get $x) (i32.const 1)) (i32.const 1)) (return (i32.const 1)))
      (drop (memory.grow $n (i32.const 1))) (return (memory.grow $m (i32.const 1))))
      (global.set $g (i32.add (i32.mul (global.get $g) (i32.const 3)) (local.get $x))) (return (global.get $g)))
    (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (local.get $x)))
    (i32.load (i32.const 64)))
  (func (export "both") (result i32) (i32.add (i32.load (i32.const 64)) (global.get $g))))`;

const COUNTS = [
  [1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1],
  [2, 2, 2],
  [3, 3],
  [2, 1, 1, 1],
  [4, 1],
];

/** Often equal callers, and few kinds of steps, so that states meet. */
function randomScenario(next: Random): ScenarioFile {
  const kinds = Array.from({ length: 1 + next(3) }, () => next(11));
  const call = (): [string, number, number] => ['do', kinds[next(kinds.length)], 1 + next(2)];
  const callers: Step[][] = [];
  for (const count of COUNTS[next(COUNTS.length)]) {
    const same = callers.find((calls) => calls.length === count);
    const named = next(3) === 0;
    callers.push(
      same !== undefined && next(2) === 0
        ? same
        : Array.from({ length: count }, (_, i): Step => {
            if (!named) return call();
            if (i === 0) return { call: 'do', args: call().slice(1), as: 'p' };
            return { call: 'do', args: [kinds[0], '$p'], as: 'q' };
          }),
    );
  }
  const unit = (['call', 'sequence', 'auto'] as const)[next(3)];
  return {
    callers,
    unit,
    model: next(5) === 0 ? 'shared-memory' : 'shared-instance',
    ...(next(3) === 0 ? { setup: [['do', next(2), 1 + next(2)]] } : {}),
    ...(next(2) === 0 ? { probe: [['both']] } : {}),
    ...(next(4) === 0 ? { compare: ['results'] } : {}),
  };
}

const scenarioOf = (file: ScenarioFile): Scenario => completeScenario({ model: 'shared-instance', ...file }, 'wazero');

const compared = ({ byKey, results, unit, complete, completeCalls, pages }: SerialOutcomes): object => ({
  outcomes: [...byKey].map(([key, { whole, nested }]) => [key, whole, nested]).sort(),
  results: [...results].sort(),
  rest: { unit, complete, completeCalls, pages },
});

test('outcomes of states are those of all orders, listed and asked for', async () => {
  const bytes = await parse(MODULE);
  const next = random(20_261_201);
  const totals = { merged: 0, divided: 0 };
  for (let i = 0; i < 100; i++) {
    const file = randomScenario(next);
    const { session } = await contextFor(bytes, scenarioOf(file));
    const about = JSON.stringify(file);
    const executed = await serialOutcomes(session, () => false);
    const found = await serialStates(session, () => false);
    const asked = await serialStates(session, () => false, 0);
    assert.ok(found !== undefined && asked?.graph !== undefined, about);
    if (found.orders < executed.orders) totals.merged++;
    assert.deepEqual(compared(found), compared(executed), about);
    const counted = [...executed.byKey.values()].filter(({ whole }) => whole || executed.unit === 'call').length;
    assert.deepEqual(countOf(asked), { count: counted, more: false }, about);
    const all = [...executed.byKey];
    for (const [key, { results, probe, state, whole }] of all) {
      const place: { order: string; whole: boolean } | null | undefined = asked.graph.find(key, {
        results,
        probe,
        state,
      });
      const order: string = place?.order ?? '';
      assert.equal(place?.whole, whole, about);
      // An order that is named gives the outcome.
      const orders = [[...order].map((letter) => letter.charCodeAt(0) - 65)];
      const again = await serialOutcomes(session, () => false, { orders, complete: false });
      assert.deepEqual([...again.byKey.keys()], [key], about);
      if (!whole) totals.divided++;
      // Results of one outcome beside the rest of another one: an outcome or not.
      const other = all[next(all.length)][1];
      const mixed = { results: [...other.results.slice(0, 1), ...results.slice(1)], probe, state, exhausted: false };
      const outcome = { ...mixed, key: `${mixed.results.map((one) => one.join()).join('|')}#${probe.join()}#${state}` };
      assert.deepEqual(
        wrongIn({ ...asked, byKey: new Map([...asked.byKey].slice(0, 1)), results: new Set() }, outcome)?.what,
        wrongIn(executed, outcome)?.what,
        about,
      );
      assert.ok(isJudged(asked, outcome));
    }
  }
  assert.ok(totals.merged > 25 && totals.divided > 100, JSON.stringify(totals));
});

const COUNTER = `(module (memory 1 1 shared)
  (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
  (func (export "addTo") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 64) (local.get 0)))
  (func (export "split") (result i32)
    (i32.atomic.store (i32.const 64) (i32.add (i32.atomic.load (i32.const 64)) (i32.const 1)))
    (i32.atomic.load (i32.const 64)))
  (func (export "mix") (param i32) (result i32)
    (i32.atomic.store (i32.const 64) (i32.xor (i32.mul (i32.atomic.load (i32.const 64)) (i32.const 31)) (local.get 0)))
    (i32.atomic.load (i32.const 64))))`;

/** Many callers of one export. */
const many = (count: number, name: string): Step[][] => Array.from({ length: count }, () => [[name]]);

test('many callers of an atomic counter are judged, whatever is explored of them', async () => {
  const factorials: Record<number, number> = { 8: 40_320, 10: 3_628_800, 12: 479_001_600 };
  for (const [count, outcomes] of Object.entries(factorials)) {
    const result = await explored(COUNTER, { callers: many(Number(count), 'add'), budget: { schedules: 6_000 } });
    assert.deepEqual(
      [result.outcomes.serialComplete, result.outcomes.serial, result.outcomes.wrong, result.defects],
      [true, outcomes, [], []],
    );
    assert.ok(result.outcomes.seen > 100, `${result.outcomes.seen}`);
    assert.ok(!result.notes.some((note) => note.includes('serial orders of the calls were run')), result.notes.join());
    // The search has not tried all schedules.
    assert.deepEqual([result.verdict, result.exhaustive], ['inconclusive', false]);
  }
});

test('a wrong outcome of eight callers is found, and its schedule shows it again', async () => {
  const callers = many(8, 'split');
  const result = await explored(COUNTER, { callers, budget: { schedules: 6_000 } });
  assert.deepEqual([result.verdict, result.outcomes.serialComplete], ['non-atomic', true]);
  const again = await explored(COUNTER, { callers }, { schedule: result.schedule ?? '' });
  assert.deepEqual([again.verdict, again.outcomes.serialComplete], ['non-atomic', true]);
  assert.deepEqual(again.outcomes.wrong[0].results, result.outcomes.wrong[0].results);
});

test('calls under a lock are judged, although callers wait for each other in other orders', async () => {
  const wat = `(module (memory 1 1 shared)
    (func (export "add") (result i32)
      (loop $again (if (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)) (then
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1))) (br $again))))
      (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
      (i32.load (i32.const 64))
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))`;
  const { outcomes } = await explored(wat, { callers: many(7, 'add'), budget: { schedules: 6_000 } });
  assert.deepEqual([outcomes.serialComplete, outcomes.serial, outcomes.wrong], [true, 5_040, []]);
});

test('outcomes that are too many to be counted are judged, and the result says that there are more', async () => {
  const callers = Array.from({ length: 8 }, (_, i): Step[] => [['addTo', 2 ** i]]);
  const { outcomes } = await explored(COUNTER, { callers, budget: { schedules: 4_000 } });
  assert.deepEqual([outcomes.serialComplete, outcomes.serialMore, outcomes.wrong], [true, true, []]);
  assert.ok(outcomes.serial > 1_000 && outcomes.seen > 1_000, `${outcomes.serial} of ${outcomes.seen}`);
});

test('where calls leave too many states, outcomes are not judged, and the result says so', async () => {
  const callers = Array.from({ length: 9 }, (_, i): Step[] => [['mix', 1 + 16 * i]]);
  const result = await explored(COUNTER, { callers, budget: { schedules: 6_000 } });
  assert.deepEqual([result.verdict, result.outcomes.serialComplete], ['inconclusive', false]);
  assert.ok(
    result.notes.some((note) => /^Only 250 serial orders of the calls were run/.test(note)),
    result.notes.join(),
  );
});

test('where a later call can observe more than states show, nothing is known from them', async () => {
  const bytes = await parse(`(module (import "env" "next" (func $next (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (memory (export "memory") 1 1) (type $s (struct (field (mut i32))))
    (global $g (mut anyref) (ref.null any)) (global $f (mut f32) (f32.const 0))
    (func (export "next") (result i32) (call $next))
    (func (export "random") (result i32) (drop (call $random (i32.const 64) (i32.const 4))) (i32.load (i32.const 64)))
    (func (export "object") (global.set $g (struct.new $s (i32.const 3))))
    (func (export "nan") (global.set $f (f32.reinterpret_i32 (i32.const 0x7fc00001)))))`);
  const known = async (name: string, more: Partial<ScenarioFile> = {}): Promise<boolean> => {
    const scenario = scenarioOf({ callers: many(3, name), ...more });
    return (await serialStates((await contextFor(bytes, scenario)).session, () => false)) !== undefined;
  };
  // A stub always answers the same; other functions of the host may count, and what is left may not show.
  assert.equal(await known('next'), true);
  assert.equal(await known('next', { imports: { 'env.next': { returns: 3 } } }), false);
  for (const name of ['random', 'object', 'nan']) assert.equal(await known(name), false, name);
});
