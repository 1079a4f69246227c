/** What steps mean to each other, and where nothing is said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StepKind, StepView } from './scheduleSteps.ts';
import { meaningsOf, rangeOfCell } from './stepMeaning.ts';

type Values = Partial<Pick<StepView, 'read' | 'written' | 'times' | 'span' | 'call' | 'buffer'>>;

/** `A read $n 0`. */
const step = (caller: number, kind: StepKind, cell: string, values: Values = {}): StepView => ({
  caller,
  call: 0,
  kind,
  op: 'op',
  cell,
  ...values,
});
const get = (caller: number, cell: string, read: string, more: Values = {}): StepView =>
  step(caller, 'read', cell, { read, ...more });
const set = (caller: number, cell: string, written: string, more: Values = {}): StepView =>
  step(caller, 'write', cell, { written, ...more });

/** The meaning of the last step. */
function last(steps: StepView[], together = false): string | undefined {
  const meaning = meaningsOf(steps, together).get(steps.length - 1);
  return meaning && `${meaning.rank} ${meaning.of}: ${meaning.text}`;
}

const waits = (caller: number, cell: string, written: string, more: Values = {}): StepView =>
  step(caller, 'buffered', cell, { written, buffer: 'waits', ...more });
const reaches = (caller: number, cell: string, written: string, more: Values = {}): StepView =>
  set(caller, cell, written, { buffer: 'reaches', ...more });

const M = 'memory[0] 0x40..0x44';

describe('the meaning of a step', () => {
  const cases: [what: string, steps: StepView[], meaning: string | undefined][] = [
    ['own values mean nothing', [set(0, '$n', '1'), get(0, '$n', '1')], undefined],
    ['a value of another caller', [set(0, '$n', '1'), get(1, '$n', '1')], '0 0: reads the 1 that A wrote'],
    [
      'a store that waits in the buffer of another caller',
      [waits(0, M, '1'), get(1, M, '0')],
      '5 0: reads 0 while the 1 that A stored waits in the store buffer of A',
    ],
    [
      'a store that waits, of other bytes',
      [waits(0, 'memory[0] 0x40..0x48', '1'), get(1, M, '0')],
      '5 0: reads 0 while what A stored there waits in the store buffer of A',
    ],
    [
      'a store that has reached memory',
      [waits(0, M, '1'), reaches(0, M, '1'), get(1, M, '1')],
      '0 1: reads the 1 that A wrote',
    ],
    [
      'all stores of a loop have',
      [waits(0, M, '1'), waits(0, M, '2'), waits(0, M, '3'), reaches(0, M, '3', { times: 3 }), get(1, M, '3')],
      '0 3: reads what A wrote',
    ],
    [
      'a caller sees its own store, whatever is in memory',
      [set(1, M, '1'), waits(0, M, '1'), get(0, M, '1')],
      undefined,
    ],
    [
      'a lost update',
      [get(0, '$n', '0'), set(1, '$n', '5'), set(0, '$n', '1')],
      '4 1: overwrites the 5 that B wrote after A read 0',
    ],
    [
      'an update of what was read meanwhile loses nothing',
      [get(0, '$n', '0'), set(1, '$n', '5'), get(0, '$n', '5'), set(0, '$n', '6')],
      '0 1: overwrites the 5 that B wrote',
    ],
    [
      'what was read in another call is no basis of a write',
      [get(0, '$n', '0'), set(1, '$n', '5'), set(0, '$n', '1', { call: 1 })],
      '1 1: overwrites the 5 that B wrote',
    ],
    [
      'a change between two accesses of one call',
      [set(0, '$n', '1'), set(1, '$n', '2'), get(0, '$n', '2')],
      '3 1: reads the 2 that B wrote after A wrote 1 there',
    ],
    [
      'an atomic update reads what is there',
      [get(0, M, '0'), set(1, M, '5'), step(0, 'update', M, { read: '5', written: '6' })],
      '3 1: changes the 5 that B wrote after A read 0 there',
    ],
    [
      'a compare-exchange that fails changes nothing',
      [set(1, M, '5'), step(0, 'update', M, { read: '5', written: '5' })],
      '0 0: reads the 5 that B wrote',
    ],
    ['other bytes', [set(0, M, '1'), get(1, 'memory[0] 0x44..0x48', '1')], undefined],
    ['the same bytes of another memory', [set(0, M, '1'), get(1, 'memory[1] 0x40..0x44', '1')], undefined],
    ['some of the bytes', [set(0, M, '1'), get(1, 'memory[0] 0x42', '0')], '0 0: reads bytes that A wrote'],
    [
      'bytes across lines of the index',
      [set(0, 'memory[0] 0x3e..0x42', '1'), set(1, 'memory[0] 0x0..0x8000', 'zeros')],
      '1 0: overwrites bytes that A wrote',
    ],
    ['a value that the trace does not explain', [set(0, '$n', '1'), get(1, '$n', '3')], undefined],
    [
      'a loop of a third caller may have written there',
      [set(0, M, '1'), set(2, 'memory[0] 0x0..0x4', '9', { times: 40 }), set(1, M, '2')],
      undefined,
    ],
    [
      'a loop that is known to write elsewhere',
      [set(0, M, '1'), set(2, 'memory[0] 0x0..0x4', '9', { times: 4, span: 'memory[0] 0x0..0x10' }), set(1, M, '2')],
      '1 0: overwrites the 1 that A wrote',
    ],
    [
      'later repetitions may have written another value',
      [set(0, M, '1', { times: 3, span: M }), set(1, M, '2')],
      '1 0: overwrites what A wrote',
    ],
    [
      'a host function may have written anything',
      [set(0, M, '1'), step(2, 'import', 'env.fill(0)'), set(1, M, '2')],
      undefined,
    ],
  ];
  for (const [what, steps, meaning] of cases) test(what, () => assert.equal(last(steps), meaning));

  test('calls that belong together', () => {
    const steps = [get(0, '$n', '0'), set(1, '$n', '5'), set(0, '$n', '1', { call: 1 })];
    assert.equal(last(steps, true), '4 1: overwrites the 5 that B wrote after A read 0');
  });

  test('an overwritten value of a call that has not returned is more telling', () => {
    const call = (caller: number): StepView => ({ caller, call: 0, kind: 'call', op: 'f()' });
    assert.match(last([call(0), set(0, M, '1'), call(1), set(1, M, '2')]) ?? '', /^2 /);
    const ended = [call(0), set(0, M, '1'), { ...call(0), kind: 'return' as const }, call(1), set(1, M, '2')];
    assert.match(last(ended) ?? '', /^1 /);
  });

  test('ranges of cells', () => {
    assert.deepEqual(rangeOfCell('memory[0] 0x80..0x84'), { base: 'memory[0]', start: 0x80, end: 0x84 });
    assert.deepEqual(rangeOfCell('$mem 0x80'), { base: '$mem', start: 0x80, end: 0x81 });
    assert.deepEqual(rangeOfCell('$counter'), { base: '$counter', start: 0, end: 1 });
  });

  test('thousands of accesses of few cells take no time', () => {
    const steps = Array.from({ length: 20_000 }, (_, i) =>
      i % 2 === 0 ? set(i % 3, `memory[0] 0x${(64 * (i % 500)).toString(16)}`, String(i)) : get(i % 3, '$n', '0'),
    );
    assert.ok(meaningsOf(steps, false).size > 0);
  });
});
