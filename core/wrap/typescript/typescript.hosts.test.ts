/** TypeScript wrappers with real worker threads: every module of the tests, and those whose races are known. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { WAZERO_SCENARIOS, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { testModules } from '../testing/modules.ts';
import { temporary } from '../testing/tools.ts';
import { hammered, lend } from './testing/workerRuns.ts';

/** The calls of its imported functions give nothing, where its exports expect numbers; calls fail, as they should. */
const modules = await testModules();

describe('TypeScript wrappers in worker threads', () => {
  it('lend an instance of every module that has all of its imports', async () => {
    const folder = temporary();
    for (const module of modules) {
      // It imports functions with references, which its user has to give.
      if (module.file === 'wasi.wasm' || module.file.startsWith('wasm-tools')) continue;
      await lend(module, folder);
    }
  });

  it('hammer every module: nothing goes wrong on instances of their own or under a lock', () => {
    const folder = temporary();
    const runs = modules.flatMap((module) => hammered(module, folder) ?? []);
    assert.ok(runs.filter(({ passed }) => passed > 0).length >= 20, 'modules of which calls returned');
  });

  it('hammer modules whose races are known', async () => {
    const folder = temporary();
    for (const path of new Set(WAZERO_SCENARIOS.map(({ module }) => module))) {
      const run = hammered({ file: `${basename(path, '.wat')}.wasm`, bytes: await wazeroModule(path) }, folder);
      assert.ok(run !== undefined && run.passed > 0, path);
    }
  });
});
