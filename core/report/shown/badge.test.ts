/** Badges: the few words that a failed test has beside the code. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advisedRun } from '../../advice/testing/advisedRun.ts';
import type { ScenarioFile } from '../../stress/scenario/scenario.ts';
import { caseSource } from '../../stress/testing/caseFiles.ts';
import { madeHammered } from '../testing/madeHammered.ts';
import { madeFinding, madeVerified } from '../testing/madeVerified.ts';
import { exploredBadge, hammerBadge, isRaceAlone, showsOnlyRaces, verifyBadge } from './badge.ts';

const MODULE = `(module
  (memory 1 2)
  (global $n (mut i32) (i32.const 0))
  (global $lock (mut i32) (i32.const 0))
  (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func (export "reset") (global.set $n (i32.const 0)))
  (func (export "get") (result i32) (global.get $n))
  (func (export "twice") (result i32) (i32.add (i32.load (i32.const 8)) (i32.load (i32.const 8))))
  (func (export "put") (i32.store (i32.const 8) (i32.const 1)))
  (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "spin") (loop (br_if 0 (i32.eqz (global.get $lock)))))
  (func (export "trap") unreachable))`;

const run = (...callers: ScenarioFile['callers'] & object) => advisedRun(MODULE, { callers });

describe('the badge of an exploration', () => {
  test('is all that it found, the worst first', async () => {
    assert.equal(exploredBadge([await run([['inc']], [['inc']])]), 'wrong outcome, race');
    const growth = await run([['grow']], [['put']]);
    assert.match(exploredBadge([growth]), /^host hazard, /);
  });

  test('says of a race without a wrong outcome that none was found, and nothing weaker', async () => {
    const alone = await run([['reset']], [['get']]);
    assert.equal(exploredBadge([alone]), 'race, no wrong outcome found');
    assert.ok(isRaceAlone(alone));
    assert.equal(alone.verdict, 'race');
    const torn = await run([['twice']], [['put']]);
    assert.equal(exploredBadge([torn]), 'wrong outcome, race');
    assert.ok(!isRaceAlone(torn));
  });

  test('does not say so where another run has a wrong outcome', async () => {
    const [alone, wrong] = [await run([['reset']], [['get']]), await run([['inc']], [['inc']])];
    assert.equal(exploredBadge([alone, wrong]), 'wrong outcome, race');
    assert.equal(exploredBadge([alone, await run([['add', 1]], [['add', 2]])]), 'race, no wrong outcome found');
  });

  test('does not say so where outcomes were not judged', async () => {
    const alone = await run([['reset']], [['get']]);
    const unjudged = { ...alone, outcomes: { ...alone.outcomes, serialComplete: false } };
    assert.equal(exploredBadge([unjudged]), 'race');
    assert.equal(exploredBadge([alone, unjudged]), 'race');
    assert.ok(!isRaceAlone({ ...alone, outcomes: { ...alone.outcomes, serial: 0 } }));
  });

  test('does not say so where store buffers show one', async () => {
    const ofCase = (name: string, a: string, b: string) =>
      advisedRun(caseSource(`buffers/${name}.wat`), { model: 'shared-memory', callers: [[[a]], [[b]]] });
    const buffered = await ofCase('peterson', 'a', 'b');
    assert.equal(exploredBadge([buffered]), 'race, wrong outcome with store buffers');
    assert.ok(!isRaceAlone(buffered) && showsOnlyRaces(buffered));
    const alone = await run([['reset']], [['get']]);
    assert.equal(exploredBadge([alone, buffered]), 'race, wrong outcome with store buffers');
    const { storeBuffers } = await ofCase('lost-wakeup', 'take', 'give');
    assert.equal(exploredBadge([{ ...buffered, storeBuffers }]), 'race, hang with store buffers');
    assert.ok(isRaceAlone(await ofCase('peterson-fence', 'a', 'b')));
  });

  test('says what was looked for where nothing was found', async () => {
    assert.equal(exploredBadge([await run([['add', 1]], [['add', 2]])]), 'no race or wrong outcome found');
    assert.equal(exploredBadge([await run([['trap']], [['trap']])]), 'inconclusive');
  });
});

describe('the badge of a hammer run', () => {
  test('is its verdict', () => {
    assert.equal(
      hammerBadge([madeHammered([[['inc']], [['inc']]], { verdict: 'wrong-outcome' })]),
      'hammer: wrong outcome',
    );
    assert.equal(
      hammerBadge([madeHammered([[['inc']], [['inc']]], { verdict: 'none-seen' })]),
      'hammer: no wrong outcome seen',
    );
  });

  test('says what exploration found where the hammer saw nothing', () => {
    const explored = {
      verdict: 'race',
      wrongOutcome: true,
      exhaustive: true,
      schedule: 'A1B1',
      hangCause: null,
    } as const;
    assert.equal(
      hammerBadge([madeHammered([[['inc']], [['inc']]], { verdict: 'none-seen', explored })]),
      'hammer: none seen; explored: wrong outcome, race',
    );
    const nonAtomic = { ...explored, verdict: 'non-atomic' } as const;
    assert.equal(
      hammerBadge([madeHammered([[['inc']], [['inc']]], { verdict: 'none-seen', explored: nonAtomic })]),
      'hammer: none seen; explored: wrong outcome',
    );
  });
});

test('the badge of runs on the real host is the verdict that says most', () => {
  const confirmed = madeVerified([[['inc']], [['inc']]], {
    verdict: 'confirmed',
    findings: [madeFinding({ status: 'confirmed' })],
  });
  const unseen = madeVerified([[['inc']], [['inc']]], { verdict: 'not-seen', findings: [] });
  assert.match(verifyBadge([unseen, confirmed]), /^verified: confirmed 1 of 1 finding/);
});
