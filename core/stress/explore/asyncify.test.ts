/** Calls of a module that Binaryen's Asyncify pass has instrumented: one of them at a time may be unwound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import binaryen from 'binaryen';
import { adviceOf } from '../../advice/adviceOf.ts';
import { runScenario } from '../testing/run.ts';

const SOURCE = `(module (import "env" "sleep" (func $sleep (param i32)))
  (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
  (func (export "slow") (result i32) (local $old i32) (local.set $old (global.get $n)) (call $sleep (i32.const 1))
    (global.set $n (i32.add (local.get $old) (i32.const 1))) (global.get $n))
  (func (export "late") (result i32) (call $sleep (i32.const 1)) (i32.const 3))
  (func (export "fast") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "pure") (result i32) (i32.const 1)))`;

async function bytes(): Promise<Uint8Array> {
  const module = binaryen.readBinary(await parse(SOURCE));
  module.runPasses(['asyncify']);
  return module.emitBinary();
}

const CASES: [a: string, b: string, verdict: string][] = [
  ['slow', 'slow', 'non-atomic'],
  ['slow', 'fast', 'non-atomic'],
  // Both are instrumented: the second one would unwind or run while the first one is unwound.
  ['late', 'late', 'inconclusive'],
  // Code that never unwinds may run meanwhile.
  ['late', 'pure', 'safe'],
  ['late', 'fast', 'safe'],
  ['fast', 'fast', 'safe'],
];

for (const [a, b, verdict] of CASES)
  test(`${a} || ${b}`, async () => {
    const answer = await runScenario(await bytes(), { host: 'javascript', model: 'auto', callers: [[[a]], [[b]]] });
    assert.ok('result' in answer);
    const { result, module, analysis } = answer;
    assert.deepEqual([result.model, result.verdict], ['cooperative', verdict]);
    if (verdict === 'inconclusive') assert.match(result.notes.join('\n'), /one unwound call at a time/);
    for (const { exports } of adviceOf(module, analysis, [result]))
      assert.ok(
        exports.every((name) => !name.startsWith('asyncify_')),
        exports.join(),
      );
  });
