/** The parts of the schedule player around its steps: replays, folds, rows, pictures. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AdvisedResult } from '../../advice/advised.ts';
import type { ScenarioFile } from '../../stress/scenario/scenario.ts';
import { explored } from '../../stress/testing/run.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { call, made, party, race, row } from '../testing/madeResults.ts';
import { flowLines, laneGeometry, rowMiddle } from './laneGeometry.ts';
import { findingNamed, replayedView } from './replayedSchedule.ts';
import type { FindingView } from './scheduleFindings.ts';
import { foldsOf } from './scheduleFolds.ts';
import { type LinkView, openingStep, toldOf } from './scheduleLinks.ts';
import { laneRows, rowBeside, rowOfStep } from './scheduleRows.ts';
import type { StepView } from './scheduleSteps.ts';
import { scheduleSvg } from './scheduleSvg.ts';
import { scheduleView } from './scheduleView.ts';
import { laneParts, laneText } from './stepText.ts';

const COUNTER: ScenarioFile = { callers: [[['increment']], [['increment']]], probe: [['count']] };
const counter = async (schedule?: string): Promise<AdvisedResult> => {
  const source = await readFile(join(FIXTURES, 'counter-global.wat'), 'utf8');
  return { ...(await explored(source, COUNTER, { schedule })), advice: [] };
};

describe('a schedule that is run again', () => {
  test('shows every finding of its run the same, and gives its trace', async () => {
    const result = await counter();
    const view = scheduleView(result);
    assert.ok(view !== undefined && view.findings.length >= 5);
    for (const { id, schedule } of view.findings) {
      const finding = findingNamed(result, id);
      assert.ok(finding);
      const replayed = replayedView(finding, await counter(schedule));
      assert.deepEqual([id, replayed.same, replayed.trace?.schedule], [id, true, schedule]);
    }
  });

  test('under another schedule, does not show it', async () => {
    const result = await counter();
    const wrong = findingNamed(result, 'A2B3A1');
    assert.ok(wrong);
    const { same, verdict } = replayedView(wrong, await counter('A3B3'));
    assert.equal(same, false);
    assert.match(verdict, /under this schedule/);
  });

  test('is named by the id of one finding, or by its schedule', async () => {
    const result = await counter();
    const ids = scheduleView(result)?.findings.map(({ id }) => id) ?? [];
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(findingNamed(result, 'A1B3A2')?.kind, 'wrong-outcome');
    assert.equal(findingNamed(result, 'A9B9'), undefined);
  });
});

describe('links of a race', () => {
  test('join the two accesses that are closest to each other', () => {
    const get = (caller: number) => row(caller, 'global.get', '$counter', '-> 0', { offset: 0x3d });
    const set = (caller: number) => row(caller, 'global.set', '$counter', '= 1', { offset: 0x42 });
    const result = made([[['inc']], [['inc']]], {
      verdict: 'race',
      races: [race(party(0, 'global.set', 0x42), party(1, 'global.get', 0x3d))],
      schedule: 'A2B2',
      trace: [...call(0, 'inc()', [get(0), set(0)], '1'), ...call(1, 'inc()', [get(1), set(1)], '1')],
    });
    const view = scheduleView(result);
    assert.ok(view);
    const { links } = toldOf(view.traces[0].steps, view.findings[0], false);
    assert.deepEqual(
      links.map(({ from, to }) => [from, to]),
      [[2, 5]],
    );
    assert.match(links[0].text, /^B races with A's global\.set/);
    assert.equal(openingStep(view.traces[0].steps, view.findings[0], links), 5);
  });

  test('tell the player where it opens: at the later step of the pair; of a hang without one, at the end', () => {
    const steps = Array.from({ length: 4 }, (_, i) => load(i % 2, i));
    const [race, hang] = (['race', 'hang'] as const).map((kind) => ({ id: '', kind, title: '', name: '', detail: [] }));
    const link = (from: number, to: number, main: boolean) => ({ from, to, text: '', main });
    const at = (finding: Omit<FindingView, 'schedule'>, links: LinkView[]) =>
      openingStep(steps, { ...finding, schedule: 'A1' }, links);
    assert.equal(at(race, [link(0, 3, false), link(1, 2, true)]), 2);
    assert.equal(at(hang, [link(0, 1, true), link(1, 2, true)]), 2);
    assert.deepEqual([at(race, []), at(hang, [])], [0, 3]);
  });
});

describe('lanes', () => {
  test('have both sides, all texts on the right, or texts of two lines, by their room', () => {
    const shapes = [1044, 752, 751, 528, 462, 461, 277, 40].map((width) => {
      const { form, lines, rowHeight, texts } = laneGeometry(2, width);
      assert.ok(texts.every(([left]) => left > 0));
      return `${form} ${lines} ${rowHeight}`;
    });
    const [sides, rails, narrow] = ['sides 1 26', 'rails 1 26', 'rails 2 44'];
    assert.deepEqual(shapes, [sides, sides, rails, rails, rails, narrow, narrow, narrow]);
    assert.equal(laneGeometry(3, 1044).form, 'rails');
  });

  test('draw lines between the middles of rows of any height', () => {
    const steps = [load(0, 0), load(0, 1), load(1, 0, { switched: true })];
    const rows = laneRows(3, [], [], () => false);
    for (const width of [1000, 277]) {
      const geometry = laneGeometry(2, width);
      const [down, over] = flowLines(rows, steps, geometry, [0, 3]);
      const [a, b] = geometry.rails;
      const [first, second, third] = [0, 1, 2].map((row) => rowMiddle(row, geometry));
      assert.equal(down.path, `M${a},${first}V${second}`);
      assert.equal(over.path, `M${a},${second}V${(second + third) / 2}H${b}V${third}`);
      assert.deepEqual([down.switched, over.switched], [false, true]);
    }
  });

  test('show values apart from what they are of, and all in one line', () => {
    const parts = (step: Partial<StepView>) => {
      const { op, cell, values, note } = laneParts(load(0, 1, step));
      return [op, cell, values, note].filter((part, i) => part !== '' || i < 3);
    };
    assert.deepEqual(parts({}), ['i32.load', 'memory[0] 0x4', '→ 1']);
    assert.deepEqual(parts({ kind: 'update', written: '2', variable: 'count' }), ['i32.load', 'count', '→ 1 = 2']);
    assert.deepEqual(parts({ times: 4 }), ['i32.load', 'memory[0] 0x4', '→ 1', '(first of 4)']);
    assert.deepEqual(parts({ kind: 'call', op: 'put(1)' }), ['put(1)', '', '']);
    assert.deepEqual(parts({ kind: 'return', read: '7' }), ['return', '', '7']);
    assert.deepEqual(parts({ kind: 'trap', read: 'unreachable' }), ['trap: unreachable', '', '']);
    assert.equal(laneText(load(0, 1, { written: '2' })), 'i32.load memory[0] 0x4 → 1 = 2');
    assert.equal(
      laneText(load(0, 1, { kind: 'other', op: 'atomic.fence', cell: undefined, read: undefined })),
      'atomic.fence',
    );
  });
});

const load = (caller: number, i: number, more: Partial<StepView> = {}): StepView => ({
  kind: 'read',
  caller,
  call: 0,
  op: 'i32.load',
  cell: `memory[0] 0x${(4 * i).toString(16)}`,
  read: String(i),
  ...more,
});

describe('folds', () => {
  test('hide what callers do not share, and never what the finding is about', () => {
    const steps = Array.from({ length: 40 }, (_, i) => load(0, i, { unshared: true }));
    assert.deepEqual(
      foldsOf(steps, new Set([20])).map(({ from, to }) => [from, to]),
      [
        [0, 20],
        [21, 40],
      ],
    );
  });

  test('hide repetitions in turn, after the first', () => {
    const steps = Array.from({ length: 300 }, (_, i) => load(i % 2, i % 2, { switched: true }));
    const [fold, ...more] = foldsOf(steps, new Set());
    assert.deepEqual([fold.from, fold.to, fold.text, more], [2, 300, 'these 2 steps 149 more times', []]);
  });

  test('of twenty thousand steps are disjoint, and rows lead to every step', () => {
    const steps = Array.from({ length: 20_000 }, (_, i) => load(Math.floor(i / 500) % 2, i % 977));
    const folds = foldsOf(steps, new Set());
    for (let i = 1; i < folds.length; i++) assert.ok(folds[i - 1].to <= folds[i].from);
    const rows = laneRows(steps.length, folds, [], () => false);
    assert.ok(rows.length < 1000);
    for (const at of [0, 250, 499, 500, 19_999]) {
      const shown = rows[rowOfStep(rows, at)];
      assert.ok(shown.kind === 'fold' ? shown.fold.from <= at && at < shown.fold.to : shown.at === at);
    }
    assert.equal(laneRows(steps.length, folds, [], () => true).length, 20_000);
  });

  test('rows of meanings are no steps', () => {
    const link = { from: 0, to: 1, text: 'meets', main: true };
    const rows = laneRows(3, [], [link], () => false);
    assert.deepEqual(
      rows.map(({ kind, at }) => `${kind} ${at}`),
      ['step 0', 'step 1', 'note 1', 'step 2'],
    );
    assert.deepEqual(
      [rowBeside(rows, 1, 1), rowBeside(rows, 3, -1), rowOfStep(rows, 1), rowBeside(rows, 3, 1)],
      [3, 1, 1, 3],
    );
  });
});

test('a picture has names as text, whatever they are', () => {
  const name = '</text><script>alert("1")</script>&\u0007';
  const result = made([[[name]], [[name]]], {
    verdict: 'race',
    races: [race(party(0, 'global.set', 0x42), party(1, 'global.get', 0x3d), { cell: name })],
    schedule: 'A1B1',
    trace: [...call(0, name, [row(0, 'global.set', name, '= 1')], '1'), ...call(1, name, [], '1')],
  });
  const view = scheduleView(result);
  assert.ok(view);
  const [finding, trace] = [view.findings[0], view.traces[0]];
  const rows = laneRows(trace.steps.length, [], [], () => false);
  const svg = scheduleSvg({ view, finding, trace, rows, links: [] });
  assert.doesNotMatch(svg, /<script|&(?!(?:lt|gt|amp|quot);)/);
  assert.ok(!svg.includes('\u0007'));
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
});
