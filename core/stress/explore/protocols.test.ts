/** Protocols: named results, accesses of the host, expectations, and outcomes that are compared by what addresses lead to. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Step } from '../scenario/steps.ts';
import { explored, failure } from '../testing/run.ts';

const GREET = readFileSync(join(import.meta.dirname, 'cases', 'greet.wat'), 'utf8');

const greeting: Step[] = [
  { call: 'malloc', args: [4], as: 'p' },
  { write: '$p', utf8: 'Lena' },
  { call: 'greet', args: ['$p', 4], as: 'r' },
  { read: '$r >> 32', length: '$r & 0xffffffff', type: 'utf8', as: 'text' },
  { call: 'free', args: ['$p', 4] },
];
const greet: ScenarioFile = { callers: [{ steps: greeting }, { like: 0, with: { Lena: 'Mira' } }] };

describe('text that the host gives and takes', () => {
  test('is what one caller alone gets', async () => {
    const result = await explored(GREET, { callers: [greeting] });
    assert.deepEqual(result.outcomes.examples[0].results, [['$p', '()', '$r', '"Hello, Lena"', '()']]);
  });

  test('is mixed up on one instance: the buffer is one for all, and so is a block', async () => {
    const result = await explored(GREET, greet);
    assert.deepEqual([result.verdict, result.wrongOutcome, result.unit], ['race', true, 'sequence']);
    // Serial orders differ in addresses alone, which are not compared.
    assert.equal(result.outcomes.serial, 1);
    const texts = result.outcomes.wrong.map(({ results }) => results.map((of) => of[3]).join());
    assert.ok(
      texts.some(
        (text) => text.includes('"Hello, Mira","Hello, Mira"') || text.includes('"Hello, Lena","Hello, Lena"'),
      ),
      texts.join(' '),
    );
    const host = result.races.flatMap(({ a, b }) => [a, b]).filter(({ func }) => func < 0);
    assert.ok(
      host.some(({ op, access }) => op === 'host write $p "Lena"' && access === 'write'),
      JSON.stringify(host),
    );
    assert.ok(result.trace.some(({ op }) => op.startsWith('host ')));
  });

  test('is right with an instance for each caller', async () => {
    const result = await explored(GREET, { ...greet, model: 'isolated' });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['safe', false]);
  });
});

const QUEUE = `(module (memory (export "memory") 1)
  (func (export "truncate") (param i32) (i32.atomic.store (i32.const 4) (local.get 0)))
  (func (export "read") (param $n i32)
    (i32.atomic.store (i32.const 0) (i32.add (i32.atomic.load (i32.const 0)) (local.get $n)))))`;

describe('expectations', () => {
  const invariants = ['i32(0) <= i32(4)'];
  const setup: Step[] = [['truncate', 3]];

  test('hold in every schedule: nothing is said', async () => {
    const result = await explored(QUEUE, { setup, callers: [[['read', 1]], [['read', 2]]], invariants });
    assert.deepEqual(
      result.outcomes.wrong.filter(({ probe }) => probe[0] !== 'holds'),
      [],
    );
  });

  test('an invariant that serial orders break, too, is reported', async () => {
    const result = await explored(QUEUE, { setup, callers: [[['read', 3]], [['truncate', 2]]], invariants });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['non-atomic', true]);
    assert.equal(result.outcomes.wrong[0].probe[0], 'fails: i32(0) <= i32(4)');
    assert.ok(result.outcomes.examples.some(({ probe }) => probe[0] === 'fails: i32(0) <= i32(4)'));
  });

  test('in the middle of a sequence see what other callers write, and race with it', async () => {
    const steps: Step[] = [{ write: 8, i32: 1 }, { expect: 'i32(8) == 1' }];
    const result = await explored(QUEUE, { callers: [steps, [{ write: 8, i32: 2 }]] });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
    assert.ok(result.outcomes.wrong.some(({ results }) => results[0][1] === 'fails: i32(8) == 1'));
  });
});

describe('the host', () => {
  const STORE = `(module (memory (export "memory") 1 4) (memory $second 1)
    (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "set") (param i32 i32) (i32.store $second (local.get 0) (local.get 1)))
    (func (export "clear") (memory.fill (i32.const 64) (i32.const 0xc3) (i32.const 4))))`;

  test('races with the guest, its own accesses included', async () => {
    const result = await explored(STORE, {
      callers: [[['put', 64, 1]], [{ read: 64, type: 'i32' }], [{ write: 64, u8: 3 }]],
    });
    assert.deepEqual(result.races.map(({ a, b }) => [a.op, b.op].sort().join(' / ')).sort(), [
      'host read 64 i32 / host write 64 u8 3',
      'host read 64 i32 / i32.store',
      'host write 64 u8 3 / i32.store',
    ]);
  });

  test('meets growth that moves the memory', async () => {
    const result = await explored(STORE, { callers: [[['grow']], [{ write: 64, utf8: 'abc' }]] });
    assert.equal(result.verdict, 'host-hazard');
  });

  test('does not race on a shared memory of another index, and finds the memory that it names', async () => {
    const result = await explored(STORE, {
      callers: [
        [['set', 64, 1]],
        [
          { write: 64, i32: 3 },
          { read: 64, type: 'i32' },
        ],
      ],
      probe: [{ read: 64, memory: 1, type: 'i32' }],
    });
    assert.deepEqual([result.verdict, result.outcomes.examples[0].probe], ['safe', ['1']]);
  });

  test('reads text in the middle of a change', async () => {
    const result = await explored(STORE, {
      setup: [{ write: 64, utf8: 'abcd' }],
      callers: [[['clear']], [{ read: 64, length: 4, type: 'utf8' }]],
    });
    const texts = [...result.outcomes.examples, ...result.outcomes.wrong].map(({ results }) => results[1][0]);
    assert.ok(texts.includes('"abcd"') && texts.includes('not UTF-8: 0xc3c3c3c3'), texts.join());
    assert.ok(result.wrongOutcome);
  });

  test('cannot access what is beyond the memory', async () => {
    const result = await explored(STORE, { callers: [[{ read: 65534, type: 'i32' }]] });
    assert.deepEqual(result.outcomes.examples[0].results, [
      ['trap: the host reads [65534, 65538), but memory[0] has 65536 bytes'],
    ]);
    assert.equal(result.verdict, 'inconclusive');
  });
});

describe('several results', () => {
  const PAIR = `(module (memory (export "memory") 1) (data (i32.const 8) "Lena")
    (func (export "name") (result i32 i32) (i32.const 8) (i32.const 4)) (func (export "none")))`;
  const call = (as: string | string[], name = 'name'): Step => ({ call: name, as });

  test('have a name each', async () => {
    const steps: Step[] = [call(['at', 'length']), { read: '$at', length: '$length', type: 'utf8' }];
    const result = await explored(PAIR, { callers: [steps] });
    assert.deepEqual(result.outcomes.examples[0].results, [['$at $length', '"Lena"']]);
  });

  test('and names that do not fit are told where they stand', async () => {
    const told = async (step: Step): Promise<string> => (await failure(PAIR, { callers: [[step]] })).message;
    assert.equal(await told(call('r')), 'callers.0.0.as: name returns 2 results, not 1; give a list of 2 names');
    assert.equal(
      await told(call(['a', 'b', 'c'])),
      'callers.0.0.as: name returns 2 results, not 3; give a list of 2 names',
    );
    assert.equal(await told(call('r', 'none')), 'callers.0.0.as: none returns 0 results, not 1');
  });
});

describe('named results', () => {
  const COUNTER = `(module (memory (export "memory") 1) (global $next (mut i32) (i32.const 16))
    (func (export "new") (result i32) (local i32)
      (local.set 0 (global.get $next)) (global.set $next (i32.add (local.get 0) (i32.const 4))) (local.get 0))
    (func (export "add") (param i32) (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1))))
    (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))`;

  test('of the setup are known to every caller and to the probe', async () => {
    const result = await explored(COUNTER, {
      setup: [{ call: 'new', as: 'counter' }],
      callers: [[['add', '$counter']], [['add', '$counter']]],
      probe: [['get', '$counter']],
    });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
    assert.deepEqual(result.outcomes.examples[0].probe, ['2']);
  });

  test('of each caller are its own, in every execution again', async () => {
    const steps: Step[] = [{ call: 'new', as: 'mine' }, ['add', '$mine'], ['get', '$mine']];
    const atomic = COUNTER.replace(
      '(local.set 0 (global.get $next)) (global.set $next (i32.add (local.get 0) (i32.const 4)))',
      '(local.set 0 (i32.atomic.rmw.add (i32.const 8) (i32.const 4)))',
    );
    const result = await explored(atomic, { setup: [{ write: 8, i32: 16 }], callers: [steps, steps] });
    assert.deepEqual([result.verdict, result.outcomes.serial], ['safe', 1]);
  });

  test('that are compared make serial orders differ', async () => {
    const steps: Step[] = [{ call: 'new', as: 'mine' }, ['get', '$mine']];
    const result = await explored(COUNTER, { callers: [steps, steps], compare: ['mine'] });
    assert.equal(result.outcomes.serial, 2);
  });

  test('have no value where the step that names them trapped', async () => {
    const traps = '(module (func (export "f") (result i32) unreachable) (func (export "g") (param i32)))';
    const result = await explored(traps, { callers: [[{ call: 'f', as: 'x' }, ['g', '$x']]] });
    assert.deepEqual(result.outcomes.examples[0].results, [['trap: unreachable', 'trap: $x has no value yet']]);
  });
});

test('a wrong outcome of a protocol is replayed by its schedule', async () => {
  const { schedule, outcomes } = await explored(GREET, greet);
  const again = await explored(GREET, greet, { schedule: schedule ?? '' });
  assert.ok(again.wrongOutcome);
  assert.ok(outcomes.wrong.some(({ results }) => JSON.stringify(results) === JSON.stringify(again.traced?.results)));
});

test('a step of the host that no order can make is told, with what to correct', async () => {
  const source = '(module (memory 1) (func (export "f")))';
  const steps: Step[] = [['f'], { read: 65530, length: 8, type: 'bytes' }];
  const result = await explored(source, { callers: [steps, [['f']]] });
  assert.ok(
    result.notes.some((note) =>
      /^The step read 65530 length 8 bytes of caller A is not possible in any serial order \(the host reads \[65530, 65538\), but .*\): correct it/.test(
        note,
      ),
    ),
    result.notes.join(' '),
  );
});
