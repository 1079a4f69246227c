import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf } from '../../server/src/testing/testDocument.ts';
import { exportsThatReach } from './callers.ts';
import { pairConfidence } from './pairConfidence.ts';
import { pathsTo } from './paths.ts';
import { conflictOf, effectsOf, partnersOf } from './queries.ts';
import { witness } from './testing/witness.ts';

const { analysis, module } = await documentOf(COUNTER);

test('the matrix agrees with conflictOf on each pair', () => {
  const pairs = pairConfidence(analysis);
  for (const [a, one] of analysis.exports.entries()) {
    for (const [b, other] of analysis.exports.entries()) {
      const conflict = conflictOf(analysis, a, b, 100);
      assert.equal(pairs.of(one.group, other.group), conflict?.confidence, `${one.name} with ${other.name}`);
      assert.equal(pairs.always(one.group, other.group), conflict?.condition === 'always');
      const cells = pairs.effects(one.group, other.group, 100);
      assert.equal(cells.length, conflict?.effects.length ?? 0);
      // A conflict names the earlier export first.
      const there = conflict?.effects.map(([e, f]) => (a > b ? [f, e] : [e, f])) ?? [];
      for (const [e, f] of there) assert.ok(cells.some(([x, y]) => x === e && y === f));
    }
  }
});

test('paths are as short as the witnesses, and end in the same place', () => {
  for (const { func } of analysis.exports) {
    const paths = pathsTo(analysis, func, effectsOf(analysis, func));
    for (const effect of effectsOf(analysis, func)) {
      const expected = witness(analysis, func, effect)!;
      const { path, callSites, site } = paths.get(effect)!;
      assert.deepEqual(
        { path, callSites, site },
        { path: expected.path, callSites: expected.callSites, site: expected.site },
      );
    }
  }
});

test('exports that reach a function, themselves included', () => {
  const bump = [...module.names.functions].find(([, name]) => name === 'bump')![0];
  const names = exportsThatReach(analysis, bump).map((position) => analysis.exports[position].name);
  assert.deepEqual(names, ['increment', 'apply']);
  assert.ok(partnersOf(analysis, 0).length > 0);
});
