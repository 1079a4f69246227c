import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, cursorAt, documentOf } from '../testing/testDocument.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './callHierarchy.ts';

const doc = await documentOf(COUNTER);

const at = (marked: string): ReturnType<typeof prepareCallHierarchy> =>
  prepareCallHierarchy(doc, ...cursorAt(doc, marked));
const funcAt = (marked: string): number => {
  const [item] = at(marked) ?? [];
  assert.ok(item);
  return item.data;
};

test('begins at a call, at a function, and inside of a body', () => {
  assert.equal(at('call $bu<|>mp')?.[0].name, '$bump');
  assert.equal(at('(func $bu<|>mp')?.[0].name, '$bump');
  assert.equal(at('(export "incr<|>ement"')?.[0].name, 'increment');
  assert.equal(at('memory.gro<|>w')?.[0].name, 'grow');
  assert.equal(at('(global $coun<|>ter'), undefined);
});

test('tells who calls, and says what only may be a call', () => {
  const callers = incomingCalls(doc, funcAt('(func $bu<|>mp')).map(({ from }) => `${from.name}: ${from.detail}`);
  assert.deepEqual(callers.sort(), ['apply: possibly, through a table', 'increment: ']);
});

test('tells whom a function calls, and where', () => {
  const [call, ...more] = outgoingCalls(doc, funcAt('(export "incr<|>ement"'));
  assert.equal(call.to.name, '$bump');
  assert.deepEqual(more, []);
  assert.equal(call.fromRanges[0].start.line, cursorAt(doc, 'call $bu<|>mp')[0]);
  const possible = outgoingCalls(doc, funcAt('(export "app<|>ly"')).map(({ to }) => to.name);
  assert.deepEqual(possible.sort(), ['$bump', '$double']);
});
