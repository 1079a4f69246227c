/** Go wrappers against the real gofmt, vet and race detector, with a stand-in for wazero; no network. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WRAP_KINDS } from '../template.ts';
import { wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { testModule, testModules } from '../testing/modules.ts';
import { missing, ran, temporary } from '../testing/tools.ts';

const TESTING = join(import.meta.dirname, 'testing');
const ENV = { GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local', GONOSUMDB: '*', GOWORK: 'off' };
const NO_GO = missing('the Go of generated wrappers', 'go', 'gofmt');

/** A Go module that finds the stand-in where it would find wazero. */
function goModule(): string {
  const folder = temporary();
  cpSync(join(TESTING, 'wazero'), join(folder, 'wazero'), { recursive: true });
  writeFileSync(
    join(folder, 'go.mod'),
    `module example.com/wrapped

go 1.19

require github.com/tetratelabs/wazero v0.0.0

replace github.com/tetratelabs/wazero => ./wazero
`,
  );
  return folder;
}

describe('Go wrappers', { skip: NO_GO }, () => {
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
    ran('go', ['vet', './...'], { cwd: folder, env: ENV });
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
    ran('go', ['vet', './...'], { cwd: folder, env: ENV });
  });

  for (const kind of ['pool', 'mutex'] as const) {
    it(`work: ${kind}, under the race detector`, async () => {
      const folder = goModule();
      const module = await testModule('counter-memory.wasm');
      const { fileName, text } = wrap(module, 'wazero', kind, { packageName: 'counter' });
      writeFileSync(join(folder, fileName), text);
      cpSync(join(TESTING, 'run', `${kind}_run_test.go`), join(folder, `${kind}_run_test.go`));
      ran('go', ['test', ...race(folder), '.'], { cwd: folder, env: ENV });
    });
  }

  it('work: a pool whose instances import state has a runtime for each of them', async () => {
    const folder = goModule();
    const { fileName, text } = wrap(await testModule('state.wasm'), 'wazero', 'pool', { packageName: 'state' });
    writeFileSync(join(folder, fileName), text);
    cpSync(join(TESTING, 'run', 'imported_state_pool_run_test.go'), join(folder, 'imported_state_pool_run_test.go'));
    ran('go', ['test', ...race(folder), '.'], { cwd: folder, env: ENV });
  });

  it('work: a lock around an instance that imports state, which Reset makes new', async () => {
    const folder = goModule();
    const { fileName, text } = wrap(await testModule('state.wasm'), 'wazero', 'mutex', { packageName: 'state' });
    writeFileSync(join(folder, fileName), text);
    cpSync(join(TESTING, 'run', 'imported_state_mutex_run_test.go'), join(folder, 'imported_state_mutex_run_test.go'));
    ran('go', ['test', ...race(folder), '.'], { cwd: folder, env: ENV });
  });

  it('work: a program runs once in an instance, and its exit code 0 is no error', async () => {
    const folder = goModule();
    const { fileName, text } = wrap(await testModule('command.wasm'), 'wazero', 'pool', { packageName: 'command' });
    writeFileSync(join(folder, fileName), text);
    cpSync(join(TESTING, 'run', 'program_run_test.go'), join(folder, 'program_run_test.go'));
    ran('go', ['test', ...race(folder), '.'], { cwd: folder, env: ENV });
  });

  it('work: the main program of a module with an API runs once in each instance, before its API', async () => {
    const folder = goModule();
    const { fileName, text } = wrap(await testModule('plugin.wasm'), 'wazero', 'pool', { packageName: 'plugin' });
    writeFileSync(join(folder, fileName), text);
    cpSync(join(TESTING, 'run', 'plugin_run_test.go'), join(folder, 'plugin_run_test.go'));
    ran('go', ['test', ...race(folder), '.'], { cwd: folder, env: ENV });
  });

  it('hammer: a race on one instance is found, lock and pool are clean', async () => {
    const folder = goModule();
    const { fileName, text } = wrap(await testModule('counter-memory.wasm'), 'wazero', 'test', {
      packageName: 'counter',
    });
    writeFileSync(join(folder, fileName), text);
    writeFileSync(join(folder, 'counter-memory.wasm'), '');
    writeFileSync(join(folder, 'exports_test.go'), COUNTER_EXPORTS);
    const flags = race(folder);
    ran('go', ['test', ...flags, '-short', '-run', 'TestHammerGuarded|TestHammerInstances', '.'], {
      cwd: folder,
      env: ENV,
    });
    // A module that was built without the export fails the test, and does not hang it.
    writeFileSync(join(folder, 'exports_test.go'), COUNTER_EXPORTS.replace('"increment", ', ''));
    assert.throws(
      () =>
        ran('go', ['test', '-short', '-timeout', '60s', '-run', 'TestHammerGuarded', '.'], { cwd: folder, env: ENV }),
      /nil pointer dereference/,
    );
    writeFileSync(join(folder, 'exports_test.go'), COUNTER_EXPORTS);
    if (flags.length === 0) return;
    assert.throws(
      () => ran('go', ['test', ...flags, '-run', 'TestHammerShared', '.'], { cwd: folder, env: ENV }),
      /DATA RACE/,
    );
  });
});

/** `-race` where it works: it takes a C compiler. */
function race(folder: string): string[] {
  mkdirSync(join(folder, 'race'), { recursive: true });
  writeFileSync(join(folder, 'race', 'race.go'), 'package main\n\nfunc main() {}\n');
  try {
    ran('go', ['build', '-race', '-o', join(folder, 'race', 'race'), './race'], { cwd: folder, env: ENV });
    return ['-race'];
  } catch (error) {
    console.log(`NOT CHECKED: races of Go wrappers, because go build -race fails here: ${(error as Error).message}`);
    return [];
  }
}

const COUNTER_EXPORTS = `package counter

import (
	"context"

	"github.com/tetratelabs/wazero"
)

func init() {
	wazero.Exports = map[string]func(context.Context, *wazero.State, []uint64) ([]uint64, error){}
	for _, name := range []string{"increment", "count", "reset", "add"} {
		wazero.Exports[name] = func(_ context.Context, s *wazero.State, _ []uint64) ([]uint64, error) {
			s.Count++
			return []uint64{uint64(s.Count)}, nil
		}
	}
}
`;

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
