/** Units: outcomes of calls that belong together, judged call by call and as whole sequences. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { divisionText } from '../scenario/units.ts';
import { explored } from '../testing/run.ts';

const EXCHANGE = readFileSync(join(import.meta.dirname, 'cases', 'request-response.wat'), 'utf8');
const exchanges = [
  [['handle_request', 1], ['handle_response']],
  [['handle_request', 2], ['handle_response']],
] as const;
const callers = exchanges.map((calls) => calls.map(([name, ...args]) => [name, ...args] as [string, ...number[]]));

const ATOMIC = `(module (memory 1)
  (func (export "next") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
  (func (export "set") (param i32) (i32.atomic.store (i32.const 0) (local.get 0)))
  (func (export "get") (result i32) (i32.atomic.load (i32.const 0))))`;

describe('a request and its response', () => {
  test('are one exchange: a response with another id is wrong, and correct call by call', async () => {
    const result = await explored(EXCHANGE, { callers });
    assert.deepEqual([result.unit, result.verdict, result.wrongOutcome], ['sequence', 'race', true]);
    const divided = result.outcomes.wrong.find(({ results }) => results[0][1] === '2');
    assert.match(divided?.order ?? '', /^[AB]{4}$/);
    assert.equal(
      divisionText(result.scenario, divided?.order ?? ''),
      'another caller came between `handle_request` and `handle_response`',
    );
    assert.ok((result.schedule ?? '') !== '' && result.trace.length > 0);
    assert.ok(result.outcomes.examples.every(({ order }) => order === 'AABB' || order === 'BBAA'));
  });

  test('are two calls where the scenario says so', async () => {
    const result = await explored(EXCHANGE, { callers, unit: 'call' });
    assert.deepEqual([result.unit, result.wrongOutcome], ['call', false]);
  });

  test('are found divided in a replay, too', async () => {
    const { schedule } = await explored(EXCHANGE, { callers });
    const again = await explored(EXCHANGE, { callers }, { schedule: schedule ?? '' });
    assert.deepEqual([again.wrongOutcome, again.outcomes.wrong[0].order === null], [true, false]);
  });
});

describe('repeated steps', () => {
  const twice = (id: number) => ({ steps: callers[id - 1], repeat: 2 });

  test('are a sequence for each repetition: others may come between two of them', async () => {
    const result = await explored(ATOMIC, {
      callers: [{ steps: [['set', 1], ['get']], repeat: 2 }, [['set', 2]]],
    });
    assert.deepEqual([result.unit, result.outcomes.serial], ['sequence', 2]);
    assert.deepEqual(result.outcomes.examples.map(({ order }) => order).toSorted(), ['AAAAB', 'AABAA']);
    assert.match(result.outcomes.wrong[0].order ?? '', /^(A|AAA)B/);
  });

  test('of two exchanges: no other caller between a request and its own response', async () => {
    const result = await explored(EXCHANGE, { callers: [twice(1), twice(2)] });
    for (const { order } of result.outcomes.examples) assert.match(order, /^(AA|BB)+$/);
    const divided = result.outcomes.wrong.find(({ order }) => order !== null);
    assert.equal(
      divisionText(result.scenario, divided?.order ?? ''),
      'another caller came between `handle_request` and `handle_response`',
    );
  });

  test('of one call are calls on their own', async () => {
    const result = await explored(ATOMIC, {
      callers: [{ steps: [['next']], repeat: 2 }, [['next']]],
      unit: 'sequence',
    });
    assert.deepEqual([result.verdict, result.outcomes.serial], ['safe', 3]);
  });
});

describe('without a unit', () => {
  test('calls of several exports belong together', async () => {
    const result = await explored(ATOMIC, { callers: [[['set', 1], ['get']], [['set', 2]]] });
    assert.deepEqual([result.unit, result.verdict, result.races.length], ['sequence', 'non-atomic', 0]);
    assert.equal(result.outcomes.wrong[0].order, 'ABA');
  });

  test('repeated calls of one export do not, and that they were divided is said', async () => {
    const twice: [string][] = [['next'], ['next']];
    const result = await explored(ATOMIC, { callers: [twice, twice] });
    assert.deepEqual([result.unit, result.verdict, result.exhaustive], ['call', 'safe', true]);
    assert.ok(result.notes.some((note) => note.includes('"unit": "sequence"')));
    const whole = await explored(ATOMIC, { callers: [twice, twice], unit: 'sequence' });
    assert.deepEqual([whole.verdict, whole.outcomes.serial], ['non-atomic', 2]);
    const each = await explored(ATOMIC, { callers: [twice, twice], unit: 'call' });
    assert.ok(!each.notes.some((note) => note.includes('sequence')));
  });
});

test('an outcome that no order of calls gives is worse than a divided sequence', async () => {
  const result = await explored(
    `(module (global $g (mut i32) (i32.const 0))
      (func (export "add") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))
      (func (export "get") (result i32) (global.get $g)))`,
    {
      callers: [
        [['add'], ['get']],
        [['add'], ['get']],
      ],
    },
  );
  assert.deepEqual(new Set(result.outcomes.wrong.map(({ order }) => order === null)), new Set([true, false]));
  const shown = result.outcomes.wrong.find(({ schedule }) => schedule === result.schedule);
  assert.equal(shown?.order, null);
});

test('callers that need each other between their calls are judged call by call', async () => {
  const result = await explored(
    `(module (memory 1 1 shared)
      (func $until (param $at i32)
        (drop (memory.atomic.wait32 (local.get $at) (i32.const 0) (i64.const -1))))
      (func $now (param $at i32)
        (i32.atomic.store (local.get $at) (i32.const 1))
        (drop (memory.atomic.notify (local.get $at) (i32.const -1))))
      (func (export "ask") (call $now (i32.const 0)))
      (func (export "answered") (result i32) (call $until (i32.const 4)) (i32.const 7))
      (func (export "asked") (call $until (i32.const 0)))
      (func (export "answer") (call $now (i32.const 4))))`,
    {
      callers: [
        [['ask'], ['answered']],
        [['asked'], ['answer']],
      ],
    },
  );
  assert.deepEqual([result.unit, result.wrongOutcome], ['call', false]);
  assert.ok(result.notes.some((note) => note.includes('judged call by call')));
});

test('many calls have few orders of whole sequences, so that they are judged', async () => {
  const many = (id: number): [string, ...number[]][] => [
    ...Array.from({ length: 8 }, (): [string, number] => ['set', id]),
    ['get'],
  ];
  const result = await explored(ATOMIC, { callers: [many(1), many(2)], budget: { schedules: 2_000 } });
  assert.deepEqual([result.outcomes.serialComplete, result.outcomes.serial, result.wrongOutcome], [true, 2, true]);
});
