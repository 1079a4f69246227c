/** Objects that calls create are other ones in each execution: outcomes are compared all the same. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explored } from '../testing/run.ts';

const STRUCT = '(type $s (struct (field i32)))';
const PAIR = { callers: [[['f']], [['f']]] as [string][][] };

describe('objects that calls create', () => {
  const MODULES: Readonly<Record<string, string>> = {
    'and return': '(func (export "f") (result (ref $s)) (struct.new $s (i32.const 1)))',
    'and leave in a table':
      '(table $t (export "t") 2 (ref null $s)) (func (export "f") (table.set $t (i32.const 0) (struct.new $s (i32.const 1))))',
    'and leave in a global':
      '(global $g (mut (ref null $s)) (ref.null $s)) (func (export "f") (global.set $g (struct.new $s (i32.const 1))))',
  };
  for (const [name, fields] of Object.entries(MODULES)) {
    test(`${name}: there is no wrong outcome, and no defect`, async () => {
      const { defects, exhaustive, outcomes } = await explored(`(module ${STRUCT} ${fields})`, PAIR);
      assert.deepEqual([defects, exhaustive, outcomes.wrong], [[], true, []]);
    });
  }

  test('and leave in slots that they add: one of two slots is lost, and there is no defect', async () => {
    const { defects, outcomes } = await explored(
      `(module ${STRUCT} (table $t (export "t") 2 (ref null $s))
        (func (export "f") (drop (table.grow $t (struct.new $s (i32.const 1)) (i32.const 1)))))`,
      PAIR,
    );
    assert.deepEqual(defects, []);
    assert.deepEqual(outcomes.wrong[0]?.state, ['the size of $t is 3 slots, 4 slots in serial order AB']);
  });

  test('are numbered in the order of the callers, whoever created its own first', async () => {
    const { outcomes } = await explored(
      `(module ${STRUCT} (memory 1 1 shared) (func (export "f") (result (ref $s))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) (struct.new $s (i32.const 1))))`,
      PAIR,
    );
    assert.deepEqual(
      outcomes.examples.map(({ results }) => results),
      [[['new reference 1'], ['new reference 2']]],
    );
  });

  test('and that two callers see in one: an outcome that no serial order gives', async () => {
    const result = await explored(
      `(module ${STRUCT} (global $g (mut (ref null $s)) (ref.null $s)) (func (export "f") (result (ref null $s))
        (global.set $g (struct.new $s (i32.const 1))) (global.get $g)))`,
      PAIR,
    );
    assert.deepEqual(result.defects, []);
    assert.deepEqual(result.outcomes.wrong[0]?.results, [['new reference 1'], ['new reference 1']]);
  });
});

describe('what is inside of objects', () => {
  const COUNTER = `(module ${STRUCT} (import "env" "sleep" (func $sleep))
    (global $g (mut (ref $s)) (struct.new $s (i32.const 0)))
    (func (export "f") (local $n i32)
      (local.set $n (struct.get $s 0 (global.get $g))) (call $sleep)
      (global.set $g (struct.new $s (i32.add (local.get $n) (i32.const 1)))))
    (func (export "get") (result i32) (struct.get $s 0 (global.get $g))))`;
  const SCENARIO = {
    ...PAIR,
    host: 'javascript',
    model: 'cooperative',
    imports: { 'env.sleep': { suspends: true } },
  } as const;

  test('is not compared, so nothing is called safe', async () => {
    const { verdict, defects, notes } = await explored(COUNTER, { ...SCENARIO, callers: [[['f']], [['f']]] });
    assert.deepEqual(defects, []);
    assert.equal(verdict, 'inconclusive');
    assert.match(notes.join('\n'), /not called safe: what is inside the objects/);
  });

  test('is compared by a probe that reads it', async () => {
    const result = await explored(COUNTER, { ...SCENARIO, callers: [[['f']], [['f']]], probe: [['get']] });
    assert.equal(result.verdict, 'non-atomic');
    assert.deepEqual(result.outcomes.wrong[0]?.probe, ['1']);
  });
});
