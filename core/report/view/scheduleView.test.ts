/** What the schedule player shows of real runs: every step in a sentence, links with what they mean, folds. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AdvisedResult } from '../../advice/advised.ts';
import type { ScenarioFile } from '../../stress/scenario/scenario.ts';
import { caseSource } from '../../stress/testing/caseFiles.ts';
import { HANG_CASES } from '../../stress/testing/hangCases.ts';
import { explored } from '../../stress/testing/run.ts';
import { assertGoldenText } from '../../testing/golden.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { hangIn, hangSummary } from './scheduleFindings.ts';
import { foldsOf } from './scheduleFolds.ts';
import { toldOf } from './scheduleLinks.ts';
import { type ScheduleView, scheduleView } from './scheduleView.ts';
import { laneText, stepSentences } from './stepText.ts';

const source = (name: string): Promise<string> => readFile(join(FIXTURES, `${name}.wat`), 'utf8');

const ran = async (wat: string, file: ScenarioFile): Promise<AdvisedResult> => ({
  ...(await explored(wat, file)),
  advice: [],
});

async function fixture(name: string): Promise<AdvisedResult> {
  const file = JSON.parse(await readFile(join(FIXTURES, `${name}.stress.json`), 'utf8')) as ScenarioFile;
  return ran(await source(name), { model: 'auto', ...file });
}

/** Everything that the player shows, as text. */
function shownText(view: ScheduleView): string {
  const lines = [`${view.host}, ${view.model}`, ...view.lanes.map(({ name, calls }) => `${name}: ${calls}`), ''];
  for (const { kind, title, detail, schedule } of view.findings)
    lines.push(`${kind}: ${title}`, ...detail.map((text) => `  ${text}`), `  schedule ${schedule || '(every)'}`);
  for (const { schedule, steps } of view.traces) {
    const finding = view.findings.find((one) => one.schedule === schedule) ?? view.findings[0];
    const { meanings, links } = toldOf(steps, finding, view.together);
    const folds = foldsOf(steps, new Set(links.flatMap(({ from, to }) => [from, to])));
    lines.push('', `trace of ${finding.title}`);
    steps.forEach((step, at) => {
      const fold = folds.find(({ from, to }) => at >= from && at < to);
      if (fold !== undefined) {
        if (fold.from === at) lines.push(`     ... ${fold.text}`);
        return;
      }
      const mark = links.filter(({ from, to }) => from === at || to === at).map(({ main }) => (main ? '*' : '+'));
      lines.push(`${String(at + 1).padStart(3)}${mark.join('').padEnd(2)}[${step.kind}] ${laneText(step)}`);
      lines.push(`       ${stepSentences(step, view.lanes[step.caller].steps[step.call], meanings.get(at))}`);
    });
    for (const { from, to, text, main } of links) lines.push(`${main ? '*' : '+'} ${from + 1} to ${to + 1}: ${text}`);
  }
  const { outcomes } = view;
  if (outcomes !== undefined) {
    lines.push('', outcomes.text, outcomes.heads.map(({ name, calls }) => `${name}: ${calls}`).join(' | '));
    for (const one of outcomes.wrong)
      lines.push(`wrong ${one.order}: ${one.cells.join(' | ')}${one.state.map((text) => `; ${text}`).join('')}`);
    for (const one of outcomes.serial) lines.push(`serial ${one.order}: ${one.cells.join(' | ')}`);
  }
  return `${lines.join('\n')}\n`;
}

const viewOf = (result: AdvisedResult): ScheduleView => {
  const view = scheduleView(result);
  assert.ok(view);
  return view;
};

describe('what the schedule player shows', () => {
  for (const name of ['counter-global', 'broken-lock', 'exchange', 'greeting', 'grow-vs-write'])
    test(`of ${name}`, async () => {
      await assertGoldenText(import.meta.dirname, name, shownText(viewOf(await fixture(name))));
    });

  test('of an allocator that grows its memory', async () => {
    const result = await ran(await source('bump-allocator'), { callers: [[['malloc', 70000]], [['malloc', 8]]] });
    await assertGoldenText(import.meta.dirname, 'bump-allocator', shownText(viewOf(result)));
  });

  for (const [name, ...calls] of [
    ['peterson', 'a', 'b'],
    ['lost-wakeup', 'take', 'give'],
  ])
    test(`of what only store buffers show: ${name}`, async () => {
      const callers = calls.map((one): [string][] => [[one]]);
      const view = viewOf(await ran(caseSource(`buffers/${name}.wat`), { model: 'shared-memory', callers }));
      await assertGoldenText(import.meta.dirname, `buffers-${name}`, shownText(view));
      // It comes before the races, says where it happens, and its steps are known.
      const found = view.findings.findIndex(({ buffered }) => buffered);
      assert.ok(found >= 0 && view.findings.findIndex(({ kind }) => kind === 'race') > found);
      const { kind, detail, schedule } = view.findings[found];
      assert.equal(kind, name === 'peterson' ? 'wrong-outcome' : 'hang');
      assert.match(detail[0], /^This happens only where hardware reorders stores/);
      assert.ok(view.traces.some((trace) => trace.schedule === schedule));
    });

  test('of the place where a hang that only store buffers show was last seen', async () => {
    const callers = [[['take']], [['give']]] as [string][][];
    const result = await ran(caseSource('buffers/lost-wakeup.wat'), { model: 'shared-memory', callers });
    const hang = hangIn(result);
    assert.ok(hang);
    assert.match(
      hangSummary(result, hang),
      /^Hang with store buffers: a waiter that nobody notified\. What A waits for .* under this schedule\. This happens only where hardware reorders stores/,
    );
  });

  for (const { what, source: wat, callers, setup } of HANG_CASES.slice(0, 4))
    test(`of a hang: ${what}`, async () => {
      const result = await ran(wat, { callers, ...(setup === undefined ? {} : { setup }) });
      await assertGoldenText(import.meta.dirname, `hang-${what.replaceAll(/\W+/g, '-')}`, shownText(viewOf(result)));
    });
});
