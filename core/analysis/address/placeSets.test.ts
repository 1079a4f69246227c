/** Sets of places against the numbers that they stand for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Base, packed } from '../abstractValue.ts';
import { ANYTHING, NOWHERE, PlaceSets, SOME_NUMBER } from './placeSets.ts';

const LAYOUT = { staticFrom: 1024, nullIsNone: false };
const P0 = packed(Base.Parameter, 0);
const P1 = packed(Base.Parameter, 1);

/** A few places: base, lowest distance, number of steps, step. */
const places = fc.array(fc.tuple(fc.constantFrom(P0, P1, Base.Constant), fc.nat(64), fc.nat(4), fc.nat(8)), {
  minLength: 1,
  maxLength: 4,
});

type Given = [base: number, low: number, steps: number, step: number][];

function setOf(sets: PlaceSets, given: Given): number {
  return given
    .map(([base, low, steps, step]) =>
      sets.of(sets.pieces.of(base, low, low + steps * step, steps === 0 ? 0 : step, 1, 0)),
    )
    .reduce((a, b) => sets.joined(a, b), NOWHERE);
}

/** The distances that were given, by base. */
const distances = (given: Given): [base: number, at: number][] =>
  given.flatMap(([base, low, steps, step]) =>
    Array.from({ length: steps + 1 }, (_, k): [number, number] => [base, low + k * step]),
  );

function contains(sets: PlaceSets, set: number, base: number, at: number): boolean {
  if (set === ANYTHING) return true;
  const { pieces } = sets;
  for (let k = 0; k < sets.size(set); k++) {
    const p = sets.at(set, k);
    const stride = pieces.stride[p];
    const steps =
      stride === 0 ? at === pieces.low[p] : !Number.isFinite(pieces.low[p]) || (at - pieces.low[p]) % stride === 0;
    if (pieces.base[p] === base && at >= pieces.low[p] && at <= pieces.high[p] && steps) return true;
  }
  return false;
}

describe('sets of places', () => {
  const sets = new PlaceSets(LAYOUT);

  test('are the same number for the same places', () => {
    assert.equal(sets.one(P0, 8), sets.of(sets.pieces.of(P0, 8, 8, 0, 1, 0)));
    assert.equal(sets.joined(sets.one(P0, 8), sets.one(P0, 8)), sets.one(P0, 8));
    assert.equal(sets.moved(sets.moved(sets.one(P0, 8), 4), -4), sets.one(P0, 8));
  });

  test('joined have what either has, and so do those that were moved or stepped', () => {
    fc.assert(
      fc.property(places, places, fc.integer({ min: -32, max: 32 }), (a, b, by) => {
        const all = sets.joined(setOf(sets, a), setOf(sets, b));
        for (const [base, at] of [...distances(a), ...distances(b)]) {
          assert.ok(contains(sets, all, base, at));
          assert.ok(contains(sets, sets.moved(all, by), base, at + by));
          assert.ok(contains(sets, sets.movedSomewhere(all), base, at + 1));
          if (by !== 0) assert.ok(contains(sets, sets.stepped(all, by), base, at + 3 * by));
        }
      }),
    );
  });

  test('summed with constants have all sums', () => {
    fc.assert(
      fc.property(places, fc.nat(64), fc.nat(64), (a, low, more) => {
        const numbers = sets.joined(sets.one(Base.Constant, low), sets.one(Base.Constant, low + more));
        const sums = sets.summed(setOf(sets, a), numbers);
        for (const [base, at] of distances(a))
          for (const n of [low, low + more]) assert.ok(contains(sets, sums, base, at + n));
      }),
    );
  });

  test('of too many bases are anything, and anything stays so', () => {
    const many = Array.from({ length: 7 }, (_, i) => sets.one(packed(Base.Parameter, i), 0));
    assert.equal(
      many.reduce((a, b) => sets.joined(a, b), NOWHERE),
      ANYTHING,
    );
    assert.equal(sets.joined(ANYTHING, many[0]), ANYTHING);
    assert.equal(sets.summed(many[0], ANYTHING), ANYTHING);
    assert.equal(sets.moved(ANYTHING, 4), ANYTHING);
  });

  test('keep the steps that both have', () => {
    const eights = sets.of(sets.pieces.of(P0, 0, 64, 8, 1, 0));
    const all = sets.joined(eights, sets.one(P0, 4));
    assert.notEqual(all, eights);
    assert.ok(contains(sets, all, P0, 4));
    assert.ok(!contains(sets, all, P0, 2));
  });

  test('with an index are anywhere in their objects, and nowhere else', () => {
    assert.equal(sets.summed(sets.one(P0, 8), SOME_NUMBER), sets.anywhereAt(P0));
    assert.equal(sets.summed(sets.one(Base.Constant, 8), SOME_NUMBER), SOME_NUMBER);
    // Its callers do not take such an argument for an index.
    assert.equal(sets.summed(sets.one(P0, 0), sets.one(P0, 0)), sets.anywhereAt(P0));
  });
});
