import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeText, compare, comparisonFaults, comparisonNotes, comparisonTable, isRegression } from './compare.ts';

describe('figures compared with a baseline', () => {
  const comparisons = compare(
    { analysis: { same: 10, worse: 10, gone: 3, better: 10 }, jobs: { plan: 1 } },
    { analysis: { same: 12, worse: 12.1, better: 8 }, jobs: { plan: 0.5 }, growth: { size: 2 } },
  );

  it('are those of both sides', () => {
    assert.deepEqual(
      comparisons.map(({ area, name, old, now }) => [area, name, old, now]),
      [
        ['analysis', 'same', 10, 12],
        ['analysis', 'worse', 10, 12.1],
        ['analysis', 'gone', 3, undefined],
        ['analysis', 'better', 10, 8],
        ['jobs', 'plan', 1, 0.5],
        ['growth', 'size', undefined, 2],
      ],
    );
  });

  it('fail when they are worse by more than a fifth, or not measured any more', () => {
    assert.deepEqual(comparisonFaults(comparisons), [
      'analysis: worse costs 12.1 instead of 10.0 (+21 %)',
      'analysis: gone is in the baseline and is not measured any more',
    ]);
    assert.deepEqual(comparisonFaults(compare({ jobs: { plan: 1 } }, { jobs: { plan: 1 } })), []);
  });

  it('are said when they are new or much better', () => {
    assert.deepEqual(comparisonNotes(comparisons), [
      'analysis: better is much better than the baseline',
      'jobs: plan is much better than the baseline',
      'growth: size is not in the baseline',
    ]);
  });

  it('are regressions beyond a fifth only', () => {
    assert.equal(isRegression({ old: 1, now: 1.2 }), false);
    assert.equal(isRegression({ old: 1, now: 1.21 }), true);
    assert.equal(isRegression({ old: 1, now: 0.1 }), false);
    assert.equal(isRegression({ old: undefined, now: 9 }), false);
    assert.equal(isRegression({ old: 9, now: undefined }), false);
  });

  it('say how much they changed', () => {
    assert.equal(changeText({ old: 2, now: 3 }), '+50 %');
    assert.equal(changeText({ old: 2, now: 1 }), '-50 %');
    assert.equal(changeText({ old: 2, now: 2.001 }), '0 %');
    assert.equal(changeText({ old: undefined, now: 2 }), 'new');
    assert.equal(changeText({ old: 2, now: undefined }), 'not measured');
  });

  it('are a table with the old beside the new', () => {
    assert.match(comparisonTable(comparisons), /\| analysis: worse +\| +10\.0 \| 12\.1 \| +\+21 % \|/);
    assert.match(comparisonTable(comparisons), /\| analysis: gone +\| +3\.00 \| + \| not measured \|/);
  });
});
