/**
 * Where steps commute in some states only, the optimal search shows what a search of every schedule shows: the same
 * outcomes, and the same races, for what commutes in its effects may order other accesses.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { random } from '../../testing/random.ts';
import type { Call } from '../scenario/steps.ts';
import { commutingCalls, commutingCallsOfAll, commutingModule, FAMILY_NAMES } from '../testing/commuting.ts';
import { searched, searchedWhole, sessionFor } from '../testing/searches.ts';

const FIRST_SEED = Number(process.env.COMMUTING_SEED ?? 1);
const PROGRAMS = Number(process.env.COMMUTING_PROGRAMS ?? 60);

for (const family of FAMILY_NAMES)
  test(`${PROGRAMS} random programs (${family}) from seed ${FIRST_SEED}`, async () => {
    const bytes = await parse(commutingModule(family));
    const known = await sessionFor(bytes, { callers: commutingCallsOfAll(family) });
    let reduced = 0;
    let all = 0;
    let compared = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
      const callers = commutingCalls(random(seed), family);
      const message = `COMMUTING_SEED=${seed} ${JSON.stringify(callers)}`;
      const whole = await searchedWhole(await sessionFor(bytes, { callers }, known));
      if (whole === undefined) continue;
      compared++;
      const found = await searched(await sessionFor(bytes, { callers }, known));
      // Of steps that may trap it is not known beforehand what they touch, so some executions turn out to repeat others.
      const outcomes = new Set(found.outcomes.filter((outcome) => outcome !== 'cut'));
      assert.deepEqual(outcomes, new Set(whole.outcomes), `${message}: outcomes`);
      assert.deepEqual(found.races, whole.races, `${message}: races`);
      assert.ok(!found.diverged && !whole.diverged, message);
      assert.ok(found.executions <= whole.executions, message);
      reduced += found.executions;
      all += whole.executions;
    }
    // Programs whose callers never meet would show nothing.
    assert.ok(compared > PROGRAMS * 0.9, `${compared} of ${PROGRAMS}`);
    assert.ok(reduced > PROGRAMS * 3 && reduced * 3 < all * 2, `${reduced} of ${all}`);
  });

const GROWING = `(module (memory 1 3) (data (i32.const 65000) "\\01")
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "sum") (param $n i32) (result i32) (local $s i32)
    (loop $l
      (local.set $s (i32.add (local.get $s) (i32.load8_u (i32.sub (i32.const 65001) (local.get $n)))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "bump") (param $n i32)
    (loop $l
      (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "far") (result i32) (i32.load (i32.const 65536))))`;

for (const [what, call, executions, outcomes] of [
  ['reads that it loses nothing of: one', ['sum', 100], 1, 1],
  // The copy lies between two of the stores; the publication changes nothing, or is between two of the accesses that
  // follow the first lost store.
  ['n increments: n * n + n + 1', ['bump', 20], 421, 21],
  ['an access that it makes possible: two', ['far'], 2, 2],
] as const)
  test(`growth in parts beside ${what}, and a race with each access`, async () => {
    const callers: Call[][] = [[['grow']], [[...call]]];
    const found = await searched(await sessionFor(await parse(GROWING), { callers }));
    assert.deepEqual([found.executions, found.cut, new Set(found.outcomes).size], [executions, 0, outcomes]);
    assert.equal([...found.races].filter((race) => race.startsWith('memory.grow ')).length, call[0] === 'bump' ? 2 : 1);
  });
