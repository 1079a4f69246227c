import assert from 'node:assert/strict';
import { test } from 'node:test';
import { row } from '../testing/madeResults.ts';
import { losesUpdates } from './lostUpdates.ts';

const get = (caller: number, cell = '$n') => row(caller, 'global.get', cell, '-> 0');
const set = (caller: number, cell = '$n') => row(caller, 'global.set', cell, '= 1');

test('two callers that build on the same contents lose an update', () => {
  assert.ok(losesUpdates([get(0), get(1), set(1), set(0)]));
  assert.ok(losesUpdates([get(0), get(1), set(0), set(1)]));
});

test('calls one after the other do not', () => {
  assert.ok(!losesUpdates([get(0), set(0), get(1), set(1)]));
  assert.ok(!losesUpdates([get(0), set(0), get(0), set(0)]));
});

test('a write over contents that its caller has not read, or over those of a blind write, is none', () => {
  assert.ok(
    !losesUpdates([get(0), set(1), set(0)]),
    'reset and increment: the order reset, increment is another matter',
  );
  assert.ok(!losesUpdates([set(0), set(1)]));
});

test('an atomic operation in one step reads what it replaces', () => {
  const add = (caller: number) => row(caller, 'i32.atomic.rmw.add', '$n', '-> 0 = 1');
  assert.ok(!losesUpdates([add(0), add(1), add(0)]));
  assert.ok(losesUpdates([get(0), add(1), set(0)]));
});

test('what another call of the same caller read does not count, nor does another cell', () => {
  assert.ok(!losesUpdates([get(0), get(1), set(1), { ...set(0), call: 1 }]));
  assert.ok(!losesUpdates([get(0, '$a'), get(1, '$a'), set(0, '$b'), set(1, '$b')]));
});
