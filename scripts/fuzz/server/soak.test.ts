/** The short form of `npm run soak`: counts, not times. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryFault, soak } from './soak.ts';

const ROUNDS = 3;

describe('a server that is worked with', () => {
  test('answers everything, starts no further threads, and keeps nothing of what was closed', async () => {
    const { rounds, answers, threads, faults } = await soak({ seed: 1, isOver: (done) => done === ROUNDS });
    assert.deepEqual(faults, []);
    assert.equal(rounds, ROUNDS);
    assert.ok(answers > 50, String(answers));
    // Up to three workers, with the helpers of their engine.
    const [first, last] = [threads[0] ?? 0, threads.at(-1) ?? 0];
    assert.ok(last <= first + 30, `${threads}`);
  });

  test('grows when its memory does, and not while it warms up', () => {
    const flat = Array.from({ length: 50 }, (_, i) => 300e6 + (i % 7) * 1e6);
    const growing = flat.map((bytes, i) => bytes + i * 3e6);
    const warming = flat.map((bytes, i) => bytes - (i < 10 ? 200e6 : 0));
    assert.equal(memoryFault({ memory: flat }), undefined);
    assert.equal(memoryFault({ memory: warming }), undefined);
    assert.match(memoryFault({ memory: growing }) ?? '', /grew by \d+ MB/);
    assert.match(memoryFault({ memory: [2e9] }) ?? '', /took 2000 MB/);
  });
});
