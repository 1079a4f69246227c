/** Results in words of the source: what is added, and what stays as it is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { speakAs } from '../debug/testing/madeSource.ts';
import { assertGoldenText } from '../testing/golden.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Module } from '../wasm/module.ts';
import { answersOf, sourced } from './sourced.ts';
import { madeHammered } from './testing/madeHammered.ts';
import { call, cause, made, party, race, row } from './testing/madeResults.ts';
import { stressText } from './text/stressText.ts';

/** A module with one memory; its debug information knows three bytes of code and two variables. */
function module(): Module {
  const module = decodeModule(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 1]));
  const file = '/build/counter/src/lib.rs';
  speakAs(module, {
    lines: {
      0x51: { file, line: 31, column: 5, function: 'counter::bump' },
      0x61: { file, line: 32, column: 9, function: 'counter::bump' },
      0x71: { file, line: 40, function: 'counter::lock' },
    },
    variables: [
      { name: 'counter::COUNTER', path: '', type: 'u32', start: 0x448, size: 4, file, line: 12 },
      { name: 'counter::SLOTS', path: '', start: 0x460, size: 32, pathOf: (byte) => `[${byte >> 2}]` },
    ],
  });
  return module;
}

const COUNTER = 'memory[0] 0x448..0x44c';
const load = (value: string) => row(0, 'i32.load', COUNTER, `-> ${value}`, { offset: 0x51 });
const store = (value: string) => row(0, 'i32.store', COUNTER, `= ${value}`, { offset: 0x61 });
const lost = made([[['bump']], [['bump']]], {
  module: 'counter.wasm',
  verdict: 'race',
  wrongOutcome: true,
  races: [
    race(party(0, 'i32.store', 0x61), party(1, 'i32.load', 0x51), { kind: 'memory', cell: COUNTER }),
    race(party(0, 'i32.store', 0x99), party(1, 'i32.load', 0x99), { kind: 'memory', cell: 'memory[0] 0x900..0x904' }),
  ],
  schedule: 'A1B2A1',
  trace: [
    row(0, 'call', 'bump()'),
    load('0'),
    row(1, 'call', 'bump()', '', { switched: true }),
    ...[
      load('0'),
      row(0, 'i32.atomic.rmw.add', 'memory[0] 0x46c..0x470', '-> 1 = 2', { offset: 0x71 }),
      store('1'),
    ].map((one) => ({ ...one, caller: 1 })),
    row(1, 'return', '', '', { read: '1' }),
    row(0, 'i32.load', 'memory[0] 0x900..0x904', '-> 7', { offset: 0x51 }),
    row(0, 'i32.load', 'memory[0] 0x900..0x904', '-> 7', { offset: 0x99 }),
    row(0, 'memory.copy', 'memory[0] 0x460..0x480', '= 32 bytes of 0', { offset: 0x51 }),
    store('1'),
    row(0, 'return', '', '', { read: '1' }),
  ],
});

test('a trace has lines and variables, with the offset beside; what has no name keeps its own', () => {
  const known = sourced(lost, answersOf(module()));
  assertGoldenText(import.meta.dirname, 'sourced', stressText(known, { full: true, colour: false }));
});

test('final states of parallel calls name what differs', () => {
  const state = [
    'memory[0] 0x448 is 1, 2 in serial order AB',
    'the size of memory[0] is 65536 bytes, 0 in serial order AB',
  ];
  const hammered = madeHammered([[['bump']], [['bump']]], {
    outcomes: [
      {
        ...{ results: [['1'], ['1']], probe: [], samples: 7, frequency: null, kind: 'wrong-state', order: null, state },
        found: null,
      },
    ],
  });
  const known = sourced(hammered, answersOf(module()));
  assert.deepEqual(known.outcomes[0].state, [`counter::COUNTER (memory[0] 0x448)${state[0].slice(15)}`, state[1]]);
  assert.deepEqual({ ...known, outcomes: [] }, { ...hammered, outcomes: [] });
});

const at = 'memory[0] 0x448';
const hung = made([[['a']], [['b']]], {
  verdict: 'hang',
  hang: {
    kind: 'deadlock',
    schedule: 'A1B1',
    cause: cause('lost-notification', `A waits at ${at}, and B notified it before the wait began.`, { at: [at] }),
    lastSeen: [{ caller: 0, call: 0, func: 1, offset: 0x71, waitsAt: at }],
    notifies: [{ caller: 1, call: 0, func: 1, offset: 0x51, at, count: 1, woken: [] }],
  },
});

describe('a hang', () => {
  test('names the variable in every sentence, and the line of the wait', () => {
    const { hang } = sourced(hung, answersOf(module()));
    const named = `counter::COUNTER (${at})`;
    assert.equal(hang?.cause.text, `A waits at ${named}, and B notified it before the wait began.`);
    assert.deepEqual(hang?.cause.at, [named]);
    assert.equal(hang?.lastSeen[0].waitsAt, named);
    assert.equal(hang?.lastSeen[0].place?.line, 40);
    assert.equal(hang?.notifies?.[0].at, named);
  });
});

test('what the user wrote, values and schedules stay as they are', () => {
  const text = 'memory[0] 0x448';
  const mine = { ...lost, module: text, scenario: { ...lost.scenario, setup: [[text, text]] } as typeof lost.scenario };
  const known = sourced({ ...mine, schedule: text, symbols: { a: text } }, answersOf(module()));
  assert.deepEqual(known.scenario, mine.scenario);
  assert.equal(known.module, text);
  assert.equal(known.schedule, text);
  assert.deepEqual(known.functions, lost.functions);
  const values = sourced({ ...lost, trace: call(0, 'f()', [load(text)], text) }, answersOf(module()));
  assert.equal(values.trace.at(-1)?.read, text);
  assert.equal(values.trace[1].cell, COUNTER);
});

test('what is told once is not told again', () => {
  const answers = answersOf(module());
  for (const result of [lost, hung])
    assert.deepEqual(sourced(sourced(result, answers), answers), sourced(result, answers));
});

test('nothing changes without debug information', () => {
  assert.deepEqual(sourced(lost, answersOf(decodeModule(module().bytes))), lost);
});
