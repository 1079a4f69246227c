/** The checkers of texts refuse what contradicts the data that they are made from: one made example for each check. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type Advice, UNCHECKED } from '../advice/advice.ts';
import { analyse } from '../analysis/analyse.ts';
import type { Analysis } from '../analysis/model.ts';
import { decodeModule } from '../wasm/decode.ts';
import { checkModule } from './checkedModule.ts';
import { contradictionsInCode } from './testing/codeContradictions.ts';
import { madeHammered } from './testing/madeHammered.ts';
import { made, party, race } from './testing/madeResults.ts';
import {
  contradictionsInCheckText,
  contradictionsInHammerText,
  contradictionsInStressText,
} from './testing/textContradictions.ts';

describe('texts of explorations', () => {
  const CALLERS = [[['a']], [['b']]] as Parameters<typeof made>[0];
  const refused = (why: RegExp, more: Parameters<typeof made>[1]): void =>
    assert.match(contradictionsInStressText(made(CALLERS, more)).join('\n'), why);
  const racing = { verdict: 'race', races: [race(party(0, 'global.set', 1), party(1, 'global.get', 2))] } as const;

  test('a plain one is accepted', () => assert.deepEqual(contradictionsInStressText(made(CALLERS)), []));
  test('promises', () => {
    refused(/nothing shows: Note: It is benign/, { notes: ['It is benign.'] });
    refused(/race, and safe: Note: It is safe/, { ...racing, races: [...racing.races], notes: ['It is safe.'] });
    refused(/races, and no race/, { ...racing, races: [...racing.races], notes: ['There is no race.'] });
    refused(/a percentage/, { notes: ['In 40 % of the rounds.'] });
  });
  test('stubs are named once, below a safe verdict', () => {
    const stubs = { imports: { stubbed: ['env.get'], wasi: [] }, restsOn: ['`env.get` was stubbed to return zero'] };
    assert.deepEqual(contradictionsInStressText(made(CALLERS, stubs)), []);
    const twice = 'a: safe\n  Rests on: `env.get` was stubbed\n  Imports stubbed to return zero: env.get\n';
    assert.deepEqual(contradictionsInStressText(made(CALLERS, stubs), [twice]), [
      'env.get is said to be stubbed twice',
    ]);
    assert.match(contradictionsInStressText(made(CALLERS, stubs), ['a: safe']).join(), /without what it rests on/);
    const limited = made(CALLERS, { exhaustive: false });
    assert.match(
      contradictionsInStressText(limited, ['Explored: all schedules up to equivalence']).join(),
      /not exhaustive/,
    );
  });
});

test('texts of the hammer', () => {
  const outcome = {
    results: [['1'], ['1']],
    probe: [],
    samples: 1,
    frequency: 0.4,
    order: null,
    state: [],
    found: null,
  };
  const refused = (why: RegExp, more: Parameters<typeof madeHammered>[1]): void =>
    assert.match(contradictionsInHammerText(madeHammered([[['a']], [['b']]], more)).join('\n'), why);
  assert.deepEqual(contradictionsInHammerText(madeHammered([[['a']], [['b']]])), []);
  refused(/wrong-outcome, and wrong outcomes: false/, { verdict: 'wrong-outcome' });
  refused(/without a hang/, { verdict: 'hang' });
  refused(/others are not/, {
    outcomes: [
      { ...outcome, kind: 'serial' },
      { ...outcome, kind: 'not-judged' },
    ],
    seen: 2,
  });
  refused(/more outcomes than were seen/, { outcomes: [{ ...outcome, kind: 'serial' }], seen: 0 });
  refused(/no serial order/, { outcomes: [{ ...outcome, kind: 'serial' }], seen: 1, serial: 0 });
  refused(/nothing shows/, { notes: ['A benign race.'] });
});

test('texts of the analysis', async () => {
  const text = `(module (global $g (mut i32) (i32.const 0)) (func (export "a") (global.set $g (i32.const 1))) (func (export "b")))`;
  const module = decodeModule(await parse(text));
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  const settings = { host: 'wazero', hostReason: undefined, model: 'auto', overrides: new Map() } as const;
  const told = (changed: Partial<Analysis>): string =>
    contradictionsInCheckText(checkModule('a.wasm', module, { ...analysis, ...changed }, settings)).join('\n');
  const [a, b] = analysis.exports;
  assert.equal(told({}), '');
  assert.match(told({ exports: [{ ...a, class: 'pure' }, b] }), /pure, with findings/);
  assert.match(told({ exports: [{ ...a, class: 'reads-only' }, b] }), /a finding about a write/);
  assert.match(told({ model: 'isolated' }), /each caller has an instance/);
  assert.match(told({ model: 'shared-memory' }), /^$/);
});

test('comments of generated code', async () => {
  const text = `(module (global $g (mut i32) (i32.const 0)) (func (export "a") (global.set $g (i32.const 1))) (func (export "b")))`;
  const analysis = analyse(decodeModule(await parse(text)), { host: 'wazero', model: 'shared-instance' });
  const lock: Advice = {
    remedy: 'mutex',
    exports: ['a'],
    pairs: [],
    text: 'Hold it.',
    because: [],
    checked: UNCHECKED,
  };
  const told = (code: string): string => contradictionsInCode(code, [lock], analysis).join('\n');
  const free = (names: string): string =>
    `// These exports may be called without the\n// lock, through useUnlocked: ${names}. The`;
  assert.equal(told(free('"b"')), '');
  assert.match(told(free('"b", "a"')), /a without the lock/);
  assert.match(told('// No conflicts found under isolated.'), /1 exports conflict/);
  assert.match(told('// Every export conflicts with another call.'), /some do not/);
});
