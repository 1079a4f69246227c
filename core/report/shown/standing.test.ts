/** What is said of an export once it was run: what was shown, with its bounds, and never more. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { advisedRun } from '../../advice/testing/advisedRun.ts';
import { analyse } from '../../analysis/analyse.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { HEADLINES, isFinding } from '../../stress/explore/headlines.ts';
import type { ScenarioFile } from '../../stress/scenario/scenario.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { Module } from '../../wasm/module.ts';
import { madeHammered } from '../testing/madeHammered.ts';
import { made } from '../testing/madeResults.ts';
import { madeFinding, madeVerified } from '../testing/madeVerified.ts';
import { adviceNow } from './shownAdvice.ts';
import { shownPairs } from './shownPairs.ts';
import { type ShownRun, shownExploration, shownHammering, shownVerifying } from './shownRun.ts';
import { FINDING_NAME, runText } from './shownText.ts';
import { exportHeadline, exportStanding, type KnownModule } from './standing.ts';

const MODULE = `(module
  (import "env" "log" (func $log))
  (memory 1 1 shared)
  (global $n (mut i32) (i32.const 0))
  (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func (export "reset") (global.set $n (i32.const 0)))
  (func (export "get") (result i32) (global.get $n))
  (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "bump") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
  (func (export "load") (result i32) (i32.atomic.load (i32.const 0)))
  (func (export "store") (param i32) (i32.atomic.store (i32.const 0) (local.get 0)))
  (func (export "wait") (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))
  (func (export "say") (call $log))
  (func (export "put") (i32.store (i32.const 128) (i32.const 1))))`;

let module: Module;
before(async () => {
  module = decodeModule(await parse(MODULE));
});

function known(runs: readonly ShownRun[], model: 'shared-instance' | 'isolated' = 'shared-instance'): KnownModule {
  const analysis = analyse(module, { host: 'wazero', model });
  return { module, analysis, profile: HOST_PROFILES.wazero, shown: shownPairs(runs, analysis, []) };
}

const headline = (of: KnownModule, name: string): string =>
  exportHeadline(
    of,
    of.analysis.exports.findIndex((one) => one.name === name),
  );
const standing = (of: KnownModule, name: string) =>
  exportStanding(
    of,
    of.analysis.exports.findIndex((one) => one.name === name),
  );
const run = async (file: ScenarioFile): Promise<ShownRun> => shownExploration(await advisedRun(MODULE, file));

describe('an export', () => {
  test('that was not run stands as the analysis supposes', () => {
    const none = known([]);
    assert.equal(headline(none, 'inc'), 'stateful, thread-hostile, conflicts with itself and 2 other exports');
    assert.equal(headline(none, 'add'), 'pure, thread-safe, no conflict found');
    assert.deepEqual(standing(none, 'add'), { text: 'no conflict found', found: undefined, ran: false, clean: false });
  });

  test('that raced stands by that; nothing is said of what it was not run with', async () => {
    const one = known([await run({ callers: [[['inc']], [['inc']]] })]);
    assert.equal(
      headline(one, 'inc'),
      'stateful, stress showed a wrong outcome and a race with itself; conflicts with 2 other exports, not run',
    );
    assert.equal(headline(one, 'reset'), 'stateful, thread-hostile, conflicts with itself and 2 other exports');
    assert.equal(standing(one, 'inc').found, 'wrong-outcome');
    const more = known([...one.shown.runs, await run({ callers: [[['inc']], [['get']]] })]);
    assert.match(
      headline(more, 'inc'),
      /^stateful, stress showed a wrong outcome and a race with itself, a race with get; conflicts with 1 other export, not run$/,
    );
    assert.match(
      headline(more, 'get'),
      /^reads only, stress showed a race with inc; conflicts with 1 other export, not run$/,
    );
  });

  test('without a finding is told with what, in how many schedules, and whether that was all of them', async () => {
    const both = known([await run({ callers: [[['bump']], [['bump']]] })]);
    assert.match(
      headline(both, 'bump'),
      /^synchronised, stress found no race or wrong outcome with itself \(\d+ schedules?, exhaustive for these calls\)/,
    );
    const part = made([[['bump']], [['bump']]], { exhaustive: false });
    assert.match(
      headline(known([...both.shown.runs, shownExploration(part)]), 'bump'),
      /with itself \(\d+ schedules, not exhaustive\)/,
    );
    assert.equal(standing(known([shownExploration(part)]), 'bump').clean, false);
  });

  test('with a finding in one run and none in another has the finding', async () => {
    const clean = shownExploration(made([[['inc']], [['inc']]]));
    const both = known([clean, await run({ callers: [[['inc']], [['inc']]] })]);
    assert.match(headline(both, 'inc'), /stress showed a wrong outcome and a race with itself/);
    assert.doesNotMatch(headline(both, 'inc'), /found no/);
  });

  test('stands as analysed where host or sharing model of the run are not those on display', async () => {
    const race = await run({ callers: [[['inc']], [['inc']]] });
    assert.equal(headline(known([race], 'isolated'), 'inc'), headline(known([], 'isolated'), 'inc'));
    assert.equal(headline(known([{ ...race, host: 'wasmtime' }]), 'inc'), headline(known([]), 'inc'));
    const analysis = { host: 'javascript', model: 'cooperative' } as const;
    const suspended = { ...race, ...analysis, suspending: ['env.log'] };
    assert.equal(shownPairs([suspended], analysis, []).of('inc', 'inc'), undefined);
    assert.notEqual(shownPairs([suspended], analysis, ['env.log']).of('inc', 'inc'), undefined);
  });

  test('shares a wrong outcome of a run of several exports with them, as one of the run, not of a pair', async () => {
    const sequence = [['load'], ['store', 1]] as [string, ...number[]][];
    const one = known([await run({ callers: [sequence, [['load'], ['store', 2]]], unit: 'sequence' })]);
    assert.match(headline(one, 'load'), /stress showed a wrong outcome in a run with itself and store$/);
    assert.equal(one.shown.of('load', 'load')?.[0].direct, false);
    assert.equal(one.shown.of('load', 'bump'), undefined);
  });

  test('is told a race of others in its run by none', async () => {
    const { races, ...rest } = await run({
      callers: [
        [['inc'], ['load']],
        [['get'], ['bump']],
      ],
    });
    assert.ok(races.length > 0);
    const one = known([{ ...rest, races, headlines: ['race'] }]);
    assert.notEqual(one.shown.of('inc', 'get'), undefined);
    assert.equal(one.shown.of('load', 'bump'), undefined);
  });

  test('that raced with an access of the host has a race of the run', async () => {
    const write = { write: 128, i32: 5 };
    const one = known([await run({ callers: [[write, ['add', 1]], [['put']]] })]);
    assert.match(headline(one, 'put'), /stress showed a race in a run with add/);
    assert.match(headline(one, 'add'), /stress showed a race in a run with put/);
  });

  test('that hangs stands by the hang', async () => {
    const one = known([await run({ callers: [[['wait']], [['wait']]] })]);
    assert.match(headline(one, 'wait'), /stress showed a hang with itself/);
    assert.equal(standing(one, 'wait').found, 'hang');
  });

  test('may still conflict through a host that runs replaced by stubs', async () => {
    const one = known([await run({ callers: [[['say']], [['say']]] })]);
    assert.match(headline(one, 'say'), /env\.log was stubbed to return zero\); may conflict through the host$/);
    assert.equal(standing(one, 'say').clean, false);
  });

  test('that was only hammered is supposed to conflict, unless the hammer showed that it does', () => {
    const seen = shownHammering(madeHammered([[['inc']], [['inc']]], { verdict: 'none-seen' }));
    assert.match(
      headline(known([seen]), 'inc'),
      /^stateful, thread-hostile, conflicts with itself and 2 other exports; hammered: no wrong outcome seen in [\d,]+ rounds, which proves nothing$/,
    );
    const wrong = shownHammering(madeHammered([[['inc']], [['inc']]], { verdict: 'wrong-outcome' }));
    assert.match(headline(known([wrong]), 'inc'), /^stateful, stress showed a wrong outcome with itself; /);
  });

  test('that was verified has what the host showed, and nothing where it showed nothing', async () => {
    const callers: [string][][] = [[['inc']], [['inc']]];
    const none = shownVerifying(madeVerified(callers));
    assert.equal(headline(known([none]), 'inc'), headline(known([]), 'inc'));
    assert.equal(
      runText(none),
      'verified on the host: nothing wrong seen in 1,000 rounds, which proves nothing, wazero 1.12.0',
    );
    const notSeen = shownVerifying(
      madeVerified(callers, { findings: [madeFinding({ status: 'not-seen', wrong: 0 })] }),
    );
    assert.deepEqual(notSeen.headlines, []);
    const wrong = shownVerifying(madeVerified(callers, { verdict: 'confirmed', findings: [madeFinding()] }));
    assert.match(headline(known([wrong]), 'inc'), /^stateful, stress showed a wrong outcome with itself; /);
    const { races } = await advisedRun(MODULE, { callers: [[['inc']], [['reset']]] });
    const race = shownVerifying(
      madeVerified([[['inc']], [['reset']]], {
        verdict: 'confirmed',
        findings: races.map((explored) => madeFinding({ kind: 'race', explored, reports: 3, wrong: 0 })),
      }),
    );
    assert.match(headline(known([race]), 'inc'), /^stateful, stress showed a race with reset; /);
  });

  test('of which something was found has the advice of the run, and no permission', async () => {
    const position = 3;
    assert.equal(known([]).analysis.exports[position].name, 'add');
    const supposed = adviceNow(known([]), position);
    assert.deepEqual(
      supposed.map(({ kind }) => kind),
      ['pure'],
    );
    const wrong = shownHammering(madeHammered([[['add', 1]], [['add', 1]]], { verdict: 'wrong-outcome' }));
    assert.deepEqual(adviceNow(known([wrong]), position), []);
    const race = await run({ callers: [[['inc']], [['inc']]] });
    assert.deepEqual(
      adviceNow(known([race]), 0),
      race.advice.map((text) => ({ kind: 'stress', text })),
    );
    assert.ok(race.advice.length > 0);
  });
});

test('every finding has a name, in the order of headlines', () => {
  assert.deepEqual(Object.keys(FINDING_NAME), HEADLINES.filter(isFinding));
});
