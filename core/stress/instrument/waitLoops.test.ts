import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../../wasm/decode.ts';
import { WaitLoops } from './waitLoops.ts';

/** Whether any instruction of function `func` stands in a loop that only waits. */
async function waitsIn(source: string, func: number): Promise<boolean> {
  const module = decodeModule(await parse(source));
  const loops = new WaitLoops(module);
  const offsets = Array.from({ length: module.bytes.length }, (_, offset) => offset);
  return offsets.some((offset) => loops.onlyWaits(func, offset));
}

const counting = (count: string): string => `(module (memory 1 1 shared)
  (func $count (result i32) ${count})
  (func (loop $l (drop (i32.atomic.load (i32.const 0))) (br_if $l (i32.lt_u (call $count) (i32.const 1000))))))`;

test('a read-modify-write elsewhere in the loop may count', async () => {
  assert.equal(await waitsIn(counting('(i32.atomic.load (i32.const 256))'), 1), true);
  assert.equal(await waitsIn(counting('(i32.atomic.rmw.add (i32.const 256) (i32.const 1))'), 1), false);
});
