/** Results that say something. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from './steps.ts';
import { toldResults, toldSteps } from './toldResults.ts';

test('all results of calls', () => {
  assert.deepEqual(toldResults([['put', 1], ['get']], ['()', '1']), ['()', '1']);
});

const PROTOCOL: Step[] = [
  { call: 'malloc', args: [4], as: 'p' },
  { write: '$p', utf8: 'Lena' },
  { call: 'greet', args: ['$p', 4], as: 'r' },
  { read: '$r', length: 4, type: 'utf8', as: 'text' },
  { expect: '$r != 0' },
  ['free', '$p', 4],
];

test('of a protocol neither addresses nor writes and expectations that hold', () => {
  const results = ['$p', '()', '7', '"Hi"', 'holds', '()'];
  assert.deepEqual(toldSteps(PROTOCOL, results), [
    { text: 'greet($p, 4)', result: '7' },
    { text: 'read $r length 4 utf8', result: '"Hi"' },
  ]);
});

test('traps and expectations that fail, wherever they are', () => {
  const results = ['trap: unreachable', 'trap: $p has no value yet', '$r', '"Hi"', 'fails: $r != 0', '()'];
  assert.deepEqual(toldResults(PROTOCOL, results), [results[0], results[1], '"Hi"', results[4]]);
});

test('where nothing says anything, the last one', () => {
  assert.deepEqual(toldResults(PROTOCOL.slice(0, 2), ['$p', '()']), ['()']);
});
