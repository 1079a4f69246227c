/** What people read about threads and conditions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseWat } from '../testing/facts.ts';
import type { ObjectCondition } from './condition.ts';
import { conditionLabel, whenText } from './conditionText.ts';
import { threadSafetyOf } from './threads.ts';
import { threadLabel, threadText } from './threadText.ts';

async function textsOf(text: string) {
  const { module, analysis } = await analyseWat(`(module ${text})`, { model: 'shared-instance' });
  return Object.fromEntries(
    analysis.exports.map(({ name }, position) => [
      name,
      [threadLabel(threadSafetyOf(analysis, position)), threadText({ module, analysis }, position)],
    ]),
  );
}

test('thread-compatible, with the exports that conflict all the same', async () => {
  const texts = await textsOf(`(memory 1)
    (func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)))
    (func (export "grow") (drop (memory.grow (i32.const 1))))
    (func (export "get") (result i32) (i32.load (i32.const 64)))`);
  assert.deepEqual(texts.put, [
    'thread-compatible (object: parameter 0), except with 1 export',
    'Thread-compatible: no conflict found with calls that get different objects (parameter 0), as long as these point to no data of the module that another call uses. Calls of `grow` conflict with any arguments, because it grows the memory or may access any part of it.',
  ]);
  assert.deepEqual(texts.grow, [
    'thread-hostile',
    'Thread-hostile: it uses the size of memory[0], which concurrent calls share.',
  ]);
  assert.equal(texts.get[0], 'thread-compatible (no object), except with 1 export');
  assert.equal(
    texts.get[1],
    'Thread-compatible: no conflict found with other calls whose arguments point to no data of the module that it uses. Calls of `grow` conflict with any arguments, because it grows the memory or may access any part of it.',
  );
});

test('what is said of calls of the host, of atomics and of unknown code', async () => {
  const texts = await textsOf(`(import "env" "log" (func $log)) (memory 1 1 shared)
    (table (export "t") 1 funcref) (type $f (func))
    (func (export "log") (call $log))
    (func (export "both") (call $log) (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
    (func (export "apply") (call_indirect (type $f) (i32.const 0)))`);
  assert.deepEqual(texts.log, [
    'thread-safe, as far as the module goes',
    'Thread-safe: no conflict found with any call. It calls the host, which this says nothing about.',
  ]);
  assert.equal(texts.both[0], 'thread-safe, as far as the module and single accesses go');
  assert.deepEqual(texts.apply, [
    'not known whether thread-safe',
    'Not known whether it is thread-safe: it runs unknown code.',
  ]);
});

test('conditions', () => {
  const same: ObjectCondition = { when: 'same-object', parameters: [0, 0] };
  const other: ObjectCondition = { when: 'same-object', parameters: [0, 1] };
  const range: ObjectCondition = { when: 'overlap', parameters: [2, 2] };
  const data: ObjectCondition = { when: 'overlap', parameters: [0, undefined] };
  const theirs: ObjectCondition = { when: 'overlap', parameters: [undefined, 1] };
  assert.equal(whenText([same], false), 'when both calls get the same object (parameter 0)');
  assert.equal(
    whenText([same, other], false),
    'when both calls get the same object (parameter 0, and 0 or 1 of the other call)',
  );
  assert.equal(
    whenText([{ ...same, through: true }], false),
    'when both calls get the same object, or objects that lead to the same memory (parameter 0)',
  );
  assert.equal(whenText([range], false), 'where the memory that both calls get overlaps (parameter 2)');
  assert.equal(whenText([range], true), 'when both calls get the same slot (parameter 2)');
  assert.equal(
    whenText([same, data], false),
    'when both calls get the same object (parameter 0), or if parameter 0 points to data or stack frames that the other call uses',
  );
  assert.equal(whenText([theirs], false), 'if an argument of the other call points there');
  assert.deepEqual(
    [conditionLabel('always'), conditionLabel([same]), conditionLabel([range, same])],
    ['always', 'same object', 'same object or overlap'],
  );
});
