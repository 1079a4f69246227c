/** Modules of the Go compiler, built here. Skipped where no Go with `go:wasmexport` (1.24) is installed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { decodeModule } from '../../wasm/decode.ts';
import { analyse } from '../analyse.ts';
import { type ModuleVerdict, moduleVerdict, moduleVerdictText } from './moduleVerdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-go-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Why there is no such Go; undefined where there is one. */
function missing(): string | undefined {
  try {
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(execFileSync('go', ['version'], { encoding: 'utf8' })) ?? [];
    return Number(major) * 1000 + Number(minor) >= 1024 ? undefined : 'Go is older than 1.24';
  } catch {
    return 'go is not on the PATH';
  }
}

const why = missing();

/** Builds a program and returns its verdict on wazero; undefined if the test is skipped. */
function verdictOf(t: TestContext, source: string, options: readonly string[] = []): ModuleVerdict | undefined {
  if (why !== undefined) {
    t.skip(`modules of Go: ${why}`);
    return undefined;
  }
  writeFileSync(join(folder, 'go.mod'), 'module sample\n\ngo 1.24\n');
  writeFileSync(join(folder, 'main.go'), source);
  const out = join(folder, 'out.wasm');
  const env = { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm', GOFLAGS: '', GOTOOLCHAIN: 'local' };
  execFileSync('go', ['build', ...options, '-ldflags=-s -w', '-o', out, '.'], { cwd: folder, env });
  const module = decodeModule(new Uint8Array(readFileSync(out)));
  return moduleVerdict(module, analyse(module, { host: 'wazero', model: 'auto' }));
}

const REACTOR = `package main

var current int64

//go:wasmexport put
func put(v int64) { current = v }

//go:wasmexport get
func get() int64 { return current }

func main() {}
`;

describe('modules of Go', () => {
  test('a command is a program', (t) => {
    const verdict = verdictOf(t, 'package main\n\nfunc main() { println("hello") }\n');
    if (verdict === undefined) return;
    assert.deepEqual([verdict.status, verdict.remedy.kind], ['program', 'new-instance']);
    assert.match(verdict.state, /one Go runtime/);
  });

  test('a reactor has one runtime, which two calls cannot enter', (t) => {
    const verdict = verdictOf(t, REACTOR, ['-buildmode=c-shared']);
    if (verdict === undefined) return;
    assert.deepEqual([verdict.status, verdict.remedy.kind], ['not-safe', 'own-instance']);
    const text = moduleVerdictText(verdict).join('\n');
    assert.match(text, /^Not safe on one instance: concurrent calls share one Go runtime: its scheduler, its heap/);
    assert.match(text, /a call must end before another thread starts the next one/);
    assert.match(text, /`_initialize` once/);
    // Registers in globals are the runtime, not variables of the program.
    assert.doesNotMatch(text, /mutable global/);
  });
});
