import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGolden } from '../../../core/testing/golden.ts';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { exportReport } from './exportReport.ts';

test('findings, conflicts, effects, sharing models, advice', async () => {
  const doc = await documentOf(COUNTER);
  const report = exportReport(doc, doc.analysis.exports[0].name);
  assertGolden(`${import.meta.dirname}/exportReport.golden.md`, report ?? '');
});

test('an export that does not exist has no report', async () => {
  assert.equal(exportReport(await documentOf(COUNTER), 'missing'), undefined);
});
