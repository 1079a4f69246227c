/** What stress runs have shown comes before what the analysis supposes, in every place that speaks about an export. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { InlayHint } from 'vscode-languageserver';
import { advisedRun } from '../../../core/advice/testing/advisedRun.ts';
import { type ShownRun, shownExploration } from '../../../core/report/shown/shownRun.ts';
import type { ScenarioFile } from '../../../core/stress/scenario/scenario.ts';
import { assertGolden } from '../../../core/testing/golden.ts';
import { lineText } from '../../../core/text/lines.ts';
import { contentKey } from '../../../core/wasm/contentKey.ts';
import { DEFAULT_SETTINGS } from '../defaultSettings.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { withRuns } from '../documents/shownRuns.ts';
import { summaryOf } from '../documents/summary.ts';
import { COUNTER, cursorAt, documentOf } from '../testing/testDocument.ts';
import { sourceOf } from '../testing/testSource.ts';
import { codeLenses } from './codeLens.ts';
import { exportItems } from './exportItems.ts';
import { exportReport } from './exportReport.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlayHint.ts';
import { matrixText } from './matrix.ts';

const WANTED: ScenarioFile[] = [
  { callers: [[['increment']], [['increment']]] },
  { callers: [[['increment']], [['get']]] },
  { callers: [[['add', 1, 2]], [['add', 1, 2]]] },
  { callers: [[['frame']], [['add', 1, 2]]] },
];

let plain: ModuleDocument;
let stressed: ModuleDocument;
let runs: ShownRun[];
before(async () => {
  plain = await documentOf(COUNTER);
  runs = [];
  for (const file of WANTED) runs.push(shownExploration(await advisedRun(plain.module.bytes, file)));
  stressed = withRuns(plain, { content: contentKey(plain.module.bytes), runs });
});

describe('a stress run', () => {
  const lens = (doc: ModuleDocument, name: string): string | undefined =>
    codeLenses(doc).find(({ command }) => command?.command.endsWith('showExport') && command.arguments?.[1] === name)
      ?.command?.title;

  test('in code lenses', () => {
    assert.equal(
      lens(stressed, 'increment'),
      'Stress showed a wrong outcome and a race with itself, a race with get; conflicts with 2 other exports, not run',
    );
    assert.match(
      lens(stressed, 'add') ?? '',
      /^Stress found no race or wrong outcome with itself and frame \(\d+ schedules, exhaustive for these calls\)$/,
    );
    assert.equal(lens(stressed, 'reset'), lens(plain, 'reset'));
  });

  test('in hovers of exports', () => {
    const text = (doc: ModuleDocument, marked: string): string =>
      (hover(doc, ...cursorAt(doc, marked))?.contents as { value: string } | undefined)?.value ?? '';
    assertGolden(`${import.meta.dirname}/stressedHover.golden.md`, text(stressed, '(export "incr<|>ement"'));
    assert.equal(text(stressed, '(export "re<|>set"'), text(plain, '(export "re<|>set"'));
    assert.match(text(stressed, 'global.s<|>et $counter'), /`increment`\]\([^)]*\) \(race shown\)/);
  });

  test('not in inlay hints at lines of the exports, where failed tests have their badges', async () => {
    const source = `(module (global $n (mut i32) (i32.const 0))
      (func (export "inc") (global.set $n (i32.add (global.get $n) (i32.const 1))))
      (func (export "get") (result i32)
        (global.get $n))
      (func (export "reset")
        (global.set $n (i32.const 0))))`;
    const doc = await sourceOf(source);
    const run = shownExploration(await advisedRun(doc.module.bytes, { callers: [[['inc']], [['get']]] }));
    const lines = (one: ModuleDocument): number[] =>
      inlayHints(one, { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } }).map(
        ({ position }) => position.line,
      );
    assert.deepEqual(lines(doc), [1, 3, 5]);
    assert.deepEqual(
      lines(withRuns(doc, { content: contentKey(doc.module.bytes), runs: [run] })),
      [5],
      'raced in 3, not run in 5',
    );
  });

  test('in inlay hints, beside the export on the other side', () => {
    const shown = (doc: ModuleDocument): string[] => {
      const range = { start: { line: 0, character: 0 }, end: { line: doc.lineStarts.length, character: 0 } };
      return inlayHints(doc, range).map(({ position: { line, character }, label }: InlayHint) => {
        const start = lineText(doc.text, doc.lineStarts, line).slice(0, character);
        return `${start.slice(start.lastIndexOf('(') + 1).trim()} >${label}`;
      });
    };
    assertGolden(`${import.meta.dirname}/stressedHints.golden.txt`, `${shown(stressed).join('\n')}\n`);
  });

  test('in the conflict matrix', () => {
    assertGolden(`${import.meta.dirname}/stressedMatrix.golden.txt`, matrixText(stressed));
  });

  test('in the list and the report of an export', () => {
    const { headline, items } = exportItems(stressed, 'increment');
    assert.match(headline ?? '', /^stateful, stress showed a wrong outcome and a race with itself/);
    assert.ok(items.some(({ kind, label }) => kind === 'advice' && label === 'stress'));
    assertGolden(`${import.meta.dirname}/stressedReport.golden.md`, exportReport(stressed, 'increment') ?? '');
  });

  test('in the summary for the status bar', () => {
    const summary = (doc: ModuleDocument) =>
      summaryOf({ uri: doc.uri, modules: [doc], bytes: 1, milliseconds: 1, settings: DEFAULT_SETTINGS });
    assert.deepEqual(summary(plain).stress, { ran: 0, found: {}, clean: 0 });
    assert.deepEqual(summary(stressed).stress, { ran: 4, found: { 'wrong-outcome': 1, race: 1 }, clean: 1 });
    assert.equal(summary(stressed).withoutConflicts, 1);
  });

  test('of other bytes, another host or another sharing model says nothing', async () => {
    const content = contentKey(plain.module.bytes);
    const others = [
      withRuns(plain, { content: 'other', runs }),
      withRuns(plain, { content, runs: runs.map((run) => ({ ...run, host: 'wasmtime' })) }),
      withRuns(plain, { content, runs: runs.map((run) => ({ ...run, model: 'isolated' })) }),
    ];
    for (const doc of others) {
      assert.deepEqual(codeLenses(doc), codeLenses(plain));
      assert.equal(matrixText(doc), matrixText(plain));
    }
  });
});

/** What the quick fix "Make it atomic" leaves: an atomic update, and a later load of its own. */
const HALF_ATOMIC = `(module (memory 1)
  (func (export "increment") (result i32)
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (i32.atomic.load (i32.const 0))))`;

describe('a module without conflicts of which a run shows a wrong outcome', () => {
  let doc: ModuleDocument;
  let shown: ModuleDocument;
  before(async () => {
    doc = await documentOf(HALF_ATOMIC);
    const file: ScenarioFile = { callers: [[['increment']], [['increment']]] };
    const run = shownExploration(await advisedRun(doc.module.bytes, file));
    shown = withRuns(doc, { content: contentKey(doc.module.bytes), runs: [run] });
  });
  const titles = (of: ModuleDocument): string[] => codeLenses(of).map(({ command }) => command?.title ?? '');
  const summary = (of: ModuleDocument) =>
    summaryOf({ uri: of.uri, modules: [of], bytes: 1, milliseconds: 1, settings: DEFAULT_SETTINGS });

  test('is not called safe before', () => {
    assert.match(titles(doc)[0], /^No conflict found between calls on one instance, but their atomic steps/);
    assert.doesNotMatch(titles(doc).join(' '), /\bsafe\b/);
    assert.equal(summary(doc).verdict?.words, 'No conflict found');
  });

  test('and speaks of what was shown afterwards: lens of module and export, hover, status bar', () => {
    assert.match(titles(shown)[0], /^Stress tests showed a wrong outcome: increment/);
    assert.match(titles(shown).join('\n'), /^Stress showed a wrong outcome with itself/m);
    for (const marked of ['(mod<|>ule', '(export "incr<|>ement"']) {
      const found = hover(shown, ...cursorAt(shown, marked));
      assert.ok(found !== undefined && typeof found.contents === 'object' && 'value' in found.contents);
      const { value } = found.contents;
      assert.match(value.split('\n')[0], /showed a wrong outcome/);
      assert.doesNotMatch(value.split('\n').slice(0, 12).join('\n'), /thread-safe/i);
    }
    const { verdict, withoutConflicts } = summary(shown);
    assert.deepEqual([verdict?.tone, verdict?.words, withoutConflicts], ['shown', 'Wrong outcome shown', 0]);
  });
});
