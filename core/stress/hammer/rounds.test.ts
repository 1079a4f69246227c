/** Ends of rounds: what earlier rounds have shown stays judged when the run ends while the serial orders are repeated. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HammerResult } from '../hammer/hammerResult.ts';
import { hammeredOnOneThread, type SingleRun } from '../testing/hammerOnOneThread.ts';

const SOURCE = `(module (memory 1)
  (func (export "set") (i32.store (i32.const 0) (i32.const 1)))
  (func (export "get") (result i32) (i32.load (i32.const 0))))`;
const FILE = { callers: [[['set']], [['get']]] } satisfies { callers: [string][][] };

const ONE_THREAD = '2 callers on 1 threads: callers on the same thread run one after the other.';
const NOT_COUNTED =
  'The last rounds changed more memory than earlier ones and are not counted: the run ended before the serial orders could be run again.';

/**
 * A run in which memory that no serial order changes changes in a round after at least `least` rounds, as where calls
 * meet; `then` is called after that round. The result, and the number of rounds known until then.
 */
async function changed(
  least: number,
  then: (run: SingleRun) => void,
): Promise<{ result: HammerResult; before: number }> {
  let known = -1;
  let before = -1;
  const result = await hammeredOnOneThread(SOURCE, FILE, {
    progress({ rounds }, run) {
      known = rounds;
      if (before >= 0 && rounds > before) run.enough();
    },
    look(run) {
      const words = new Int32Array(run.start?.shared?.memories[0]?.buffer ?? new ArrayBuffer(0));
      // Between batches `set` has not been called.
      if (before >= 0 || known < least || words[0] !== 1) return;
      before = known;
      words[64] = 1;
      then(run);
    },
  });
  return { result, before };
}

describe('where a round changes more memory than the serial orders', () => {
  test('these are repeated, and all rounds are judged', async () => {
    const { result, before } = await changed(1, () => {});
    assert.deepEqual([result.verdict, result.serialComplete, result.notJudged], ['none-seen', true, 0]);
    assert.deepEqual(result.notes, [ONE_THREAD]);
    assert.ok(result.rounds > before);
  });

  for (const [name, then] of [
    ['is told to end', (run) => run.enough()],
    ['is out of time', (run) => run.wait(7200)],
  ] satisfies [string, (run: SingleRun) => void][]) {
    test(`earlier rounds stay judged if the run ${name} before that`, async () => {
      const { result, before } = await changed(1, then);
      assert.ok(before > 0);
      assert.deepEqual([result.verdict, result.rounds, result.notJudged], ['none-seen', before, 0]);
      assert.deepEqual([result.serial, result.serialComplete], [2, true]);
      assert.deepEqual(result.notes, [ONE_THREAD, NOT_COUNTED]);
    });
  }

  test('nothing is judged if there are no earlier rounds', async () => {
    const { result, before } = await changed(0, (run) => run.enough());
    assert.deepEqual([before, result.verdict, result.rounds, result.outcomes], [0, 'not-judged', 0, []]);
  });
});
