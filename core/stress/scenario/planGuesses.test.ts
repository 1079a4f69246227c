/** Plans say which objects they made up, and run few scenarios with them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyseWat } from '../../analysis/testing/facts.ts';
import { verdictText } from '../../report/verdicts.ts';
import { stress } from '../explore/stress.ts';
import { environment } from '../testing/run.ts';
import { type Plan, type PlanOptions, planOf } from './plan.ts';
import { scenarioKey } from './scenario.ts';

const CASES = join(import.meta.dirname, 'cases');
const GUESSED = readFileSync(join(CASES, 'guessed-objects.wat'), 'utf8');
const OBJECTS = readFileSync(join(import.meta.dirname, 'usage/cases/objects.wat'), 'utf8');

async function planned(text: string, options: Partial<PlanOptions> = {}): Promise<Plan & { bytes: Uint8Array }> {
  const { module, analysis } = await analyseWat(text);
  const plan = planOf(module, analysis, { host: 'wazero', model: 'auto', seconds: 24, ...options } as PlanOptions);
  return { ...plan, bytes: module.bytes };
}
const guessesIn = ({ scenarios }: Plan): string[] => [
  ...new Set(scenarios.flatMap(({ scenario }) => scenario.guessed ?? [])),
];

describe('objects that a plan makes up', () => {
  test('are those of which an export reads addresses or fields, and which none makes', async () => {
    const plan = await planned(GUESSED, { limit: Number.POSITIVE_INFINITY });
    assert.deepEqual(guessesIn(plan).sort(), ['render', 'width']);
    for (const { title, scenario } of plan.scenarios) {
      const [pair] = title.split(',');
      const wanted = ['render', 'width'].filter((name) => pair.includes(name));
      assert.deepEqual([...(scenario.guessed ?? [])].sort(), wanted, title);
    }
  });

  test('are none where exports make the objects, or where any bytes will do', async () => {
    assert.deepEqual(guessesIn(await planned(OBJECTS, { limit: Number.POSITIVE_INFINITY })), []);
    for (const name of ['invert', 'size', 'malloc'])
      assert.deepEqual(guessesIn(await planned(GUESSED, { exportName: name, other: name })), [], name);
  });

  test('are few, and the plan says so', async () => {
    const plan = await planned(GUESSED);
    const own = plan.scenarios.filter(({ scenario }) => scenario.guessed !== undefined);
    assert.equal(own.length, 4);
    assert.match(own[0].title, /^render with itself/);
    const notes = plan.notes.join('\n');
    assert.match(notes, /The objects passed to `render`.* are guesses/);
    assert.match(notes, /Only 4 scenarios with such objects are run and \d+ are left out/);
    assert.ok(plan.untested > 0);
    // The others get no more time than they would have had.
    const all = await planned(GUESSED, { limit: Number.POSITIVE_INFINITY });
    for (const { scenario } of plan.scenarios)
      assert.equal(scenario.budget.seconds, 24 / Math.min(all.scenarios.length, 24));
  });

  test('are all run where all are wanted', async () => {
    const all = await planned(GUESSED, { limit: Number.POSITIVE_INFINITY });
    assert.ok(all.scenarios.filter(({ scenario }) => scenario.guessed !== undefined).length > 10);
    assert.doesNotMatch(all.notes.join('\n'), /left out/);
    assert.equal(all.untested, 0);
  });

  test('are told in the verdict, in a note, and in what a result rests on', async () => {
    const { scenarios, bytes } = await planned(GUESSED, { exportName: 'render', other: 'render' });
    const [{ scenario }] = scenarios;
    const answer = await stress({ name: 'guessed.wat', bytes, scenario }, environment({ now: () => 0 }));
    if ('failure' in answer) assert.fail(answer.failure.message);
    const { result } = answer;
    assert.match(verdictText(result), /, with guessed objects$/);
    assert.match(result.notes.join('\n'), /The objects passed to `render` are guesses/);
    assert.ok(result.restsOn.includes('the objects passed to `render` were guesses'), result.restsOn.join());
  });

  test('do not make another scenario of it', async () => {
    const [{ scenario }] = (await planned(GUESSED, { exportName: 'render', other: 'render' })).scenarios;
    assert.equal(scenarioKey(scenario), scenarioKey({ ...scenario, guessed: undefined }));
  });
});
