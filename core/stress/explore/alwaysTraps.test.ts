/** Calls that trap in every order show nothing of what callers share. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictText } from '../../report/verdicts.ts';
import { explored } from '../testing/run.ts';

const MODULE = `(module (memory (export "memory") 1)
  (func (export "f") (result i32) (i32.load (i32.const 0x7fffffff)))
  (func (export "at") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "ok") (result i32) (i32.const 1)))`;

test('calls that all trap are inconclusive, and it is said why', async () => {
  const result = await explored(MODULE, { callers: [[['f']], [['f']]] });
  assert.equal(result.verdict, 'inconclusive');
  assert.match(verdictText(result), /^inconclusive: no call of A and B returns in any order \(trap: memory access/);
});

test('one caller whose calls all trap is enough', async () => {
  const result = await explored(MODULE, { callers: [[['ok']], [['f'], ['f']]] });
  assert.equal(result.verdict, 'inconclusive');
  assert.match(verdictText(result), /no call of B returns/);
});

test('a call that returns is enough for its caller', async () => {
  const result = await explored(MODULE, { callers: [[['ok']], [['f'], ['at', 0]]] });
  assert.equal(result.verdict, 'safe');
  assert.deepEqual(result.defects, []);
});
