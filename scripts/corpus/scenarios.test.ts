/**
 * Real protocols of real modules: the scenario files in `scenarios/` must give the answers that were derived by hand. If
 * their modules cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import type { StressResult } from '../../core/stress/explore/result.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import { parseScenario } from '../../core/stress/scenario/checkScenario.ts';
import type { Scenario } from '../../core/stress/scenario/scenario.ts';
import { environment } from '../../core/stress/testing/run.ts';
import { CorpusError, ensureCorpus } from './fetch.ts';
import { BUILT_NAMES, builtPath, ensureBuilt } from './testing/built.ts';
import { type Answer, PROTOCOLS } from './testing/protocols.ts';

const FOLDER = join(import.meta.dirname, 'scenarios');

/** The scenario of a file, with the path of its module. */
function scenarioOf(name: string): { scenario: Scenario; path: string } {
  const parsed = parseScenario(readFileSync(join(FOLDER, `${name}.stress.json`), 'utf8'), 'wazero');
  if ('problems' in parsed) assert.fail(`${name}: ${JSON.stringify(parsed.problems)}`);
  const { scenario } = parsed;
  // Answers must not depend on the speed of the machine: schedules are the budget.
  return {
    scenario: { ...scenario, budget: { ...scenario.budget, seconds: 300 } },
    path: resolve(FOLDER, scenario.module ?? ''),
  };
}

async function resultOf(path: string, scenario: Scenario): Promise<StressResult> {
  const bytes = new Uint8Array(readFileSync(path));
  const answer = await stress({ name: path, bytes, scenario }, environment());
  if ('failure' in answer) assert.fail(`${answer.failure.kind}: ${answer.failure.message}`);
  return answer.result;
}

/** Results of each caller, and of the probe if it has any, as the table writes them. */
const textOf = ({ results, probe }: { results: readonly string[][]; probe: readonly string[] }): string[] =>
  [...results, ...(probe.length > 0 ? [probe] : [])].map((texts) => texts.join(', '));

function check(result: StressResult, answer: Answer): void {
  const { outcomes, races, verdict, wrongOutcome, exhaustive } = result;
  const wrong = outcomes.wrong.map(textOf);
  const seen = JSON.stringify({ serial: outcomes.examples.map(textOf), wrong, notes: result.notes }, null, 1);
  assert.equal(verdict, answer.verdict, seen);
  assert.deepEqual(outcomes.examples.map(textOf).sort(), answer.serial.toSorted(), seen);
  assert.equal(wrongOutcome, answer.wrong !== undefined, seen);
  for (const outcome of answer.wrong ?? [])
    assert.ok(
      wrong.some((one) => one.join() === outcome.join()),
      seen,
    );
  if (answer.races !== undefined) assert.equal(races.length > 0, answer.races, seen);
  if (answer.notes !== undefined) assert.match(result.notes.join('\n'), answer.notes);
  if (answer.exhaustive === true) assert.ok(exhaustive, seen);
}

/** Why a module of the corpus cannot be fetched; undefined if it is there now. */
async function unavailable(path: string): Promise<string | undefined> {
  try {
    await ensureCorpus((module) => module.path === path);
    return undefined;
  } catch (error) {
    if (error instanceof CorpusError) return `real modules: ${error.message}`;
    throw error;
  }
}

describe('real protocols', () => {
  test('every scenario file has an answer', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.stress.json'));
    assert.deepEqual(files.sort(), PROTOCOLS.map(({ scenario }) => `${scenario}.stress.json`).sort());
  });

  for (const { scenario: file, answers } of PROTOCOLS)
    for (const answer of answers) {
      const { scenario, path } = scenarioOf(file);
      const { host, model } = { ...scenario, ...answer };
      const built = BUILT_NAMES.find((name) => builtPath(name) === path);
      test(`${file}, ${host}, ${model}: ${answer.verdict}`, async (t) => {
        const missing = built === undefined ? await unavailable(path) : await ensureBuilt(built);
        if (missing === undefined) check(await resultOf(path, { ...scenario, host, model }), answer);
        else t.skip(missing);
      });
    }
});
