import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, party, race } from '../testing/madeResults.ts';
import { shownPairs } from './shownPairs.ts';
import { type ShownRun, shownExploration } from './shownRun.ts';
import { siteNote } from './siteNotes.ts';

const HERE = { host: 'wazero', model: 'shared-instance' } as const;
const [SET, GET] = [0x40, 0x50];

const note = (runs: ShownRun[], own: string[], rival: string, offset: number): string | undefined =>
  siteNote(shownPairs(runs, HERE, []), new Set(own), rival, offset)?.text;

const raced = shownExploration(
  made([[['inc']], [['get']]], {
    verdict: 'race',
    races: [race(party(0, 'global.set', SET), party(1, 'global.get', GET))],
  }),
);
const clean = (a: string, b: string): ShownRun => shownExploration(made([[[a]], [[b]]]));

test('a race is told at its two instructions, each against the export on the other side', () => {
  assert.equal(note([raced], ['inc'], 'get', SET), 'race shown');
  assert.equal(note([raced], ['get'], 'inc', GET), 'race shown');
  assert.equal(note([raced], ['get'], 'inc', SET), undefined);
  assert.equal(note([raced], ['inc'], 'get', 0x99), undefined);
  assert.equal(note([raced], ['other'], 'get', SET), undefined);
  assert.equal(note([raced], ['inc'], 'reset', SET), undefined);
});

test('no race is told only where all exports that execute the instruction were run with the rival', () => {
  const runs = [clean('inc', 'get')];
  assert.equal(note(runs, ['inc'], 'get', SET), 'no race found (22 schedules, exhaustive for these calls)');
  assert.equal(note(runs, ['inc', 'twice'], 'get', SET), undefined);
  const both = [...runs, { ...clean('twice', 'get'), exhaustive: false }];
  assert.equal(note(both, ['inc', 'twice'], 'get', SET), 'no race found (44 schedules, not exhaustive)');
  assert.equal(note([...both, raced], ['inc', 'twice'], 'get', SET), 'race shown');
  assert.equal(note([...both, raced], ['inc', 'twice'], 'get', 0x99), undefined);
});

test('a finding without a place is told of the pair that it is about', () => {
  const wrong: ShownRun = { ...clean('inc', 'inc'), headlines: ['wrong-outcome'] };
  assert.equal(note([wrong], ['inc'], 'inc', SET), 'wrong outcome shown');
  const joint: ShownRun = { ...wrong, callers: [['inc', 'get'], ['inc']] };
  assert.equal(note([joint], ['inc'], 'inc', SET), undefined);
});

test('nothing is told where nothing was run', () => assert.equal(note([], ['inc'], 'inc', SET), undefined));
