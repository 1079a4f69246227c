/** Unsafe hammer tests of all modules with verdicts of real runs: where calls race there, a test fails, and nowhere else. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WAZERO_SCENARIOS, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { wrap } from '../testing/generate.ts';
import { goMissing, goModule, goTest, outputByPackage, raceFlags } from './testing/goModule.ts';

/** Its calls take an index of a table; the guessed one is out of bounds. */
const NEEDS_ARGUMENTS = ['c19_table_set.wat'];

/** Their scenarios, all safe, leave out the exports that race, or calls of one export that store at one address. */
const RACES_ELSEWHERE = ['c55_shared_grow.wat', 'c63_grow_zero.wat'];

describe('unsafe hammer tests for Go', { skip: goMissing() }, () => {
  it('find the races of real runs, and none where all is safe', async () => {
    const folder = goModule();
    const race = raceFlags();
    const modules = [...new Set(WAZERO_SCENARIOS.map(({ module }) => module))];
    const nameOf = (module: string): string => module.replace('.wat', '').replaceAll('_', '');
    for (const module of modules) {
      const name = nameOf(module);
      const file = `${name}.wasm`;
      const bytes = await wazeroModule(module);
      mkdirSync(join(folder, name));
      const { fileName, text } = wrap({ file, bytes }, 'wazero', 'test', { packageName: name });
      writeFileSync(join(folder, name, fileName), text);
      writeFileSync(join(folder, name, file), bytes);
    }
    const { text } = goTest(folder, [...race, '-v', '-run', 'TestHammerShared', './...'], {
      WASM_HAZARDS_UNSAFE: '1',
    });
    const outputs = outputByPackage(text);
    const wrong: string[] = [];
    for (const module of modules) {
      const scenarios = WAZERO_SCENARIOS.filter((one) => one.module === module);
      const output = outputs.get(nameOf(module)) ?? '';
      if (output === '') wrong.push(`${module}: no output`);
      const fails = /--- FAIL: TestHammerShared\//.test(output);
      const isSafe = scenarios.every(({ verdict }) => verdict === 'safe') && !RACES_ELSEWHERE.includes(module);
      if (fails && isSafe) wrong.push(`${module} is safe:\n${output}`);
      if (race.length === 0 || fails || NEEDS_ARGUMENTS.includes(module)) continue;
      if (scenarios.some(({ dataRace }) => dataRace)) wrong.push(`${module} races:\n${output}`);
    }
    assert.equal(wrong.join('\n'), '');
  });
});
