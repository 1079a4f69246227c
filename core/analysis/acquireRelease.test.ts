/** Acquire-release atomics are atomics, and the code behind them is read. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import binaryen from 'binaryen';
import { decodeModule } from '../wasm/decode.ts';
import { disassemble } from '../wasm/printer.ts';
import { analyse } from './analyse.ts';

/** Compiled by Binaryen, which writes the ordering into bit 4 of the alignment. */
function compiled(source: string): Uint8Array {
  const module = binaryen.parseText(source);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

const module = decodeModule(
  compiled(`(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
    (func (export "get") (result i32) (i32.atomic.load acqrel (i32.const 8)))
    (func (export "set") (i32.atomic.store acqrel offset=4 (i32.const 4) (i32.const 1)))
    (func (export "add") (result i32) (i32.atomic.rmw.add acqrel (i32.const 8) (i32.const 1)))
    (func (export "after") (drop (i32.atomic.load acqrel (i32.const 8)))
      (global.set $n (i32.add (global.get $n) (i32.const 1)))))`),
);

describe('acquire-release atomics', () => {
  test('are read without errors, and printed with their ordering', () => {
    assert.deepEqual(module.errors, []);
    const { text } = disassemble(module, { bodyBudget: 1e6, prefer: [], expand: new Set() });
    assert.equal(text.match(/atomic\S* acqrel/g)?.length, 4, text);
    assert.doesNotMatch(text, /unreachable/);
  });

  test('do not conflict with each other, and hide nothing behind them', () => {
    const { exports } = analyse(module, { host: 'wazero', model: 'shared-instance' });
    const conflicts = exports.map(({ name, conflictCount, class: kind }) => [name, kind, conflictCount]);
    assert.deepEqual(conflicts, [
      ['get', 'synchronised', 0],
      ['set', 'synchronised', 0],
      ['add', 'synchronised', 0],
      ['after', 'stateful', 1],
    ]);
  });
});
