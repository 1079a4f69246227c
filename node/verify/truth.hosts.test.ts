/**
 * The verdicts of wazero (core/analysis/testing/wazero/README.md) again, on today's wazero and through verification: what
 * is safe shows no wrong outcome, and no race report that exploration does not have. How many of the racy scenarios a few
 * seconds confirm is printed: that is a matter of luck, and asserted only as a whole.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AdvisedResult, advised } from '../../core/advice/advised.ts';
import { WAZERO_SCENARIOS, type WazeroScenario, wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { completeScenario, type Scenario } from '../../core/stress/scenario/scenario.ts';
import type { Call } from '../../core/stress/scenario/steps.ts';
import { runScenario } from '../../core/stress/testing/run.ts';
import type { VerifyResult } from '../../core/verify/model.ts';
import { goMissing, goModule } from '../../core/wrap/go/testing/goModule.ts';
import { openVerifier, type Verifier } from './verifier.ts';

type Variant = 'callers' | 'callersTwice' | 'three';

/** Seconds for each scenario: together with two builds about a minute and a half. */
const SECONDS = 0.6;

const scenarioOf = ({ setup, probe, ...callers }: WazeroScenario, variant: Variant): Scenario =>
  completeScenario(
    // The verdicts are about calls: a caller that makes two of them makes them again.
    {
      callers: callers[variant] as Call[][],
      ...{ setup, probe, unit: 'call', model: 'shared-instance' },
      budget: { seconds: 60 },
    },
    'wazero',
  );

async function exploredOf(bytes: Uint8Array, scenario: Scenario): Promise<AdvisedResult> {
  const answer = advised(await runScenario(bytes, scenario));
  return 'failure' in answer ? assert.fail(answer.failure.message) : answer.result;
}

/** One call a caller, or more where a wrong outcome needs more. */
async function chosen(
  one: WazeroScenario,
  bytes: Uint8Array,
): Promise<{ variant: Variant; scenario: Scenario; explored: AdvisedResult }> {
  const variants: Variant[] = one.serializable ? ['callers'] : ['callers', 'callersTwice', 'three'];
  let first: Awaited<ReturnType<typeof chosen>> | undefined;
  for (const variant of variants) {
    if (one[variant] === null) continue;
    const scenario = scenarioOf(one, variant);
    const explored = await exploredOf(bytes, scenario);
    first ??= { variant, scenario, explored };
    if (one.serializable || explored.wrongOutcome) return { variant, scenario, explored };
  }
  return first ?? assert.fail('a scenario without callers');
}

interface Row {
  id: string;
  verdict: WazeroScenario['verdict'];
  variant: Variant;
  result: VerifyResult;
}

const hasReports = ({ findings }: VerifyResult): boolean => findings.some(({ reports }) => reports > 0);
const wrongRounds = ({ runs }: Pick<VerifyResult, 'runs'>): number =>
  runs.reduce((sum, run) => sum + run.wrongRounds, 0);

/**
 * What is serializable shows no wrong outcome. Where it races, that is true of the instructions that the verdicts are about:
 * under the race detector, Go stores the bytes of a word one by one, so that two of wazero's interpreters can mix them.
 */
const wrongOfWords = ({ dataRace }: WazeroScenario, { runs }: VerifyResult): number =>
  wrongRounds({ runs: runs.filter(({ mode }) => !dataRace || mode !== 'interpreter-race') });

describe('scenarios of wazero', { skip: goMissing() }, () => {
  let verifier: Verifier;
  const rows: Row[] = [];

  before(async () => {
    const opened = await openVerifier(goModule(), {});
    if ('failure' in opened) assert.fail(opened.failure.message);
    verifier = opened;
  });
  after(() => verifier?.close());

  for (const one of WAZERO_SCENARIOS) {
    test(one.id, async () => {
      const bytes = await wazeroModule(one.module);
      const { variant, scenario, explored } = await chosen(one, bytes);
      const answer = await verifier.verify(
        { bytes, name: one.module, scenario },
        { seconds: SECONDS, explored, remedies: false },
      );
      if ('failure' in answer) assert.fail(answer.failure.message);
      const { result } = answer;
      rows.push({ id: one.id, verdict: one.verdict, variant, result });
      assert.notEqual(result.verdict, 'not-verified', result.notes.join('\n'));
      for (const { mode, rounds } of result.runs) assert.ok(rounds > 0, `no round in ${mode}`);
      if (one.serializable)
        assert.equal(wrongOfWords(one, result), 0, 'a wrong outcome of calls that are serializable');
      if (one.verdict === 'safe') assert.deepEqual(result.findings, []);
      assert.deepEqual(
        result.findings.filter(({ status }) => status === 'new'),
        [],
        'a finding that exploration does not have',
      );
    });
  }

  test('most of what races is confirmed', (t) => {
    for (const { id, verdict, variant, result } of rows.filter((row) => row.verdict !== 'safe')) {
      const reports = result.findings.reduce((sum, finding) => sum + finding.reports, 0);
      const rounds = result.runs.map((run) => `${run.mode} ${run.wrongRounds} of ${run.rounds}`).join(', ');
      t.diagnostic(`${id.padEnd(42)} ${verdict.padEnd(11)} ${variant.padEnd(12)} ${reports} reports; wrong: ${rounds}`);
    }
    const racy = rows.filter(({ verdict }) => verdict === 'race' || verdict === 'race-benign');
    const wrong = rows.filter(({ result }) => result.findings.some(({ kind }) => kind === 'wrong-outcome'));
    const reported = racy.filter(({ result }) => hasReports(result)).length;
    const shown = wrong.filter(({ result }) => wrongRounds(result) > 0).length;
    t.diagnostic(`confirmed by race reports: ${reported} of ${racy.length} racy scenarios`);
    t.diagnostic(`confirmed by wrong outcomes: ${shown} of ${wrong.length} scenarios where exploration found one`);
    assert.ok(2 * reported > racy.length, `${reported} of ${racy.length}`);
  });
});
