/** Generated hammer tests for Go on the real wazero: what they say of modules whose hazards are known. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { wrap } from '../testing/generate.ts';
import { testModule } from '../testing/modules.ts';
import { goMissing, goModule, goTest, outputByPackage, raceFlags } from './testing/goModule.ts';

/** Callers that wait until they are alone: one returns, two wait for each other forever. */
const GATE = `(module (memory (export "memory") 1)
  (func (export "enter")
    (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
    (loop $more
      (br_if $more (i32.lt_u (i32.load (i32.const 68)) (i32.const 20000))
        (i32.store (i32.const 68) (i32.add (i32.load (i32.const 68)) (i32.const 1)))))
    (i32.store (i32.const 68) (i32.const 0))
    (loop $wait (br_if $wait (i32.ne (i32.load (i32.const 64)) (i32.const 1))))
    (i32.store (i32.const 64) (i32.const 0))))`;

/** Calls that never return, and calls that only trap. */
const USELESS = `(module (memory (export "memory") 1)
  (func (export "forever") (i32.store (i32.const 64) (i32.const 1)) (loop $again (br $again)))
  (func (export "trap") (i32.store (i32.const 128) (i32.const 1)) (unreachable)))`;

/** An atomic load and an atomic store with other work between them: no data race, and lost updates in most rounds. */
const SPLIT = `(module (memory (export "memory") 1 1 shared)
  (func (export "inc") (result i32) (local $old i32) (local $n i32)
    (local.set $old (i32.atomic.load (i32.const 64)))
    (loop $work
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $work (i32.lt_u (local.get $n) (i32.const 1000))))
    (i32.atomic.store (i32.const 64) (i32.add (local.get $old) (i32.const 1)))
    (i32.add (local.get $old) (i32.const 1))))`;

const NEEDS_HOST = `(module (import "env" "now" (func $now (result i32)))
  (global $last (mut i32) (i32.const 0))
  (func (export "tick") (global.set $last (call $now))))`;

/** Packages, each with a hammer test of a module. */
const CASES: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  tally: async () => (await testModule('tally.wasm')).bytes,
  memo: () => wazeroModule('c41_memo.wat'),
  atomics: () => parse(SPLIT),
  disjoint: () => wazeroModule('c01_add.wat'),
  gate: () => parse(GATE),
  useless: () => parse(USELESS),
  host: () => parse(NEEDS_HOST),
  crash: async () => (await testModule('tally.wasm')).bytes,
};

/** Ends a child process as a store into the heap of the host can. */
const CRASH = `package crash

import "os"

func init() {
	if os.Getenv("WASM_HAZARDS_PAIR") != "" {
		os.Exit(3)
	}
}
`;

describe('hammer tests for Go', { skip: goMissing() }, () => {
  const folder = goModule();
  const race = raceFlags();
  before(async () => {
    for (const [name, bytes] of Object.entries(CASES)) {
      const module = { file: `${name}.wasm`, bytes: await bytes() };
      mkdirSync(join(folder, name));
      const { fileName, text } = wrap(module, 'wazero', 'test', { packageName: name });
      writeFileSync(join(folder, name, fileName), text);
      writeFileSync(join(folder, name, module.file), module.bytes);
    }
    writeFileSync(join(folder, 'crash', 'crash_test.go'), CRASH);
  });

  it('pass with all modules unless something unsafe is asked for', () => {
    const { passed, text } = goTest(folder, [...race, '-v', './...']);
    assert.ok(passed, [...(text.match(/^ *--- FAIL.*$/gm) ?? []), text].join('\n'));
    assert.match(text, /set WASM_HAZARDS_UNSAFE=1 to run it/);
    assert.match(text, /--- PASS: TestHammerGuarded\/increment_with_itself/);
    assert.match(text, /--- PASS: TestHammerInstances\/increment_with_itself/);
    // A pair that shows nothing does not pass.
    for (const name of ['TestHammerGuarded', 'TestHammerInstances']) {
      assert.match(text, new RegExp(`--- SKIP: ${name}/trap_with_itself`));
      assert.match(text, new RegExp(`--- SKIP: ${name}/forever_with_itself`));
    }
    assert.match(text, /forever does not return within 3s, not even when it runs alone/);
    assert.match(text, /no call of trap returns, each ends with "error wasm error: unreachable"/);
    assert.match(text, /tick needs a function of its host: .*env\.now is not implemented/);
  });

  it('report what happens to calls on one instance', () => {
    const { passed, text } = goTest(folder, [...race, '-v', '-run', 'TestHammerShared', './...'], {
      WASM_HAZARDS_UNSAFE: '1',
    });
    assert.ok(!passed);
    const outputs = outputByPackage(text);
    const output = (name: string): string => outputs.get(name) ?? '';
    if (race.length > 0) {
      assert.match(output('tally'), /\d+ data races, /);
      // A memo races until it is filled.
      assert.match(output('memo'), /--- FAIL: TestHammerShared\/square1_with_itself/);
    }
    assert.match(output('tally'), /--- FAIL: TestHammerShared\/increment_with_itself/);
    // Atomic accesses race with nothing, and the outcome is wrong.
    assert.match(output('atomics'), /is the outcome of no serial order|outcome \d+ in ascending order is/);
    assert.doesNotMatch(output('atomics'), /DATA RACE/);
    assert.match(output('atomics'), /--- FAIL: TestHammerShared\/inc_with_itself/);
    assert.match(output('disjoint'), /--- PASS: TestHammerShared\/add_with_itself/);
    assert.match(output('gate'), /hang: enter returns within 3s when it runs alone, but not here/);
    assert.match(output('useless'), /--- SKIP: TestHammerShared\/trap_with_itself/);
    assert.match(output('crash'), /crash: exit status 3/);
  });

  it('fail for a module without the export, and do not hang', async () => {
    writeFileSync(join(folder, 'tally', 'tally.wasm'), (await testModule('pure.wasm')).bytes);
    const { passed, text } = goTest(folder, ['-run', 'Guarded', './tally']);
    assert.ok(!passed);
    assert.match(text, /the module exports no function "increment": generate this test again/);
  });

  it('claim nothing about the outcomes of atomic accesses', async () => {
    const file = 'c48.wasm';
    const { text } = wrap({ file, bytes: await wazeroModule('c48_atomic_split_inc.wat') }, 'wazero', 'test');
    const comment = text.replaceAll('\n// ', ' ').replaceAll('\n//\n', '\n');
    assert.match(comment, /no data race is expected/);
    assert.match(comment, /the outcome of a call can be wrong without a data race/);
    assert.doesNotMatch(text, /all three tests/);
  });
});
