/** Modules that Binaryen's Asyncify pass has instrumented, with the names of its exports and with minified ones. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import binaryen from 'binaryen';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';

const SOURCE = `(module (import "env" "sleep" (func $sleep (param i32)))
  (memory (export "memory") 1) (global $n (mut i32) (i32.const 0)) (global $at (mut i32) (i32.const 0))
  (func (export "slow") (result i32) (local $old i32) (local.set $old (global.get $n)) (call $sleep (i32.const 1))
    (global.set $n (i32.add (local.get $old) (i32.const 1))) (global.get $n))
  (func (export "late") (result i32) (call $sleep (i32.const 1)) (i32.const 3))
  (func (export "fast") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "seek") (param i32) (global.set $n (i32.load (global.get $at))) (global.set $at (local.get 0)))
  (func (export "pure") (result i32) (i32.const 1)))`;

/** What a build with Asyncify leaves; minified: its exports have letters for names, and none reads the state. */
async function asyncified(minified: boolean, optimised: boolean): Promise<Uint8Array> {
  const module = binaryen.readBinary(await parse(SOURCE));
  module.runPasses(['asyncify']);
  if (optimised) module.optimize();
  if (minified) {
    const names = ['start_unwind', 'stop_unwind', 'start_rewind', 'stop_rewind'].map((name) => `asyncify_${name}`);
    for (const [i, name] of names.entries()) {
      const { value } = binaryen.getExportInfo(module.getExport(name));
      module.removeExport(name);
      module.addFunctionExport(value, `t${i}`);
    }
    module.removeExport('asyncify_get_state');
  }
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

describe('Asyncify is recognised', () => {
  for (const minified of [false, true])
    for (const optimised of [false, true])
      test(`${minified ? 'minified' : 'by name'}${optimised ? ', optimised' : ''}`, async () => {
        const module = decodeModule(await asyncified(minified, optimised));
        const { model, sharing, exports } = analyse(module, { host: 'javascript', model: 'auto' });
        assert.equal(model, 'cooperative');
        assert.equal(sharing.asyncify, true);
        // Added behind the two globals of the source.
        assert.equal(sharing.asyncifyState, 2);
        const added = exports.filter(({ func }) => sharing.asyncifyFunctions.includes(func)).map(({ name }) => name);
        assert.ok(added.every((name) => /^(asyncify_|t\d)/.test(name)) && added.length >= 4, added.join());
      });

  test('and nothing else is taken for it', async () => {
    const { model, sharing } = analyse(decodeModule(await parse(SOURCE)), { host: 'javascript', model: 'auto' });
    assert.deepEqual([model, sharing.asyncify, sharing.asyncifyFunctions], ['isolated', false, []]);
  });
});
