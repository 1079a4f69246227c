/** Which exports can block, and what is said of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PROFILES } from '../hosts/index.ts';
import { analyseWat } from './testing/facts.ts';
import { blockingText, canBlock } from './waiting.ts';

async function blocking(text: string): Promise<string[]> {
  const { analysis } = await analyseWat(text, { host: 'javascript' });
  return analysis.exports.filter((_, position) => canBlock(analysis, position)).map(({ name }) => name);
}

const WAIT = '(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))';

test('exports that reach a wait can block, itself, through calls and through a table; others that synchronise cannot', async () => {
  const text = `(module (memory 1 1 shared) (table 1 funcref) (elem (i32.const 0) func $wait)
    (func $wait ${WAIT})
    (func (export "wait") ${WAIT})
    (func (export "wait64") (param i32) (drop (memory.atomic.wait64 (local.get 0) (i64.const 0) (i64.const -1))))
    (func (export "through") (call $wait))
    (func (export "table") (call_indirect (i32.const 0)))
    (func (export "lock") (loop $spin (br_if $spin (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))))
    (func (export "load") (drop (i32.atomic.load (i32.const 0))))
    (func (export "wake") (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
    (func (export "pure")))`;
  assert.deepEqual(await blocking(text), ['wait', 'wait64', 'through', 'table']);
});

test('a wait on an unshared memory traps', async () => {
  assert.deepEqual(await blocking(`(module (memory 1) (func (export "wait") ${WAIT}))`), []);
});

test('only JavaScript forbids it on some threads, and no advice about other exports speaks of it', () => {
  assert.match(blockingText(HOST_PROFILES.javascript), /not allowed on a browser's main thread/);
  assert.doesNotMatch(blockingText(HOST_PROFILES.wazero), /browser/);
  for (const text of Object.values(HOST_PROFILES.javascript.advice)) assert.doesNotMatch(text, /Atomics\.wait/);
});
