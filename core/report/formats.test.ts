/** What every output format must do with every kind of report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyse } from '../analysis/analyse.ts';
import { assertGoldenText } from '../testing/golden.ts';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { generateWrapper } from '../wrap/wrapper.ts';
import { checkModule } from './checkedModule.ts';
import { FORMAT_NAMES, OUTPUT_FORMATS, reportText } from './formats.ts';
import { hammerReportOf, type Report, stressReportOf } from './report.ts';
import { madeHammered } from './testing/madeHammered.ts';
import { made } from './testing/madeResults.ts';
import { validSarif } from './testing/sarif/validSarif.ts';

const page = { script: 'draw();', style: 'p{}', scriptHash: 'c2NyaXB0', styleHash: 'c3R5bGU=' };
const PLAIN = { full: false, colour: false, page };

const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, 'counter-global.wasm'))));
const analysis = analyse(module, { host: 'wazero', model: 'auto' });
const wrapper = generateWrapper(module, analysis, { kind: 'pool', moduleFile: 'counter.wasm' });
assert.ok('text' in wrapper);

const safe = made([[['get']], [['get']]], { notes: ['A note of the result.'] });
const racing = made([[['inc']], [['inc']]], { verdict: 'race', wrongOutcome: true });
const hammered = madeHammered([[['inc']], [['inc']]], { notes: ['A note of the result.'] });
const seldom = madeHammered([[['inc']], [['get']]], { verdict: 'not-judged', rounds: 10 });
const plan = {
  planned: true,
  failures: [{ title: 'put with itself', failure: { kind: 'killed', message: 'counter.wasm: killed' } }],
  notes: ['A note of the plan.'],
} as const;

const REPORTS: Readonly<Record<string, Report>> = {
  check: {
    command: 'check',
    checked: checkModule('counter.wasm', module, analysis, {
      host: 'wazero',
      hostReason: undefined,
      model: 'auto',
      overrides: new Map(),
    }),
  },
  stress: { ...stressReportOf(safe), notes: ['A note of the run.'] },
  'stress-plan': {
    ...stressReportOf(safe),
    ...plan,
    runs: [
      { title: 'get with itself', result: safe },
      { title: 'inc with itself', result: racing },
    ],
  },
  hammer: { ...hammerReportOf(hammered), notes: ['A note of the run.'] },
  'hammer-plan': {
    ...hammerReportOf(hammered),
    ...plan,
    runs: [
      { title: 'inc with get', result: seldom },
      { title: 'inc with itself', result: hammered, replay: 'wasm-hazards replay counter.wasm' },
    ],
  },
  wrap: { command: 'wrap', wrapper },
};

describe('every format writes every report', () => {
  for (const format of FORMAT_NAMES)
    for (const [name, report] of Object.entries(REPORTS))
      test(`${format} of ${name}`, () => {
        const document = reportText(report, format, PLAIN);
        assert.ok(document.endsWith('\n'));
        if (format === 'json') assert.equal(typeof JSON.parse(document), 'object');
        if (format === 'sarif') validSarif(document);
      });
});

describe('text', () => {
  for (const name of ['stress-plan', 'hammer-plan'])
    test(name, () => assertGoldenText(import.meta.dirname, name, reportText(REPORTS[name], 'text', PLAIN)));

  test('code is written as it is', () => {
    assert.equal(reportText(REPORTS.wrap, 'text', PLAIN), wrapper.text);
  });
});

test('notes about the run follow those of the one result', () => {
  for (const name of ['stress', 'hammer']) {
    const notes = ['A note of the result.', 'A note of the run.'];
    assert.deepEqual(JSON.parse(reportText(REPORTS[name], 'json', PLAIN)).notes, notes);
    const text = reportText(REPORTS[name], 'text', PLAIN);
    assert.ok(text.endsWith(notes.map((note) => `  Note: ${note}\n`).join('')));
  }
});

test('a document holds several modules: text counts them, JSON lists them, a page has all of them', () => {
  for (const format of FORMAT_NAMES) {
    const document = OUTPUT_FORMATS[format].begin({ command: 'check', host: 'wazero' }, PLAIN);
    const pieces = [
      ...document.head(),
      ...document.report(REPORTS.check),
      ...document.report(REPORTS.check),
      ...document.tail(),
    ];
    const whole = pieces.join('');
    if (format === 'json') assert.equal(JSON.parse(whole).modules.length, 2);
    else if (format === 'sarif') assert.equal(validSarif(whole).runs[0].results.length, 4);
    else if (format === 'html') assert.equal(whole.split('class="report-view"').length, 3);
    else assert.match(whole, /\n2 modules: 2 warnings, 2 notes\n$/);
  }
});
