/** The list of conflicts against the query for one pair. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyse } from '../analysis/analyse.ts';
import { conflictOf } from '../analysis/queries.ts';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { listConflicts } from './conflictList.ts';

const files = globSync('**/*.wasm', { cwd: FIXTURES })
  .sort()
  .map((file) => join(FIXTURES, file));

test('the list of conflicts says what the query for one pair says', () => {
  for (const file of files) {
    const analysis = analyse(decodeModule(new Uint8Array(readFileSync(file))), { host: 'wazero', model: 'auto' });
    const { conflicts, total } = listConflicts(analysis, 1000, 8);
    const expected: string[] = [];
    for (let a = 0; a < analysis.exports.length; a++) {
      for (let b = a; b < analysis.exports.length; b++) {
        const conflict = conflictOf(analysis, a, b, 8);
        if (conflict) expected.push(`${analysis.exports[a].name} ${analysis.exports[b].name} ${conflict.confidence}`);
      }
    }
    assert.deepEqual(
      conflicts.map(({ a, b, confidence }) => `${a} ${b} ${confidence}`),
      expected,
      file,
    );
    assert.equal(total, expected.length);
    assert.ok(conflicts.every(({ cells }) => cells.length > 0));
  }
});

test('the list is cut where it grows too long, and says how many there are', () => {
  const analysis = analyse(decodeModule(new Uint8Array(readFileSync(join(FIXTURES, 'disjoint-exports.wasm')))), {
    host: 'wazero',
    model: 'auto',
  });
  const { conflicts, total } = listConflicts(analysis, 3, 1);
  assert.equal(conflicts.length, 3);
  assert.equal(total, 7);
  assert.ok(conflicts.every(({ cells }) => cells.length === 1));
});
