/** If the reader and the binary disagree, instructions are mapped to the whole function. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceLineStarts } from '../text/lines.ts';
import { decodeModule } from '../wasm/decode.ts';
import { compile } from './compile.ts';
import { readWat } from './read.ts';
import { mapData } from './watMapData.ts';
import { watSourceMap } from './watSourceMap.ts';

const TEXT = `(module
  (func $a (export "a") nop)
  (func $b (drop (i32.const 1)) nop)
  (func $c (result i32)
    (i32.add
      (i32.const 1)
      (i32.const 2))))`;

async function mapped(change: (wat: ReturnType<typeof readWat>) => void) {
  const compiled = await compile(TEXT);
  assert.ok('bytes' in compiled);
  const module = decodeModule(compiled.bytes);
  const wat = readWat(TEXT);
  change(wat);
  const data = mapData(wat, wat.modules[0], module);
  const lineStarts = sourceLineStarts(TEXT);
  const map = watSourceMap(data, wat, module, lineStarts);
  const textAt = (offset: number): string => {
    const range = map.rangeOf(offset);
    assert.ok(range);
    return TEXT.slice(
      lineStarts[range.start.line] + range.start.character,
      lineStarts[range.end.line] + range.end.character,
    );
  };
  /** Text that is marked for each byte of the body of defined function `d`. */
  const marks = (d: number): string[] => {
    const { bodyStart, bodyEnd } = module.functions;
    const found: string[] = [];
    for (let at = bodyStart[d]; at < bodyEnd[d]; at++) if (found.at(-1) !== textAt(at)) found.push(textAt(at));
    return found;
  };
  return { data, map, marks, module };
}

test('every byte of a body marks its instruction', async () => {
  const { data, marks } = await mapped(() => {});
  assert.deepEqual(data.mismatches, []);
  assert.deepEqual(marks(0), ['(func $a', 'nop', ')']);
  assert.deepEqual(marks(1), ['(func $b', 'i32.const 1', 'drop', 'nop', ')']);
  assert.deepEqual(marks(2), ['(func $c', 'i32.const 1', 'i32.const 2', 'i32.add', ')']);
});

test('another number of instructions, other instructions, a broken function', async () => {
  const changes: [RegExp, (wat: ReturnType<typeof readWat>) => void][] = [
    [/4 instructions in the binary, 3 in the text/, (wat) => wat.modules[0].funcs[1].length--],
    [/instruction 0 differs/, (wat) => wat.instructions.op[wat.modules[0].funcs[1].first]++],
    [/reader could not parse it/, (wat) => (wat.modules[0].funcs[1].broken = true)],
  ];
  for (const [why, change] of changes) {
    const { data, marks, map, module } = await mapped(change);
    assert.equal(data.mismatches.length, 1);
    assert.equal(data.mismatches[0].func, 1);
    assert.match(data.mismatches[0].why, why);
    assert.deepEqual(marks(0), ['(func $a', 'nop', ')'], 'the others are as they were');
    assert.deepEqual(marks(1), ['(func $b']);
    assert.deepEqual(marks(2), ['(func $c', 'i32.const 1', 'i32.const 2', 'i32.add', ')']);
    assert.equal(map.offsetAt(2, 19), module.functions.entry[1]);
    assert.deepEqual(
      [...map.instructionsIn(0, 10)].filter(({ func }) => func === 1),
      [],
    );
  }
});

test('a function that the text does not have', async () => {
  const { data, marks } = await mapped((wat) => wat.modules[0].funcs.pop());
  assert.match(data.mismatches[0].why, /text does not have this function/);
  assert.deepEqual(marks(2), ['(module']);
});
