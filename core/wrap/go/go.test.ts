/** Go wrappers on the real wazero: gofmt, vet, and runs under the race detector. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WRAP_KINDS } from '../template.ts';
import { wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { testModule, testModules } from '../testing/modules.ts';
import { ran } from '../testing/tools.ts';
import { GO_ENV, goMissing, goModule, raceFlags } from './testing/goModule.ts';
import { writePackages } from './testing/runTests.ts';

describe('Go wrappers', { skip: goMissing() }, () => {
  it('are formatted as gofmt does and pass vet, whatever the module', async () => {
    const folder = goModule();
    for (const module of await testModules()) {
      for (const kind of WRAP_KINDS) {
        if (module.file === 'command.wasm' && kind === 'test') continue;
        const { fileName, text } = wrap(module, 'wazero', kind);
        const package_ = join(folder, module.file.replace(/\W/g, ''), kind);
        mkdirSync(package_, { recursive: true });
        writeFileSync(join(package_, fileName), text);
      }
    }
    assert.equal(ran('gofmt', ['-l', '-d', '-s', '.'], { cwd: folder }), '');
    ran('go', ['vet', './...'], { cwd: folder, env: GO_ENV });
  });

  it('stand beside each other: a test in the package of a pool or of a lock', async () => {
    const folder = goModule();
    for (const kind of ['pool', 'mutex'] as const) {
      for (const file of ['wasi.wasm', 'state.wasm', 'bump-allocator.wasm']) {
        const module = await testModule(file);
        const package_ = join(folder, file.replace(/\W/g, ''), kind);
        mkdirSync(package_, { recursive: true });
        for (const one of [wrap(module, 'wazero', kind), wrap(module, 'wazero', 'test')])
          writeFileSync(join(package_, one.fileName), one.text);
      }
    }
    ran('go', ['vet', './...'], { cwd: folder, env: GO_ENV });
  });

  it('fit into one package, each with a type name', async () => {
    const folder = goModule();
    for (const [file, kind, typeName] of [
      ['wasi.wasm', 'pool', 'Codec'],
      ['wasi.wasm', 'test', 'Codec'],
      ['state.wasm', 'test', 'State'],
      ['state.wasm', 'mutex', 'State'],
      ['threads.wasm', 'pool', 'Threads'],
      ['hostile.wasm', 'mutex', 'X'],
    ] as const) {
      const { fileName, text } = wrap(await testModule(file), 'wazero', kind, { packageName: 'all', typeName });
      writeFileSync(join(folder, fileName), text);
    }
    assert.equal(ran('gofmt', ['-l', '-d', '-s', '.'], { cwd: folder }), '');
    ran('go', ['vet', './...'], { cwd: folder, env: GO_ENV });
  });

  it('work on wazero, under the race detector', async () => {
    const folder = goModule();
    await writePackages(folder);
    ran('go', ['test', '-short', ...raceFlags(), './...'], { cwd: folder, env: GO_ENV });
  });
});

it('Go wrappers: every export of a module with hostile names has its own method', async () => {
  const { text } = wrap(await testModule('hostile.wasm'), 'wazero', 'pool');
  const methods = [...text.matchAll(/^func \(i \*Instance\) ([A-Z]\w*)\(ctx /gm)].map(([, name]) => name);
  assert.equal(methods.length, HOSTILE_NAMES.length);
  assert.equal(new Set(methods).size, methods.length);
});

it('Go wrappers give WASI a real clock and real randomness, and their tests the same each time', async () => {
  const module = await testModule('wasi.wasm');
  for (const kind of ['pool', 'mutex'] as const)
    assert.match(wrap(module, 'wazero', kind).text, /WithSysWalltime\(\)\..*WithRandSource\(rand\.Reader\)/);
  assert.doesNotMatch(wrap(module, 'wazero', 'test').text, /WithRandSource/);
  assert.doesNotMatch(wrap(await testModule('pure.wasm'), 'wazero', 'pool').text, /WithRandSource/);
});
