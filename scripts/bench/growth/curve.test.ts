import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bendOf, doublingCost, exponentOf, localExponents, type Point } from './curve.ts';

const power = (exponent: number, factor = 3): Point[] =>
  [1, 2, 4, 8, 32].map((x) => ({ x, y: factor * x ** exponent }));
const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

describe('growth curves', () => {
  it('of powers have one exponent everywhere, and no bend', () => {
    for (const exponent of [0, 0.5, 1, 2]) {
      const points = power(exponent);
      near(exponentOf(points), exponent);
      assert.equal(localExponents(points).length, points.length - 1);
      for (const local of localExponents(points)) near(local, exponent);
      assert.equal(bendOf(points), undefined);
      near(doublingCost(points[0], points[4]), 2 ** exponent);
      near(doublingCost(points[3], points[1]), 2 ** exponent);
    }
  });

  it('bend where the next part is steeper', () => {
    // Constant up to 2, linear from there, and quadratic from 8: the first bend counts.
    const points = [1, 2, 4, 8, 16].map((x) => ({ x, y: x <= 2 ? 5 : x <= 8 ? (5 * x) / 2 : 80 }));
    const bend = bendOf(points);
    assert.equal(bend?.x, 2);
    near(bend?.before ?? Number.NaN, 0);
    near(bend?.after ?? Number.NaN, 1);
  });

  it('do not bend where they become flatter, or a little steeper', () => {
    const of = (...ys: number[]): Point[] => ys.map((y, i) => ({ x: 2 ** i, y }));
    assert.equal(bendOf(of(1, 4, 8, 8)), undefined);
    assert.equal(bendOf(of(1, 2, 4 * 2 ** 0.29)), undefined);
    assert.equal(bendOf(of(1, 2, 4 * 2 ** 0.31))?.x, 2);
  });

  it('of one or two points have no bend', () => {
    assert.equal(bendOf([{ x: 1, y: 1 }]), undefined);
    assert.equal(bendOf(power(2).slice(0, 2)), undefined);
  });
});
