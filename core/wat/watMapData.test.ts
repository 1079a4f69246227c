/** Line ends in texts of every form, and that a text may be one line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeModule } from '../wasm/decode.ts';
import { compile } from './compile.ts';
import { readWat } from './read.ts';
import { mapData, type WatMapData } from './watMapData.ts';

async function mapOf(text: string): Promise<{ map: WatMapData; milliseconds: number }> {
  const compiled = await compile(text);
  assert.ok('bytes' in compiled);
  const wat = readWat(text);
  const module = decodeModule(compiled.bytes);
  const started = process.threadCpuUsage();
  const map = mapData(wat, wat.modules[0], module);
  const { user, system } = process.threadCpuUsage(started);
  return { map, milliseconds: (user + system) / 1000 };
}

const FIELDS = ['(type (func))', '(memory 1)', '(global i32 (i32.const 1))', '(table 1 funcref)', '(tag)', '(func)'];

for (const [name, lineEnd] of Object.entries({ 'one line': ' ', lines: '\n', 'Windows lines': '\r\n' })) {
  test(`marks end at the end of their line: ${name}`, async () => {
    const text = ['(module', ...FIELDS, ...FIELDS, ')'].join(lineEnd);
    const { marks, module } = (await mapOf(text)).map;
    const marked = (spans: Uint32Array): string[] =>
      Array.from({ length: spans.length / 2 }, (_, i) => text.slice(spans[2 * i], spans[2 * i + 1]));
    assert.deepEqual(marked(marks.type).slice(0, 2), ['(type (func))', '(type (func))']);
    assert.deepEqual(new Set(marked(marks.function)), new Set(['(func']));
    assert.equal(text.slice(module[2], module[3]), '(module');
    for (const mark of Object.values(marks).flatMap(marked)) assert.doesNotMatch(mark, /[\r\n]/);
  });
}

test('an item over several lines is marked on its first', async () => {
  const text = '(module (type\n(func))(import "a"\r\n"b" (func)) (type (func (param i32)\n)))';
  const { marks } = (await mapOf(text)).map;
  const first = (spans: Uint32Array, i = 0): string => text.slice(spans[2 * i], spans[2 * i + 1]);
  assert.deepEqual([first(marks.type), first(marks.type, 1)], ['(type', '(type (func (param i32)']);
  assert.equal(first(marks.import), '(import "a"');
});

test('a text of megabytes on one line takes as long as one of many lines', async () => {
  const globals = Array.from({ length: 150_000 }, (_, i) => `(global $g${i} (mut i32) (i32.const ${i}))`);
  const { map, milliseconds } = await mapOf(`(module ${globals.join(' ')})`);
  assert.equal(map.marks.global.length, 300_000);
  // 30 ms where the end of the text is looked for once, several seconds where it is for each of them.
  assert.ok(milliseconds < 1500, `took ${Math.round(milliseconds)} ms`);
});
