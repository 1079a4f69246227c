/** What exploration found beside what a host showed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StressResult } from '../stress/explore/result.ts';
import type { HammerOutcome } from '../stress/hammer/hammerResult.ts';
import type { VerifyRun } from './model.ts';
import { hostFindings, verdictOfHost } from './verified.ts';

const outcome = (results: string[][], kind: HammerOutcome['kind'], samples = 5): HammerOutcome => ({
  ...{ results, probe: [], samples, frequency: null, kind, order: null, state: [], found: null },
});

const run = (more: Partial<VerifyRun>): VerifyRun => ({
  ...{ mode: 'compiler', rounds: 100, seconds: 1, outcomes: [], wrongRounds: 0, seen: 1, notJudged: 0 },
  ...{ serial: 1, serialComplete: true, reports: 0, hang: null, crash: null, output: '' },
  ...more,
});

/** As much of a result as is asked for. */
const explored = (more: Partial<StressResult>): StressResult =>
  ({
    ...{ wrongOutcome: false, exhaustive: true, races: [], hostHazards: [], hang: null },
    outcomes: { wrong: [] },
    ...more,
  }) as unknown as StressResult;

const told = (result: StressResult | undefined, ...runs: VerifyRun[]): string[] =>
  hostFindings(result, runs).map(({ status, kind, text, wrong }) => `${status} ${kind} ${wrong}: ${text}`);

const wrong = (results: string[][]): StressResult['outcomes']['wrong'][number] => ({
  ...{ results, probe: [], state: [], order: null, schedule: 'A1' },
});

describe('findings of a host', () => {
  const seen = run({ outcomes: [outcome([['1'], ['1']], 'wrong'), outcome([['1'], ['2']], 'serial')] });

  it('are confirmed by equal outcomes of all modes, and not seen otherwise', () => {
    const result = explored({
      wrongOutcome: true,
      outcomes: { wrong: [wrong([['1'], ['1']]), wrong([['0'], ['0']])] } as StressResult['outcomes'],
    });
    assert.deepEqual(told(result, seen, run({ ...seen, mode: 'interpreter' })), [
      'confirmed wrong-outcome 10: A 1 | B 1',
      'not-seen wrong-outcome 0: A 0 | B 0',
    ]);
  });

  it('compare traps that wazero does not tell apart', () => {
    const outcomes = { wrong: [wrong([['trap: remainder by zero']])] } as StressResult['outcomes'];
    const found = hostFindings(explored({ wrongOutcome: true, outcomes }), [
      run({ outcomes: [outcome([['trap: divide by zero']], 'wrong')] }),
    ]);
    assert.deepEqual(
      found.map(({ status, explored: same }) => [status, same !== null]),
      [['confirmed', true]],
    );
  });

  it('are new only where exploration tried all schedules, and has no race', () => {
    assert.deepEqual(told(explored({}), seen), ['new wrong-outcome 5: A 1 | B 1']);
    assert.deepEqual(told(explored({ exhaustive: false }), seen), [
      'confirmed wrong-outcome 5: A 1 | B 1. Exploration, which did not try all schedules, did not find it.',
    ]);
    const race = {} as StressResult['races'][number];
    assert.deepEqual(told(explored({ races: [race] }), seen), ['confirmed wrong-outcome 5: A 1 | B 1']);
  });

  it('are told apart where only store buffers give them, and are not looked for', () => {
    const buffered = (results: string[][][], hang: StressResult['hang'] = null): Partial<StressResult> => ({
      races: [{} as StressResult['races'][number]],
      storeBuffers: { schedules: 9, exhaustive: true, wrong: results.map(wrong), hang, schedule: 'A1', trace: [] },
    });
    const result = explored(
      buffered([
        [['1'], ['1']],
        [['0'], ['0']],
      ]),
    );
    assert.deepEqual(told(result, seen), [
      'confirmed wrong-outcome 5: A 1 | B 1. Exploration found it only where hardware reorders stores.',
    ]);
    assert.equal(hostFindings(result, [seen])[0].explored?.schedule, 'A1');
    const hangs = explored(buffered([], {} as StressResult['hang']));
    assert.deepEqual(told(hangs, run({})), []);
    assert.deepEqual(told(hangs, run({ hang: { callers: [{ caller: 0, call: 0 }], alone: false } })), [
      'confirmed hang 1: Calls do not return. Exploration found it only where hardware reorders stores.',
    ]);
  });

  it('are hangs and crashes, too, but not calls that are only slow', () => {
    const hang = { callers: [{ caller: 0, call: 0 }], alone: false };
    assert.deepEqual(told(explored({}), run({ hang })), ['new hang 1: Calls do not return.']);
    assert.deepEqual(told(explored({}), run({ hang: { ...hang, alone: true } })), []);
    assert.deepEqual(told(explored({ hang: {} as StressResult['hang'] }), run({})), [
      'not-seen hang 0: Calls do not return.',
    ]);
    assert.deepEqual(told(explored({}), run({ crash: 'fatal error: fault' })), [
      'new crash 1: The process ended: fatal error: fault.',
    ]);
  });

  it('decide the verdict, which is never that calls are safe', () => {
    assert.equal(verdictOfHost([run({ rounds: 0 })], []), 'not-verified');
    assert.equal(verdictOfHost([run({})], []), 'not-seen');
    assert.equal(verdictOfHost([seen], hostFindings(explored({ wrongOutcome: true }), [seen])), 'confirmed');
    assert.equal(verdictOfHost([seen], hostFindings(explored({}), [seen])), 'new');
  });
});
