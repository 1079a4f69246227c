/** Files about runs have the verdict of their module, laid over by what the runs have shown. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyse } from '../../analysis/analyse.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { checkModule } from '../checkedModule.ts';
import { reportText } from '../formats.ts';
import { type VerifyReport, verifyReportOf } from '../report.ts';
import { madeFinding, madeVerified } from '../testing/madeVerified.ts';
import type { ReportView } from '../view/model.ts';

const page = { script: 'draw();', style: 'p{}', scriptHash: 'c2NyaXB0', styleHash: 'c3R5bGU=' };
const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, 'counter-global.wasm'))));
const analysis = analyse(module, { host: 'wazero', model: 'auto' });
const settings = { host: 'wazero', hostReason: undefined, model: 'auto', overrides: new Map() } as const;
const checked = checkModule('counter.wasm', module, analysis, settings);

function viewOf(report: VerifyReport): ReportView {
  const html = reportText(report, 'html', { full: false, colour: false, page });
  return JSON.parse(/class="report-view">(.*)<\/script>/.exec(html)?.[1] ?? '') as ReportView;
}

test('what the host has shown is the verdict', () => {
  const result = madeVerified([[['increment']], [['increment']]], { verdict: 'confirmed', findings: [madeFinding()] });
  const view = viewOf({ ...verifyReportOf(result), checked });
  assert.equal(view.verdict?.status, 'not-safe');
  assert.deepEqual(view.verdict?.shown, { text: 'Runs on the host showed a wrong outcome: increment.', bad: true });
  assert.deepEqual(
    view.exports.map(({ found }) => found),
    ['wrong-outcome', undefined],
  );
  assert.equal(view.verify.length, 1);
});

test('runs in which nothing was seen decide nothing', () => {
  const view = viewOf({ ...verifyReportOf(madeVerified([[['increment']], [['increment']]])), checked });
  assert.equal(view.verdict?.status, 'not-safe');
  assert.notEqual(view.verdict?.shown?.bad, true);
  assert.deepEqual(
    view.exports.map(({ found }) => found),
    [undefined, undefined],
  );
});

test('a report without its module is about the runs alone', () => {
  const view = viewOf(verifyReportOf(madeVerified([[['increment']]])));
  assert.equal(view.verdict, undefined);
  assert.equal(view.verify.length, 1);
});
