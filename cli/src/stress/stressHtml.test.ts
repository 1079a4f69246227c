/** `--format html` of `stress`, `replay` and `hammer`: the module with its verdict, and what the runs have shown of it. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ReportView } from '../../../core/report/view/model.ts';
import { runWith } from '../testing/cli.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-html-'));
  cpSync(join(import.meta.dirname, 'cases'), folder, { recursive: true });
});
after(() => rmSync(folder, { recursive: true }));

async function viewOf(command: string, file: string, ...args: string[]): Promise<ReportView> {
  const { out, err } = await runWith([command, join(folder, file), ...args, '--format', 'html']);
  assert.deepEqual(err, []);
  return JSON.parse(/class="report-view">(.*)<\/script>/.exec(out)?.[1] ?? '') as ReportView;
}

const standingOf = (view: ReportView, label: string) => view.exports.find((one) => one.label === label);

test('stress of a source: verdict, findings at lines without what comments silence, and what was shown', async () => {
  const view = await viewOf('stress', 'report.wat', '--call', 'bump()');
  assert.equal(view.verdict?.status, 'not-safe');
  assert.deepEqual(view.verdict?.shown, { text: 'Stress tests showed a wrong outcome: bump.', bad: true });
  assert.deepEqual(
    view.findings.flatMap(({ rule, rows }) => rows.map(({ exportName, place }) => [rule, exportName, place])),
    [['global-write', 'bump', '4:6']],
  );
  assert.equal(standingOf(view, 'bump')?.found, 'wrong-outcome');
  assert.equal(standingOf(view, 'quiet')?.text, 'conflicts with itself');
  assert.ok((view.matrix?.rows.length ?? 0) > 0);
  assert.equal(view.runs.length, 1);
});

test('a replay shows the module, and nothing new of it', async () => {
  const view = await viewOf('replay', 'report.wat', '--call', 'bump()', '--call', 'bump()', '--schedule', 'A1B1A1');
  assert.equal(view.verdict?.status, 'not-safe');
  assert.equal(view.verdict?.shown, undefined);
  assert.equal(view.runs.length, 1);
});

test('the model is that of the runs', async () => {
  const view = await viewOf('stress', 'report.wat', '--call', 'bump()', '--model', 'isolated');
  assert.equal(view.model, 'isolated');
  assert.equal(view.verdict?.status, 'no-conflict');
  assert.equal(view.verdict?.shown?.bad, false);
});

test('a plan keeps its notes beside those of the module', async () => {
  const view = await viewOf('stress', 'report.wat', '--seconds', '30');
  assert.ok(view.runs.length > 1);
  assert.equal(view.verdict?.shown?.bad, true);
  assert.equal(standingOf(view, 'quiet')?.found, 'race');
});

test('hammer', async () => {
  const view = await viewOf('hammer', 'report.wat', '--call', 'quiet()', '--seconds', '1');
  assert.equal(view.verdict?.status, 'not-safe');
  assert.equal(view.hammer.length, 1);
  assert.match(standingOf(view, 'quiet')?.text ?? '', /^conflicts with itself; hammered: /);
});
