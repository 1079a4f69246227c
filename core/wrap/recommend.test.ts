import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ExportClass } from '../analysis/model.ts';
import { recommendedByRuns, recommendedKind } from './recommend.ts';

const NONE: Record<ExportClass, number> = {
  pure: 0,
  'reads-only': 0,
  stateful: 0,
  grows: 0,
  synchronised: 0,
  'host-dependent': 0,
};

it('recommends a lock for state, a pool without, and a test of what synchronises by itself', () => {
  const kind = (classes: Partial<Record<ExportClass, number>>): string => recommendedKind({ ...NONE, ...classes }).kind;
  assert.equal(kind({ pure: 3, 'reads-only': 1 }), 'pool');
  assert.equal(kind({ pure: 3, stateful: 1 }), 'mutex');
  assert.equal(kind({ grows: 1, synchronised: 2 }), 'mutex');
  assert.equal(kind({ 'host-dependent': 1 }), 'pool');
  assert.equal(kind({ synchronised: 1, pure: 1 }), 'test');
  assert.match(recommendedKind({ ...NONE, stateful: 1 }).why, /^1 export changes/);
});

it('recommends what runs have shown, where they have shown something', () => {
  assert.equal(recommendedByRuns(new Set(['mutex', 'no-pool', 'pool']))?.kind, 'mutex');
  assert.equal(recommendedByRuns(new Set(['pool', 'host']))?.kind, 'pool');
  assert.equal(recommendedByRuns(new Set(['host'])), undefined);
});
