import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeHammered } from '../testing/madeHammered.ts';
import { made, party, race, row } from '../testing/madeResults.ts';
import { meetingText } from './meeting.ts';
import { shownPairs } from './shownPairs.ts';
import { type ShownRun, shownExploration, shownHammering } from './shownRun.ts';

const HERE = { host: 'wazero', model: 'shared-instance' } as const;
const text = (runs: ShownRun[], name = 'inc'): string | undefined => meetingText(shownPairs(runs, HERE, []), name);

const RACE = race(party(0, 'global.set', 0x40), party(1, 'global.get', 0x50));
const two = (more: Parameters<typeof made>[1]): ShownRun => shownExploration(made([[['inc']], [['inc']]], more));
const get = (caller: number) => row(caller, 'global.get', '$n', '-> 0');
const set = (caller: number) => row(caller, 'global.set', '$n', '= 1');
const WRONG: Parameters<typeof made>[1] = { verdict: 'race', wrongOutcome: true, races: [RACE] };

test('a lost update is told as such only where the trace shows it', () => {
  assert.equal(
    text([two({ ...WRONG, trace: [get(0), get(1), set(1), set(0)] })]),
    'called by two callers at once, this loses updates (22 schedules explored)',
  );
  assert.equal(
    text([two({ ...WRONG, trace: [get(0), set(1)] })]),
    'called by two callers at once, this gives an outcome that no serial order gives (22 schedules explored)',
  );
});

test('the worst comes first, and a race alone is a race', () => {
  assert.equal(
    text([two({ verdict: 'race', races: [RACE] })]),
    'called by two callers at once, this has a data race (22 schedules explored)',
  );
  const three = shownExploration(made([[['inc']], [['inc']], [['inc']]], WRONG));
  assert.match(
    text([two({ verdict: 'race', races: [RACE] }), three]) ?? '',
    /^called by three callers .* no serial order/,
  );
});

test('without a finding the bounds are told', () =>
  assert.equal(
    text([two({})]),
    'called by two callers at once, no race or wrong outcome found (22 schedules, exhaustive for these calls)',
  ));

test('a run that calls another export, too, says nothing of this one alone, nor does no run', () => {
  assert.equal(text([]), undefined);
  assert.equal(text([shownExploration(made([[['inc']], [['get']]], WRONG))]), undefined);
  assert.equal(text([shownExploration(made([[['inc']]], {}))]), undefined);
  assert.equal(text([two({})], 'get'), undefined);
});

test('a hammer that saw nothing shows nothing', () =>
  assert.equal(text([shownHammering(madeHammered([[['inc']], [['inc']]]))]), undefined));
