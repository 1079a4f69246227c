/** Locks in C, as clang compiles them: what they guard is no conflict, and runs show no race. Without clang it is skipped. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { conflictOf } from '../../core/analysis/queries.ts';
import { explored } from '../../core/stress/testing/run.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { builtPath, ensureBuilt } from './testing/built.ts';

const NAME = 'locks-c.wasm';

/** Exports that take turns, with each other too. */
const GUARDED: readonly (readonly string[])[] = [
  ['inc_futex'],
  ['inc_spin'],
  ['inc_flag'],
  ['get_rw', 'inc_rw'],
  ['inc_ticket'],
  ['inc_try'],
  ['inc_mutex'],
];

describe('locks that clang has compiled', async () => {
  const missing = await ensureBuilt(NAME);
  const skip = missing ?? false;
  const bytes = missing === undefined ? new Uint8Array(readFileSync(builtPath(NAME))) : new Uint8Array();
  const conflicts = (a: string, b: string): boolean => {
    const analysis = analyse(decodeModule(bytes), { host: 'wazero', model: 'shared-instance' });
    const [x, y] = [a, b].map((name) => analysis.exports.findIndex((e) => e.name === name));
    return conflictOf(analysis, x, y, 1) !== undefined;
  };

  for (const names of GUARDED) {
    test(names.join(), { skip }, async () => {
      for (const a of names) for (const b of names) assert.equal(conflicts(a, b), false, `${a} and ${b}`);
      const result = await explored(bytes, {
        callers: [[[names[0]]], [[names[names.length - 1]]]],
        budget: { schedules: 3000 },
      });
      assert.deepEqual(result.races, []);
    });
  }

  test('what is done without the lock conflicts', { skip }, () => {
    assert.equal(conflicts('inc_futex', 'peek_futex'), true);
    assert.equal(conflicts('inc_try', 'inc_ignored'), true);
    assert.equal(conflicts('inc_ignored', 'inc_ignored'), true);
  });
});
