/** A call that runs alone and waits in a loop for another caller is not run to the limit of iterations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { createSession } from '../session/createSession.ts';
import { environment } from '../testing/run.ts';
import { FUEL, MAX_ITERATIONS } from './meter.ts';
import { ExecutionMode } from './mode.ts';

const MODULE = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
  (func (export "atomic") (loop $l (br_if $l (i32.eqz (i32.atomic.load (i32.const 64))))))
  (func (export "plain") (loop $l (br_if $l (i32.eqz (i32.load (i32.const 64))))))
  (func (export "set") (i32.atomic.store (i32.const 64) (i32.const 1)))
  (func (export "lock") (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1)))))
  (func (export "count") (param $to i32)
    (loop $l (br_if $l (i32.lt_u (i32.atomic.rmw.add (i32.const 128) (i32.const 1)) (local.get $to)))))
  (func (export "local") (param $to i32) (local $i i32)
    (loop $l (drop (i32.atomic.load (i32.const 64)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $to)))))
  (func (export "outer") (param $to i32) (local $i i32)
    (loop $o
      (loop $l (br_if $l (i32.and (i32.eqz (i32.atomic.load (i32.const 64))) (i32.const 0))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $to)))))
  (func (export "global") (param $to i32)
    (loop $l (drop (i32.atomic.load (i32.const 64))) (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (br_if $l (i32.lt_u (global.get $n) (local.get $to)))))
  (func (export "toggle")
    (loop $l (br_if $l (i32.lt_u (i32.atomic.rmw.xor (i32.const 128) (i32.const 1)) (i32.const 2)))))
  (func (export "ring") (param $to i32)
    (loop $l (br_if $l (i32.ne (i32.atomic.rmw8.add_u (i32.const 128) (i32.const 1)) (local.get $to))))))`;

/** How many loop iterations the calls take one after the other, in millions, and whether all of them return. */
async function run(...calls: Call[]): Promise<[returns: boolean, ticks: number]> {
  const scenario = completeScenario({ model: 'shared-instance', callers: calls.map((call) => [call]) }, 'wazero');
  const job = { name: 'test.wat', bytes: await parse(MODULE), scenario };
  const { scheduler } = await createSession(job, environment(), { raced() {} } as never, () => false);
  const before = scheduler.meter.iterations;
  const order = calls.map((_, caller) => caller);
  const returned = await scheduler.serial.run(ExecutionMode.Serial, order);
  return [returned !== undefined, ((scheduler.meter.iterations - before) * 1000) / FUEL];
}

test('calls that only wait end early, those that count do not', async () => {
  const limit = MAX_ITERATIONS / FUEL;
  const million = 5 * FUEL;
  assert.deepEqual(await run(['atomic']), [false, 2]);
  assert.deepEqual(await run(['plain']), [false, 2]);
  assert.deepEqual(await run(['set'], ['lock']), [false, 2]);
  assert.deepEqual(await run(['set'], ['atomic']), [true, 0]);
  for (const name of ['count', 'local', 'outer', 'global']) {
    const [returns, ticks] = await run([name, million]);
    assert.ok(returns && ticks >= 4, `${name}: ${returns}, ${ticks}`);
  }
  // Whoever comes back to a state goes on as before, whatever is in between; here that takes longer than the loop is looked at.
  assert.deepEqual(await run(['toggle']), [false, 2]);
  assert.deepEqual(await run(['ring', 300]), [false, limit]);
});
