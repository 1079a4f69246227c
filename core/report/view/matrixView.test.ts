import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyse } from '../../analysis/analyse.ts';
import { plumbingOf } from '../../analysis/plumbing.ts';
import { conflictOf } from '../../analysis/queries.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { NOTHING_SHOWN, shownPairs } from '../shown/shownPairs.ts';
import { type ShownRun, shownExploration } from '../shown/shownRun.ts';
import { made, party, race } from '../testing/madeResults.ts';
import { conflictReasons } from './conflictReasons.ts';
import { type MatrixCode, type MatrixView, matrixCells, matrixCellsText, reasonsKey } from './matrixModel.ts';
import { type MatrixedModule, matrixView } from './matrixView.ts';

function known(fixture: string, runs: readonly ShownRun[] = []): MatrixedModule {
  const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, `${fixture}.wasm`))));
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  const shown = runs.length === 0 ? NOTHING_SHOWN : shownPairs(runs, analysis, []);
  return { module, analysis, profile: HOST_PROFILES.wazero, shown };
}

/** What the matrix says of two exports, by position. */
function codeAt({ rows, conflicts }: MatrixView, a: number, b: number): MatrixCode | undefined {
  const [one, other] = [a, b].map((position) => rows.find(({ exports }) => exports.includes(position)));
  assert.ok(one !== undefined && other !== undefined);
  return matrixCells(conflicts[one.behaviour]).get(other.behaviour);
}

describe('the matrix says of each pair what the analysis says', () => {
  for (const fixture of [
    'counter-global',
    'caller-buffer',
    'bump-allocator',
    'disjoint-exports',
    'indirect-call',
    'pure',
  ])
    test(fixture, () => {
      const module = known(fixture);
      const view = matrixView(module);
      const { exports } = module.analysis;
      assert.equal(view.left, 0);
      for (const [a] of exports.entries())
        for (const [b] of exports.entries()) {
          const conflict = conflictOf(module.analysis, a, b, 1);
          const code = codeAt(view, a, b);
          assert.equal(
            code?.toUpperCase(),
            conflict?.confidence[0].toUpperCase(),
            `${exports[a].name} ${exports[b].name}`,
          );
          if (code !== undefined) assert.equal(code === code.toUpperCase(), conflict?.condition === 'always');
        }
    });
});

test('exports of a toolchain have rows of their own', () => {
  const module = known('bump-allocator');
  const plumbing = plumbingOf(module.module, module.analysis);
  for (const { exports, plumbing: isFolded } of matrixView(module).rows)
    for (const position of exports) assert.equal(plumbing.has(position), isFolded ?? false);
});

test('what runs have shown is laid over what the analysis says, for exactly the exports that were run', () => {
  const found = shownExploration(
    made([[['increment']], [['count']]], {
      verdict: 'race',
      schedule: 'A1B2',
      races: [race(party(0, 'global.set', 0x40), party(1, 'global.get', 0x50), { schedule: 'B1A2' })],
    }),
  );
  const module = known('counter-global', [found, shownExploration(made([[['increment']], [['increment']]]))]);
  const view = matrixView(module);
  const position = (name: string): number => module.analysis.exports.findIndex((one) => one.name === name);
  const [increment, count] = [position('increment'), position('count')];
  assert.deepEqual(
    view.shown.map(({ a, b, sign, schedule }) => ({ a, b, sign, schedule })),
    [
      { a: increment, b: count, sign: 'race', schedule: 'B1A2' },
      { a: increment, b: increment, sign: 'clean', schedule: undefined },
    ].map(({ a, b, ...rest }) => ({ a: Math.min(a, b), b: Math.max(a, b), ...rest })),
  );
  assert.match(view.shown[1].text, /^stress found no race or wrong outcome \(22 schedules/);
  for (const { exports } of view.rows) assert.equal(exports.length, 1);
  assert.equal(codeAt(view, increment, count), 'D');
});

test('an export that was run leaves the row of those that behave like it', () => {
  const whole = matrixView(known('disjoint-exports'));
  const { labels } = whole;
  const ran = matrixView(known('disjoint-exports', [shownExploration(made([[[labels[0]]], [[labels[0]]]]))]));
  assert.deepEqual(
    ran.rows.find(({ exports }) => exports.includes(0)),
    { ...whole.rows.find(({ exports }) => exports.includes(0)), exports: [0] },
  );
  assert.deepEqual(
    ran.rows.flatMap(({ exports }) => exports).sort(),
    whole.rows.flatMap(({ exports }) => exports).sort(),
  );
});

test('reasons lead to both accesses', () => {
  const module = known('counter-global');
  const { exports } = module.analysis;
  const [increment, count] = ['increment', 'count'].map((name) => exports.findIndex((one) => one.name === name));
  const { reasons, more } = conflictReasons(module, increment, count, 5);
  assert.equal(more, false);
  assert.deepEqual(
    reasons.map(({ cell, confidence, sides }) => ({ cell, confidence, texts: sides.map(({ text }) => text) })),
    [
      {
        cell: 'global $count',
        confidence: 'definite',
        texts: ['writes mutable global `$count`', 'reads mutable global `$count`'],
      },
    ],
  );
  const [{ sides }] = reasons;
  assert.match(sides[0].path, /^increment -> \$/);
  assert.equal(sides[1].path, 'count');
  for (const { offset, place } of sides) assert.equal(place, `0x${offset.toString(16)}`);
});

test('a reason that takes certain arguments says which', () => {
  const module = known('caller-buffer');
  const [{ when }] = conflictReasons(module, 0, 0, 1).reasons;
  assert.match(when ?? '', /overlaps|same object|points to/);
});

test('a page that can ask nobody has reasons for as many pairs as were asked for', () => {
  const module = known('bump-allocator');
  assert.deepEqual(matrixView(module).reasons, {});
  const { reasons, rows } = matrixView(module, 2);
  assert.equal(Object.keys(reasons).length, 2);
  const firsts = rows.map(({ exports }) => exports[0]);
  for (const key of Object.keys(reasons)) {
    const [a, b] = key.split(' ').map(Number);
    assert.ok(firsts.includes(a) && firsts.includes(b) && a <= b);
    assert.ok(reasons[reasonsKey(b, a)].reasons.length > 0);
  }
});

test('conflicts as text and back', () => {
  const codes = new Map<number, MatrixCode>([
    [0, 'D'],
    [1, 'D'],
    [2, 'l'],
    [5, 'P'],
    [6, 'D'],
    [20, 'D'],
  ]);
  assert.equal(matrixCellsText(codes), '2Dl2.PD13.D');
  assert.deepEqual([...matrixCells('2Dl2.PD13.D')], [...codes]);
  assert.equal(matrixCellsText(new Map()), '');
  assert.equal(matrixCells('').size, 0);
  assert.equal(matrixCells(matrixCellsText(new Map([[3, 'p' as const]]))).get(3), 'p');
});
