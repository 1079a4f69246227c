import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Measurement, settle, typical } from './settle.ts';

/** A measurement that gives one list of figures after the other, and says how often it was asked. */
function scripted(runs: Record<string, number>[]): Measurement & { asked: number } {
  const measurement = {
    ...{ area: 'analysis' as const, names: Object.keys(runs[0]), asked: 0 },
    measure: async () => runs[measurement.asked++],
  };
  return measurement;
}

const quiet = (): void => {};

describe('measurements', () => {
  it('are made once where nothing looks worse', async () => {
    const one = scripted([{ a: 12, b: 1 }]);
    assert.deepEqual(await settle([one], { analysis: { a: 10 } }, quiet), { analysis: { a: 12, b: 1 } });
    assert.equal(one.asked, 1);
  });

  it('are repeated where something looks worse, until it does not', async () => {
    const one = scripted([
      { a: 13, b: 1 },
      { a: 11, b: 2 },
      { a: 9, b: 9 },
    ]);
    assert.deepEqual(await settle([one], { analysis: { a: 10, b: 1 } }, quiet), { analysis: { a: 11, b: 1 } });
    assert.equal(one.asked, 2);
  });

  it('are repeated twice and no more, and the least counts', async () => {
    const one = scripted([{ a: 14 }, { a: 13 }, { a: 15 }, { a: 1 }]);
    const other = scripted([{ z: 5 }]);
    assert.deepEqual(await settle([one, other], { analysis: { a: 10 } }, quiet), { analysis: { a: 13, z: 5 } });
    assert.equal(one.asked, 3);
    assert.equal(other.asked, 1);
  });

  it('for a baseline are the middle of three', async () => {
    const one = scripted([
      { a: 14, b: 3 },
      { a: 13, b: 1 },
      { a: 30, b: 2 },
    ]);
    assert.deepEqual(await typical([one], quiet), { analysis: { a: 14, b: 2 } });
    assert.equal(one.asked, 3);
  });
});
