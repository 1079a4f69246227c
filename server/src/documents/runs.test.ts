import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type CurrentRun, Runs } from './runs.ts';

describe('runs', () => {
  /** Runs in the order they began, each with what ends it. */
  let begun: { control: CurrentRun; cancelled: boolean; end(): void }[];
  let runs: Runs;
  /** Resolves when so many runs have begun. */
  let begin: () => void;
  const hasBegun = (count: number): Promise<void> =>
    new Promise((resolve) => {
      begin = () => begun.length >= count && resolve();
      begin();
    });

  beforeEach(() => {
    begun = [];
    begin = () => {};
    runs = new Runs(
      (control) =>
        new Promise((resolve) => {
          const run = { control, cancelled: false, end: resolve };
          begun.push(run);
          control.onJob({
            outcome: Promise.resolve({ kind: 'cancelled' }),
            cancel() {
              run.cancelled = true;
            },
            finishEarly: resolve,
          });
          begin();
        }),
    );
  });

  it('waits for what is due and for what is under way', async () => {
    await runs.settled();
    runs.due(0);
    assert.ok(runs.isPending);
    await hasBegun(1);
    runs.finishEarly();
    await runs.settled();
    assert.ok(!runs.isPending);
  });

  it('takes back a run for a newer one, for which everybody waits', async () => {
    runs.due(0);
    await hasBegun(1);
    const [first] = begun;
    const waiting = runs.settled();
    runs.due(0);
    assert.ok(first.cancelled && !first.control.isCurrent());
    first.end();
    await hasBegun(2);
    assert.ok(runs.isPending, 'the end of a run that was taken back ends nothing');
    begun[1].end();
    await waiting;
    assert.equal(begun.length, 2);
  });

  it('runs once more after the run under way, which it leaves alone', async () => {
    runs.follow();
    runs.follow();
    await hasBegun(1);
    runs.follow();
    runs.follow();
    const waiting = runs.settled();
    assert.ok(!begun[0].cancelled);
    begun[0].end();
    await hasBegun(2);
    begun[1].end();
    await waiting;
    assert.equal(begun.length, 2);
  });

  it('cancels the job of a run that comes too late, and lets nobody wait when it is stopped', async () => {
    runs.due(0);
    await hasBegun(1);
    const waiting = runs.settled();
    runs.stop();
    await waiting;
    let cancelled = false;
    begun[0].control.onJob({
      outcome: Promise.resolve({ kind: 'cancelled' }),
      cancel() {
        cancelled = true;
      },
      finishEarly() {},
    });
    assert.ok(cancelled);
  });
});
