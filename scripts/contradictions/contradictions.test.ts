/**
 * Nothing that the product says of a module contradicts itself: fixtures, cases, modules with known verdicts, and a few
 * real modules. `npm run contradictions` looks through all of the corpus, and runs more of it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { contradictionsInHammerText } from '../../core/report/testing/textContradictions.ts';
import { planOf } from '../../core/stress/scenario/plan.ts';
import { FIXTURES } from '../../core/testing/paths.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { hammerInThreads } from '../../node/stress/runHammer.ts';
import { chooseModules, fetched } from '../corpus/testing/chosen.ts';
import { type Effort, type Examined, examine } from './examine.ts';
import { type ExaminedInput, inputOf, ownFiles } from './inputs.ts';

const WORKER = new URL('../../node/stress/stressWorker.ts', import.meta.url);
const EFFORT: Effort = { scenarios: 2, schedules: 60, seconds: 0.5 };

/** Modules that take all the time and memory that they get. */
const ATTACKS = join('node', 'stress', 'isolated', 'cases');

/** Real modules that are analysed under all hosts and models within a second. */
const SMALL = ['argon2-browser/dist/argon2.wasm', 'source-map/lib/mappings.wasm', 'yoga-wasm-web/dist/yoga.wasm'];

const consistent = async (input: ExaminedInput, effort: Effort): Promise<Examined> => {
  const examined = await examine(input, effort);
  assert.deepEqual(examined.contradictions, []);
  return examined;
};

test('modules of the repository', async (t) => {
  let [modules, checks, results] = [0, 0, 0];
  for (const path of ownFiles()) {
    if (path.includes(ATTACKS)) continue;
    const input = await inputOf(path);
    if (input === undefined) continue;
    const examined = await consistent(input, EFFORT);
    modules++;
    checks += examined.checks;
    results += examined.results;
  }
  t.diagnostic(`${modules} modules, ${checks} checks, ${results} results of stress tests`);
  assert.ok(modules > 80 && results > 400, `${modules} modules, ${results} results`);
});

describe('parallel calls', () => {
  for (const name of ['broken-lock', 'counter-global', 'threads-atomics', 'mixed-atomics'])
    test(name, async () => {
      const { bytes } = (await inputOf(join(FIXTURES, `${name}.wat`))) ?? assert.fail('it compiles');
      const module = decodeModule(bytes);
      const analysis = analyse(module, { host: 'wazero', model: 'auto' });
      const [{ scenario }] = planOf(module, analysis, {
        host: 'wazero',
        model: 'auto',
        seconds: 0.5,
        limit: 1,
      }).scenarios;
      const answer = await hammerInThreads({ bytes, name, scenario }, { workerPath: WORKER });
      assert.ok('result' in answer, JSON.stringify(answer));
      assert.deepEqual(contradictionsInHammerText(answer.result), []);
    });
});

describe('real modules', () => {
  const chosen = chooseModules((name) => SMALL.includes(name));
  const isSkipped = fetched(chosen);
  for (const { name, path } of chosen)
    test(name, async (t) => {
      if (isSkipped(t)) return;
      const bytes = new Uint8Array(readFileSync(path));
      const { results } = await consistent({ name, bytes, scenarios: [] }, { scenarios: 1, schedules: 50, seconds: 1 });
      assert.ok(results > 0);
    });
});
