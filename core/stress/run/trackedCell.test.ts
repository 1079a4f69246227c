import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrackedCell } from './trackedCell.ts';

const [A, B, C] = [1, 2, 4];

test('a cell makes decisions once two callers touch it, and one of them writes', () => {
  const cell = new TrackedCell('global', 'global 0', 3);
  assert.equal(cell.touch(A, false), false);
  assert.equal(cell.touch(B, false), false);
  assert.equal(cell.touch(B, true), true);
  assert.equal(cell.touch(A, true), false);
});

test('an extent does again when a second caller grows: the first one has to ask before its accesses, too', () => {
  const extent = new TrackedCell('memory.grow', 'memory 0 size', 3);
  assert.equal(extent.touch(A, true), false);
  assert.equal(extent.touch(B, false), true);
  assert.equal(extent.touch(A, true), false);
  assert.equal(extent.touch(B, true), true);
  assert.equal(extent.touch(B, true), false);
  assert.equal(extent.touch(C, true), false);
});
