/** Merging: however many cells a module has, the merged effects of a function cover everything that it touches. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { random } from '../testing/random.ts';
import type { Effect } from './cells.ts';
import type { Analysis } from './model.ts';
import { conflictsWithItself } from './partners.ts';
import { addressText, analyseWat } from './testing/facts.ts';

const HALF = 0x100_0000;
/** Most effects in one bitset row; a few are added for unknown code. */
const MOST = 4096 + 8;

const ownOf = ({ facts, effects }: Analysis, func: number): Effect[] =>
  Array.from(facts.effect.subarray(facts.start[func], facts.start[func + 1]), (e) => effects[e]);

function covers({ cell }: Effect, memory: number, start: number, end: number): boolean {
  if (cell.kind !== 'memory' || (cell.index !== memory && cell.index !== undefined)) return false;
  const { address } = cell;
  if (address?.base === 'unknown') return true;
  return address?.base === 'static' && address.global === undefined && address.start <= start && address.end >= end;
}

describe('many cells', () => {
  test('of memories: every address is in its cluster, and distant addresses are in different clusters', async () => {
    const next = random(5);
    const sites = Array.from({ length: 4000 }, () => ({
      memory: next(2),
      address: next(2) * HALF + next(40_000) * 4,
    }));
    const functions = sites.map(
      ({ memory, address }, i) => `(func (export "f${i}") (i32.store ${memory} (i32.const ${address}) (i32.const 1)))`,
    );
    const { analysis } = await analyseWat(`(module (memory 700) (memory 700) ${functions.join('\n')})`);
    assert.ok(analysis.effects.length <= MOST && analysis.effects.length > 10, `${analysis.effects.length} effects`);
    sites.forEach(({ memory, address }, func) => {
      const [effect, ...others] = ownOf(analysis, func);
      assert.deepEqual(others, []);
      assert.ok(
        covers(effect, memory, address, address + 4),
        `${address} is not in ${addressText(effect.cell.address)}`,
      );
      const { address: range } = effect.cell;
      // The widest gap is between the two halves.
      assert.ok(range?.base === 'static' && range.start >= HALF === range.end > HALF, addressText(range));
    });
    assert.ok(analysis.exports.every((_, position) => conflictsWithItself(analysis, position)));
  });

  test('of globals: the first ones keep their cells, the others become any global', async () => {
    const count = 2000;
    const globals = '(global (mut i32) (i32.const 0))'.repeat(count);
    const functions = Array.from(
      { length: count },
      (_, i) => `(func (export "f${i}") (global.set ${i} (i32.const 1)) (drop (global.get ${i})))`,
    );
    const { analysis } = await analyseWat(`(module ${globals} ${functions.join('\n')})`);
    assert.ok(analysis.effects.length <= MOST && analysis.effects.length > 500, `${analysis.effects.length} effects`);
    for (let func = 0; func < count; func++) {
      const own = ownOf(analysis, func);
      assert.deepEqual(own.map((e) => e.access).sort(), ['read', 'write']);
      for (const { cell } of own)
        assert.ok(cell.kind === 'global' && (cell.index === func || cell.index === undefined));
    }
    const merged = analysis.exports.filter((e) => ownOf(analysis, e.func).some(({ cell }) => cell.index === undefined));
    assert.ok(merged.length > 0 && merged.length < count);
    // "Any global" may be the one that an unmerged function writes.
    assert.equal(merged[0].conflictCount, count);
  });
});
