/** Advice about the cases of known kinds of faults: nothing in it contradicts itself, and each fits what was found. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { caseSource } from '../stress/testing/caseFiles.ts';
import { KIND_CASES, type KindCase, kindCaseName } from '../stress/testing/kindCases.ts';
import type { Advice } from './advice.ts';
import { advisedRun } from './testing/advisedRun.ts';
import { contradictionsIn } from './testing/contradictions.ts';

/** The first case of a module, and what is advised. */
async function adviceAbout(module: string, which: (row: KindCase) => boolean = () => true): Promise<readonly Advice[]> {
  const row = KIND_CASES.find((one) => one.module === module && which(one));
  assert.ok(row !== undefined);
  return (await advisedRun(caseSource(`kinds/${module}.wat`), row.run)).advice;
}

const textsOf = (advice: readonly Advice[], remedy: Advice['remedy']): string =>
  advice
    .filter((one) => one.remedy === remedy)
    .map(({ text }) => text)
    .join('\n');

describe('advice about the kinds of cases', () => {
  // Many schedules, and the same kinds of advice as for two callers.
  const rows = KIND_CASES.filter(({ run }) => run.callers.length < 3);
  for (const row of rows)
    test(kindCaseName(row), async () => {
      const { advice, model } = await advisedRun(caseSource(`kinds/${row.module}.wat`), row.run);
      assert.deepEqual(contradictionsIn(advice, model), []);
      const permits = advice.some(({ remedy, text }) => remedy === 'concurrent' && text.startsWith('These calls'));
      assert.ok(!permits || row.right.verdict === 'safe', 'calls that go wrong are permitted');
    });
});

describe('advice fits the finding', () => {
  test('stacks that overlap are separated, not made atomic', async () => {
    const advice = await adviceAbout('stack64');
    assert.match(textsOf(advice, 'fix'), /their stacks overlap\. Build the module for threads/);
    assert.equal(textsOf(advice, 'atomics'), '');
  });

  test('atomics of different widths get one width', async () => {
    const texts = textsOf(await adviceAbout('mixed-atomics'), 'atomics');
    assert.match(texts, /with atomic instructions of one width/);
    assert.doesNotMatch(texts, /plain access/);
  });

  test('a load of one call and a store of another are no split update', async () => {
    assert.doesNotMatch(textsOf(await adviceAbout('lock-free-stack'), 'atomics'), /Replace the atomic load and store/);
  });

  test('no lock of the host keeps out the caller that would wake a timed wait', async () => {
    const advice = await adviceAbout('timed', ({ run }) => JSON.stringify(run.callers).includes('wake'));
    assert.match(textsOf(advice, 'fix'), /Do not hold a host lock .* could not wake it in time/);
    assert.equal(textsOf(advice, 'mutex') + textsOf(advice, 'atomics'), '');
  });

  test('nothing is permitted where the host excludes concurrent calls', async () => {
    const advice = await adviceAbout('ref-func', ({ run }) => run.host === 'wasmtime-c-api');
    assert.deepEqual(
      advice.filter(({ remedy }) => remedy === 'concurrent' || remedy === 'together'),
      [],
    );
  });
});
