/** Hangs that only store buffers show: their cause, and the store that was seen too late. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseSource } from '../../testing/caseFiles.ts';
import { explored, type RunMore } from '../../testing/run.ts';
import type { StoreBufferRuns, StressResult } from '../result.ts';
import type { HangCause } from './hang.ts';

const ofCase = (name: string, [a, b]: [string, string], more: RunMore = {}): Promise<StressResult> =>
  explored(caseSource(`buffers/${name}.wat`), { model: 'shared-memory', callers: [[[a]], [[b]]] }, more);

/** What is said of the hang of a result, which nothing without store buffers shows. */
function causeIn({ hang, storeBuffers }: StressResult): HangCause {
  assert.equal(hang, null);
  const found: StoreBufferRuns['hang'] = storeBuffers?.hang ?? null;
  assert.ok(found, 'no hang with store buffers');
  return found.cause;
}

const told = ({ kind, callers, at, lateStores = [] }: HangCause): unknown => [
  kind,
  callers,
  at,
  lateStores.map(({ caller, at: where, missedBy, fenced }) => [caller, where, missedBy, fenced]),
];

test('a waiter that nobody notifies: the store that who waits has missed', async () => {
  const result = await ofCase('lost-wakeup', ['take', 'give']);
  const cause = causeIn(result);
  const late = [1, 'memory[0] 0x0..0x4', [0], true];
  assert.deepEqual(told(cause), ['not-notified', [0], ['memory[0] 0x80'], [late]]);
  assert.equal(
    cause.text,
    'What A waits for at memory[0] 0x80 has become true, and nobody notified that address afterwards. A read memory[0] 0x0..0x4 while what B had stored there waited in the store buffer of B; with a fence behind that store, the calls return under this schedule.',
  );
  const { schedule } = result.storeBuffers ?? {};
  assert.deepEqual(causeIn(await ofCase('lost-wakeup', ['take', 'give'], { schedule: schedule ?? '' })), cause);
});

test('a signal that nobody gives: the store of who would give it, or of who waits', async () => {
  const cause = causeIn(await ofCase('lost-signal', ['take', 'give'], { schedule: 'A2B1b1B1a1' }));
  const late = [0, 'memory[0] 0x40..0x44', [1], true];
  assert.deepEqual(told(cause), ['livelock', [0], ['memory[0] 0x80'], [late]]);
});

test("an arrival that is lost under Peterson's lock: the flag that was not seen", async () => {
  const cause = causeIn(await ofCase('peterson-barrier', ['a', 'b'], { schedule: 'A6B6a6b6' }));
  // The stores behind the flag are late, too: with a fence behind the flag, nobody misses them.
  const late = [0, 'memory[0] 0x0..0x4', [1], true];
  assert.deepEqual(told(cause), ['endless-loop', [0, 1], ['memory[0] 0xc0'], [late]]);
  assert.match(cause.text, /^A and B do not leave a loop that reads memory\[0\] 0xc0 .* in the store buffer of A;/);
});

test('a hang that needs no store buffers has no late stores', async () => {
  const { hang } = await ofCase('lost-wakeup', ['take', 'take']);
  assert.ok(hang);
  assert.equal(hang.cause.lateStores, undefined);
});
