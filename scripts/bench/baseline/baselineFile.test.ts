import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Problem } from '../../failure.ts';
import {
  type Baseline,
  benchBaselineText,
  figureText,
  merged,
  parseBenchBaseline,
  readBaseline,
  wantedFigures,
} from './baselineFile.ts';

const BASELINE: Baseline = {
  measuredWith: 'Node v24.0.0',
  figures: { analysis: { b: 12.3456, a: 0.98765 }, jobs: { plan: 1 } },
};

describe('the baseline of the benchmarks', () => {
  it('is read as it was written, with three digits and in order', () => {
    const text = benchBaselineText(BASELINE);
    assert.deepEqual(parseBenchBaseline(text), {
      measuredWith: 'Node v24.0.0',
      figures: { analysis: { a: 0.988, b: 12.3 }, jobs: { plan: 1 } },
    });
    assert.ok(text.indexOf('"a"') < text.indexOf('"b"'));
    assert.ok(text.endsWith('}\n'));
  });

  it('of the repository can be read', () => {
    const baseline = readBaseline();
    assert.ok(baseline === undefined || Object.keys(baseline.figures).length > 0);
  });

  it('can be renewed in part', () => {
    const isWanted = (figure: string): boolean => figure.includes('analysis: a');
    assert.deepEqual(wantedFigures(BASELINE.figures, isWanted), { analysis: { a: 0.98765 }, jobs: {} });
    const kept = wantedFigures(BASELINE.figures, (figure) => !isWanted(figure));
    assert.deepEqual(merged(kept, { analysis: { a: 2 } }), { analysis: { a: 2, b: 12.3456 }, jobs: { plan: 1 } });
  });

  it('shows as many digits as can be told apart', () => {
    assert.deepEqual([1234.5, 123.45, 12.345, 1.2345, undefined].map(figureText), ['1235', '123', '12.3', '1.23', '']);
  });

  const wrong = (change: object): string => JSON.stringify({ ...JSON.parse(benchBaselineText(BASELINE)), ...change });
  const texts: [text: string, says: RegExp][] = [
    ['{"format":', /is not JSON \(.+\); npm run bench -- --write-baseline makes it anew$/],
    ['[]', /is not an object/],
    [wrong({ format: 2 }), /has the format 2 instead of 1/],
    [wrong({ format: undefined }), /has the format undefined instead of 1/],
    [wrong({ measuredWith: 3 }), /does not say with what it was measured/],
    [wrong({ figures: [] }), /has no figures;/],
    [wrong({ figures: { speed: {} } }), /has an unknown area, "speed"/],
    [wrong({ figures: { toString: {} } }), /has an unknown area, "toString"/],
    [wrong({ figures: { jobs: 1 } }), /has no figures in jobs/],
    [wrong({ figures: { jobs: { plan: '1' } } }), /has no positive number at jobs, "plan"/],
    [wrong({ figures: { jobs: { plan: 0 } } }), /has no positive number at jobs, "plan"/],
  ];
  for (const [text, says] of texts)
    it(`that is wrong is told: ${says.source}`, () => {
      assert.throws(
        () => parseBenchBaseline(text),
        (error) => error instanceof Problem && says.test(error.message),
      );
    });
});
