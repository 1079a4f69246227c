import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GrowthFamily, SizeCost } from './families.ts';
import { type GrowthCurve, growthFaults, growthReport } from './growth.ts';

const family: GrowthFamily = {
  ...{ id: 'test', what: 'things', unit: 'ms', sizes: [1, 2, 4, 8], checked: [2, 8], most: 1.25, curves: [] },
};

const curve = (name: string, cost: (x: number) => SizeCost, of = family): GrowthCurve => ({
  ...{ family: of, name, measured: of.sizes.map(cost) },
});

const linear = curve('linear', (x) => ({ cost: 10 * x, memory: 5e6 * x, shown: { 'schedules/s': String(100 / x) } }));
const bent = curve('bent', (x) => ({ cost: x < 4 ? 10 * x : 40 * (x / 4) ** 2 }));

describe('the report of growth curves', () => {
  const lines = growthReport([linear, bent], { growth: { 'things: bent': 1.5 } }).split('\n');
  const cells = (start: string): string[] | undefined =>
    lines
      .find((line) => line.startsWith(`| ${start} `))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());

  it('has costs with local exponents, the exponent of all, and the baseline', () => {
    assert.deepEqual(cells('linear, ms'), ['10.0', '20.0 (1.0)', '40.0 (1.0)', '80.0 (1.0)', '1.00', '', '2.00', '']);
  });

  it('says where a curve bends', () => {
    const row = ['10.0', '20.0 (1.0)', '40.0 (1.0)', '160 (2.0)', '1.30', '4: 1.0, then 2.0', '2.83', '1.50'];
    assert.deepEqual(cells('bent, ms'), row);
  });

  it('has rows for memory and for what else is known', () => {
    assert.deepEqual(cells('linear, memory in MB')?.slice(0, 5), [
      '5.00',
      '10.0 (1.0)',
      '20.0 (1.0)',
      '40.0 (1.0)',
      '1.00',
    ]);
    assert.deepEqual(cells('linear, schedules/s'), ['100', '50', '25', '12.5', '', '', '', '']);
    assert.equal(cells('bent, memory in MB'), undefined);
  });

  it('says which sizes the baseline is about', () => {
    assert.ok(lines[0].includes(' twice as much, 2 to 8 | baseline |'), lines[0]);
  });
});

describe('the growth of a cost', () => {
  it('fails above the greatest exponent of its family, and nowhere else', () => {
    assert.deepEqual(growthFaults([linear, bent]), ['bent: the cost grows with the exponent 1.30 of the things']);
    const { most: _, ...unjudged } = family;
    assert.deepEqual(growthFaults([curve('quadratic', (x) => ({ cost: x * x }), unjudged)]), []);
  });
});
