import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineEdit, shiftedLine } from './lineShift.ts';

/** Applies an edit to lines as an editor does. */
function edited(lines: string[], from: [number, number], to: [number, number], text: string): [string[], LineEdit] {
  const before = [...lines.slice(0, from[0]), lines[from[0]].slice(0, from[1])].join('\n');
  const after = [lines[to[0]].slice(to[1]), ...lines.slice(to[0] + 1)].join('\n');
  const edit = { start: from[0], end: to[0], breaks: text.split('\n').length - 1, fromStart: from[1] === 0 };
  return [(before + text + after).split('\n'), edit];
}

const LINES = ['zero', 'one', 'two', 'three', 'four', 'five'];
const where = (now: string[], edits: LineEdit[]): (string | undefined)[] =>
  LINES.map((_, line) => {
    const at = shiftedLine(line, edits);
    return at === undefined ? undefined : now[at];
  });

test('lines keep their text when lines are inserted above them, at their start or at their end', () => {
  const cases: [[number, number], string][] = [
    [[2, 0], 'new\n'],
    [[1, 3], '\nnew'],
    [[0, 0], 'a\nb\nc\n'],
  ];
  for (const [at, text] of cases) {
    const [now, edit] = edited(LINES, at, at, text);
    assert.deepEqual(where(now, [edit]), LINES);
  }
});

test('lines that are deleted are gone, and those below move up', () => {
  const [now, edit] = edited(LINES, [1, 3], [4, 4], '');
  assert.deepEqual(where(now, [edit]), ['zero', 'one', undefined, undefined, 'one', 'five']);
  const [other, whole] = edited(LINES, [2, 0], [3, 0], '');
  assert.deepEqual(where(other, [whole])[3], 'three');
  assert.deepEqual(where(other, [whole])[5], 'five');
});

test('an edit within a line moves nothing', () => {
  const [now, edit] = edited(LINES, [3, 1], [3, 2], 'xx');
  assert.deepEqual(where(now, [edit]), ['zero', 'one', 'two', 'txxree', 'four', 'five']);
  const [, typed] = edited(LINES, [3, 0], [3, 0], 'x');
  assert.equal(shiftedLine(3, [typed]), 3);
});

test('edits add up', () => {
  const [now, first] = edited(LINES, [1, 0], [1, 0], 'a\nb\n');
  const [then, second] = edited(now, [0, 4], [1, 1], '');
  assert.deepEqual(where(then, [first, second]).slice(1), LINES.slice(1));
});
