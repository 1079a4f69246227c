/** Outcomes of a real host, judged by its serial orders. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DriverOutcome, DriverResult } from './driverResult.ts';
import { inWords, judged } from './judged.ts';

const outcome = (results: string[][], more: Partial<DriverOutcome> = {}): DriverOutcome => ({
  results,
  probe: [],
  state: 's',
  words: [],
  ...more,
});

/** Two callers with two calls each; whole sequences are the unit. */
const ORDERS = {
  orders: [
    { callers: [0, 0, 1, 1], whole: true },
    { callers: [1, 1, 0, 0], whole: true },
    { callers: [0, 1, 0, 1], whole: false },
  ],
  complete: { units: true, calls: true },
};

const SERIAL: DriverResult['serial'] = [
  { ...outcome([['1'], ['2']]), order: [0, 0, 1, 1], whole: true },
  { ...outcome([['2'], ['1']]), order: [1, 1, 0, 0], whole: true },
  { ...outcome([['1'], ['1']]), order: [0, 1, 0, 1], whole: false },
];

const made = (outcomes: DriverResult['outcomes'], more: Partial<DriverResult> = {}): DriverResult => ({
  serial: SERIAL,
  ordersRun: 3,
  stuckRun: 0,
  rounds: 1000,
  seconds: 1,
  outcomes,
  more: 0,
  done: true,
  goVersion: 'go1.26.8',
  processors: 2,
  ...more,
});

const kinds = (result: DriverResult, orders = ORDERS): string[] =>
  judged(result, orders).outcomes.map(({ kind, order }) => `${kind} ${order ?? '-'}`);

describe('outcomes on a host', () => {
  it('are serial, divided, wrong in results or in state, or break an expectation', () => {
    const words = [{ cell: 'memory 0x8..0xc', value: '0x00000002' }];
    const result = made([
      { ...outcome([['2'], ['1']]), samples: 900 },
      { ...outcome([['1'], ['1']]), samples: 50 },
      { ...outcome([['9'], ['9']]), samples: 30 },
      { ...outcome([['1'], ['2']], { state: 'other', words }), samples: 15 },
      { ...outcome([['1'], ['fails: $n == 2']]), samples: 5 },
    ]);
    const found = judged(result, ORDERS);
    assert.deepEqual(kinds(result), ['divided ABAB', 'wrong -', 'wrong-state -', 'expectation -', 'serial BBAA']);
    assert.deepEqual([found.wrongRounds, found.seen, found.notJudged, found.serial], [100, 5, 0, 2]);
    assert.deepEqual(found.outcomes[2].state, ['memory 0x8..0xc is 0x00000002, unchanged in serial order AABB']);
    assert.deepEqual(found.notes, []);
  });

  it('are counted and not judged where the serial orders are not all known, or decide nothing', () => {
    const outcomes = [{ ...outcome([['9'], ['9']]), samples: 1000 }];
    const notJudged = (more: Partial<DriverResult>): string => {
      const found = judged(made(outcomes, more), ORDERS);
      assert.deepEqual([found.wrongRounds, found.notJudged], [0, 1]);
      return found.notes.join(' ');
    };
    assert.match(notJudged({ ordersRun: 1 }), /Not all serial orders/);
    assert.match(notJudged({ differs: '1 and 2' }), /gave two different outcomes \(1 and 2\)/);
    assert.match(notJudged({ serial: [], ordersRun: 0, stuckRun: 3 }), /No serial order of the calls returns/);
    const exhausted = { ...outcome([['trap: call stack exhausted'], ['2']]), order: [0, 0, 1, 1], whole: true };
    assert.match(notJudged({ serial: [exhausted] }), /exhaust the stack/);
  });

  it('are judged by orders of calls where no order of whole sequences returns', () => {
    const serial = SERIAL.slice(2);
    const result = made([{ ...outcome([['1'], ['1']]), samples: 10 }], { serial, ordersRun: 1, stuckRun: 2 });
    assert.deepEqual(kinds(result), ['serial ABAB']);
    assert.equal(judged(result, ORDERS).alone, false);
  });

  it('without any serial order that returns are those of calls that need each other', () => {
    const result = made([], { serial: [], ordersRun: 0, stuckRun: 3, rounds: 0 });
    assert.equal(judged(result, ORDERS).alone, true);
  });

  it('have the bytes that were read as texts', () => {
    const read = outcome([['read utf8 4cc3a9', 'read bytes 00ff', 'read utf8 ff', '7']]);
    const steps = [
      { read: 0, length: 3, type: 'utf8' },
      { read: 0, length: 2 },
      { read: 0, length: 1, type: 'utf8' },
      ['f'],
    ];
    const scenario = { callers: [steps], probe: [] } as Parameters<typeof inWords>[1];
    const [found] = inWords(made([{ ...read, samples: 1 }]), scenario).outcomes;
    assert.deepEqual(found.results, [['"L\u00e9"', '0x00ff', 'not UTF-8: 0xff', '7']]);
  });
});
