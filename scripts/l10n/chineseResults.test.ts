/** What runs, rounds and verification say in Chinese: whole, without English in between. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AdvisedAnswer } from '../../core/advice/advised.ts';
import { advised } from '../../core/advice/advised.ts';
import { HOST_IDS } from '../../core/hosts/index.ts';
import { madeHammered } from '../../core/report/testing/madeHammered.ts';
import { madeFinding, madeVerified, madeVerifyRun } from '../../core/report/testing/madeVerified.ts';
import { furtherVerdicts, verdictText } from '../../core/report/verdicts.ts';
import { hammerView } from '../../core/report/view/hammerView.ts';
import { verifyView } from '../../core/report/view/verifyView.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { caseFiles, caseSource } from '../../core/stress/testing/caseFiles.ts';
import { HANG_CASES } from '../../core/stress/testing/hangCases.ts';
import { runScenario } from '../../core/stress/testing/run.ts';
import { useTranslations } from '../../core/text/l10n.ts';
import { englishIn } from './testing/englishIn.ts';
import { mergedTranslations, readTranslations } from './translations.ts';

const BUDGET = { seconds: 60, schedules: 200 };

/** All that is said of a run or of why there is none; names, values, steps and messages of traps stay as they are. */
function saidOf(answer: AdvisedAnswer): string[] {
  if ('failure' in answer) return [answer.failure.message];
  const { result } = answer;
  const { notes, restsOn, grain, defects, advice, hostHazards, hang } = result;
  return [
    ...[verdictText(result), ...furtherVerdicts(result), ...notes, ...restsOn, ...grain],
    ...defects.map(({ text }) => text),
    ...advice.flatMap(({ text, checked, because }) => [text, checked.text, ...because.map((one) => one.text)]),
    ...hostHazards.map(({ text }) => text),
    hang?.cause.text ?? '',
  ];
}

/** Calls with their arguments, paths of traps, options of programs, and cells, whose names no language changes. */
const AS_THEY_ARE =
  /[\w$]+\([^()]*\)(?: = \S+)?|\bdid not return\b|--?[\w-]+(?:=\S+)?|\$\w+|\bwaiters at \S+| of instance \d+/g;

function assertChinese(texts: readonly string[]): void {
  const mixed = texts.filter((text) => englishIn(text.replaceAll(AS_THEY_ARE, '')) !== undefined);
  assert.deepEqual(mixed, []);
}

describe('what results say in Chinese', () => {
  before(() => useTranslations(mergedTranslations(readTranslations())));
  after(() => useTranslations(undefined));

  for (const path of caseFiles())
    it(`has no English in it: ${path}`, async () => {
      const file = JSON.parse(caseSource(path)) as ScenarioFile;
      const source = caseSource(`${path.split('/')[0]}/${file.module}`);
      for (const host of HOST_IDS)
        assertChinese(saidOf(advised(await runScenario(source, { ...file, model: 'auto', host, budget: BUDGET }))));
    });

  for (const { what, source, callers, setup = [] } of HANG_CASES)
    it(`has no English in it: ${what}`, async () => {
      assertChinese(saidOf(advised(await runScenario(source, { callers, setup, budget: BUDGET }))));
    });

  it('has no English in it: scenarios that cannot be run', async () => {
    const module = '(module (memory 1) (func (export "f") (param i32)))';
    const wrong: ScenarioFile[] = [
      { callers: [[['f']], [['g', 1]]] },
      { callers: [[['f', 'x']]] },
      { callers: [[['f', 1]]], stacks: 'own', model: 'shared-memory' },
    ];
    for (const file of wrong) {
      const answer = await runScenario(module, file);
      assert.ok('failure' in answer);
      assertChinese([answer.failure.message]);
    }
  });

  it('has no English in it: rounds, and runs on the real host', () => {
    const calls: [string][][] = [[['f']], [['g']]];
    const hammered = [
      madeHammered(calls),
      madeHammered(calls, { verdict: 'wrong-outcome', wrongRounds: 5 }),
      madeHammered(calls, { verdict: 'hang', hang: { callers: [{ caller: 0, call: 0 }], alone: true } }),
    ].map((result) => hammerView(result));
    const verified = [
      madeVerified(calls, { findings: [madeFinding({ status: 'confirmed' })], verdict: 'confirmed' }),
      madeVerified(calls, { findings: [madeFinding({ status: 'new', kind: 'race', text: '$n' })], verdict: 'new' }),
      madeVerified(calls, { runs: [madeVerifyRun('compiler', { crash: 'x' })] }),
    ].map((result) => verifyView(result));
    assertChinese(hammered.flatMap(({ text, counted, traps }) => [text, counted.text, ...traps]));
    assertChinese(
      verified.flatMap(({ text, findings, modes }) => [
        text,
        ...findings.flatMap((one) => [one.how, one.text]),
        ...modes.flatMap((one) => [one.name, one.counted.text, ...one.text]),
      ]),
    );
  });
});
