/** Memories of all instances have one bound, from the start and however they grow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explored, failure } from '../testing/run.ts';
import { growthLimits, MAX_TOTAL_BYTES } from './memoryBudget.ts';

/** 512 MiB, 1 GiB and 2 GiB in pages. */
const [HALF, ONE, TWO] = [8192, 16384, 32768];
const calls = (callers: number) => Array.from({ length: callers }, () => [['f']] as [string][]);
const module = (memories: string) => `(module ${memories} (func (export "f") (drop (memory.grow (i32.const 1)))))`;

test('too many instances of a large memory are refused, with the number that fits', async () => {
  const { kind, message } = await failure(module(`(memory ${HALF})`), { model: 'isolated', callers: calls(5) });
  assert.equal(kind, 'setup');
  assert.match(message, /start with 512 MiB in each of 5 instances, and a run is limited to 2 GiB in total/);
  assert.match(message, /at most 4 callers, or the sharing model shared-instance/);
});

test('where two instances are too many, one is advised; where one is, a smaller memory', async () => {
  const two = await failure(module(`(memory ${ONE + 1})`), { model: 'isolated', callers: calls(2) });
  assert.match(two.message, /1 GiB in each of 2 instances.*: use the sharing model shared-instance/);
  const one = await failure(module(`(memory ${TWO}) (memory 1)`), { model: 'shared-instance', callers: calls(2) });
  assert.match(one.message, /start with 2 GiB, .*: build the module with a smaller memory/);
});

test('a memory that threads share counts once', async () => {
  const common = `(import "env" "memory" (memory ${ONE} ${ONE} shared))`;
  const few = await failure(module(`${common} (memory ${HALF})`), { model: 'shared-memory', callers: calls(3) });
  assert.match(few.message, /1 GiB shared and 512 MiB in each of 3 instances.*: use at most 2 callers/);
  const alone = await explored(module(common), { model: 'shared-memory', callers: calls(4), budget: { schedules: 1 } });
  assert.equal(alone.model, 'shared-memory');
});

test('what is left is divided among the memories that can grow', () => {
  const mib = 2 ** 20;
  assert.deepEqual(growthLimits([{ now: mib, max: 4096 * mib }]), [MAX_TOTAL_BYTES]);
  // One that wants little has it; one that cannot grow has no share.
  assert.deepEqual(
    growthLimits([
      { now: 48 * mib, max: 4096 * mib },
      { now: 100 * mib, max: 100 * mib },
      { now: 0, max: 100 * mib },
      { now: 0, max: 4096 * mib },
    ]),
    [(48 + 900) * mib, 100 * mib, 100 * mib, 900 * mib],
  );
});

test('a memory that grows in each of two instances stops at half of what a run may have', async () => {
  const grower = `(module (memory 1) (func (export "f") (result i32)
    (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1024)) (i32.const -1)))) (memory.size)))`;
  const { outcomes, notes } = await explored(grower, {
    model: 'isolated',
    callers: calls(2),
    budget: { schedules: 20 },
  });
  assert.deepEqual(outcomes.examples[0].results, [[String(15 * 1024 + 1)], [String(15 * 1024 + 1)]]);
  assert.ok(notes.some((note) => /beyond 2 GiB, across all instances/.test(note)));
});
