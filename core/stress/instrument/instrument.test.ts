/**
 * Instrumented code behaves like the original: every memory instruction of the table, with both widths of addresses
 * and on a second memory, whole and in parts; tables, globals, segments and exceptions.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { Cursor } from '../../wasm/cursor.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, OP_COUNT, SIGNATURE, WIDTH } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import type { Call } from '../scenario/steps.ts';
import { plainInstance } from '../testing/plainInstance.ts';
import { explored } from '../testing/run.ts';
import { instrument } from './instrument.ts';

const HINTS = 'metadata.code.branch_hint';

/** Loads, stores and atomics that do not wait. */
const IDS = Array.from({ length: OP_COUNT }, (_, id) => id).filter(
  (id) => MNEMONIC[id] !== undefined && ACCESS[id] >= Access.Load && ACCESS[id] <= Access.AtomicRmw,
);

const OPERANDS: Readonly<Record<string, string>> = {
  i: '(i32.const 305419896)',
  l: '(i64.const 81985529216486895)',
  f: '(f32.const 1.5)',
  d: '(f64.const -2.25)',
  v: '(v128.const i64x2 81985529216486895 -2)',
};
const RESULTS: Readonly<Record<string, string>> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'i64 i64' };

/** A module with one export for each instruction, and one that shows what is in memory. */
function source(address: 'i32' | 'i64', memory: 0 | 1): string {
  const functions = IDS.map((id) => {
    const [operands, results] = SIGNATURE[id].split('>');
    const lane = IMM[id] === Imm.MemargLane ? ' 1' : '';
    const index = memory === 0 ? '' : ` ${memory}`;
    const code = `${MNEMONIC[id]}${index} offset=${2 * WIDTH[id]}${lane}`;
    const values = [...operands].slice(1).map((letter) => OPERANDS[letter]);
    const tail =
      results === 'v'
        ? '(local.set $v) (i64x2.extract_lane 0 (local.get $v)) (i64x2.extract_lane 1 (local.get $v))'
        : '';
    const type = results === '' ? '' : `(result ${RESULTS[results]})`;
    return `(func (export "${id}") (param $a ${address}) ${type} (local $v v128) (local.get $a) ${values.join(' ')} ${code} ${tail})`;
  });
  const limits = address === 'i64' ? 'i64 1' : '1';
  const index = memory === 0 ? '' : `${memory} `;
  return `(module ${memory === 1 ? '(memory 1)' : ''} (memory ${limits})
    (data ${memory === 1 ? '(memory 1)' : ''} (${address}.const 0) "\\01\\82\\03\\84\\05\\86\\07\\88\\09\\8a\\0b\\8c\\0d\\8e\\0f\\90\\11\\92\\13\\94\\15\\96\\17\\98\\19\\9a\\1b\\9c\\1d\\9e\\1f\\a0")
    (func (export "peek") (param $a ${address}) (result i64) (i64.load ${index}(local.get $a)))
    ${functions.join('\n')})`;
}

test('hints stand before the code and are about branches', async () => {
  const module = decodeModule(await parse(source('i32', 0)));
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const { bytes } = instrument(module, analysis, { functions: module.exports.map(({ index }) => index) });
  const made = decodeModule(bytes);
  assert.deepEqual(made.errors, []);
  const section = made.sections.find(({ name }) => name === HINTS);
  assert.ok(section !== undefined && section.offset < made.functions.bodyStart[0]);
  const c = new Cursor(bytes, section.start, section.end);
  let [count, before] = [0, -1];
  for (let functions = c.u32(); functions > 0; functions--) {
    const func = c.u32();
    assert.ok(func > before);
    before = func;
    for (let hints = c.u32(); hints > 0; hints--) {
      const offset = c.u32();
      assert.deepEqual([c.u32(), c.u8()], [1, 0]);
      const at = made.functions.bodyStart[func - made.functions.imported] + offset;
      assert.ok(bytes[at] === Op.if || bytes[at] === Op.br_if, `function ${func} at ${offset}`);
      count++;
    }
  }
  assert.ok(count > IDS.length);
  assert.ok(c.atEnd());
});

describe('every memory instruction', () => {
  for (const address of ['i32', 'i64'] as const) {
    for (const memory of [0, 1] as const) {
      test(`${address} addresses, memory ${memory}`, async () => {
        const bytes = await parse(source(address, memory));
        const plain = plainInstance(decodeModule(bytes));
        // Aligned, within one line and across two, misaligned, out of bounds.
        const at = [0, 48, 128, 3, 61, 65535];
        const calls: Call[] = IDS.flatMap((id) =>
          at.flatMap((a): Call[] => [
            [String(id), a],
            ['peek', Math.min(a + 2 * WIDTH[id], 65000)],
          ]),
        );
        const expected = calls.map((call) => plain.call(call));
        assert.ok(
          expected.some((result) => result.startsWith('trap')) && expected.some((result) => !result.startsWith('trap')),
        );
        // The peeks make what is in memory a part of the results.
        const whole = await explored(bytes, { callers: [calls] });
        assert.deepEqual(whole.outcomes.examples[0].results[0].map(kind), expected.map(kind));
      });
    }
  }

  test('in parts', async () => {
    const bytes = await parse(source('i32', 0));
    const plain = plainInstance(decodeModule(bytes));
    const calls: Call[] = IDS.filter((id) => ACCESS[id] <= Access.Store).flatMap((id): Call[] => [
      [String(id), 3],
      ['peek', 3 + 2 * WIDTH[id]],
    ]);
    const expected = calls.map((call) => plain.call(call));
    const { traced } = await explored(bytes, { callers: [calls] }, { schedule: 'A100000' });
    assert.deepEqual(traced?.results, [expected]);
  });
});

test('tables, globals, segments, exceptions, references: valid, and the same results', async () => {
  const bytes = await parse(`(module
    (type $f (func (result i32))) (memory 1) (table $t 4 8 funcref) (elem (i32.const 0) $one $two) (elem $p func $two $one)
    (data $d "\\05\\06\\07\\08") (global $v (mut v128) (v128.const i64x2 1 2)) (global $r (mut funcref) (ref.func $one)) (tag $e (param i32))
    (func $one (type $f) i32.const 1) (func $two (type $f) i32.const 2)
    (func (export "call") (param i32) (result i32) (call_indirect $t (type $f) (local.get 0)))
    (func (export "swap") (table.set $t (i32.const 0) (table.get $t (i32.const 1))))
    (func (export "grow") (result i32) (table.grow $t (ref.func $two) (i32.const 2)))
    (func (export "size") (result i32) (table.size $t))
    (func (export "init") (table.init $t $p (i32.const 2) (i32.const 0) (i32.const 2)))
    (func (export "copy") (table.copy $t $t (i32.const 0) (i32.const 2) (i32.const 2)))
    (func (export "fill") (table.fill $t (i32.const 1) (ref.func $one) (i32.const 1)))
    (func (export "drop") (elem.drop $p) (data.drop $d))
    (func (export "data") (result i32) (memory.init $d (i32.const 8) (i32.const 0) (i32.const 4)) (i32.load (i32.const 8)))
    (func (export "vector") (result i64) (global.set $v (i64x2.add (global.get $v) (v128.const i64x2 3 4))) (i64x2.extract_lane 1 (global.get $v)))
    (func (export "catch") (param i32) (result i32) (block $h (result i32) (try_table (catch $e $h) (throw $e (i32.add (local.get 0) (memory.grow (i32.const 1))))) (i32.const -1)))
    (func (export "bulk") (result i64) (memory.fill (i32.const 100) (i32.const 7) (i32.const 40)) (memory.copy (i32.const 104) (i32.const 100) (i32.const 40)) (i64.load (i32.const 136)))
    (func (export "tail") (param i32) (result i32) (return_call_indirect $t (type $f) (local.get 0))))`);
  const calls: Call[] = [
    ['call', 0],
    ['call', 1],
    ['call', 3],
    ['swap'],
    ['call', 0],
    ['grow'],
    ['size'],
    ['call', 5],
    ['grow'],
    ['grow'],
    ['size'],
    ['init'],
    ['call', 2],
    ['copy'],
    ['call', 0],
    ['call', 1],
    ['fill'],
    ['call', 1],
    ['data'],
    ['drop'],
    ['data'],
    ['init'],
    ['vector'],
    ['vector'],
    ['catch', 41],
    ['bulk'],
    ['tail', 1],
    ['call', 9],
  ];
  const plain = plainInstance(decodeModule(bytes));
  const expected = calls.map((call) => plain.call(call));
  const result = await explored(bytes, { callers: [calls] });
  assert.deepEqual(result.outcomes.examples[0].results[0].map(kind), expected.map(kind));
  const { traced } = await explored(bytes, { callers: [calls] }, { schedule: 'A100000' });
  assert.deepEqual(traced?.results[0].map(kind), expected.map(kind));
});

/** Results up to the message of a trap, which may differ between engines. */
const kind = (result: string): string => (result.startsWith('trap') ? 'trap' : result);

test('functions that nothing reaches lose their bodies, the others keep their places', async () => {
  const bytes = await parse(readFileSync(join(FIXTURES, 'disjoint-exports.wat'), 'utf8'));
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const { func } = analysis.exports[0];
  const one = instrument(module, analysis, { functions: [func] });
  assert.equal(
    one.reachable.reduce((sum, flag) => sum + flag, 0),
    1,
  );
  assert.deepEqual(new Set(one.sites.func), new Set([func]));
  const { bodyStart, bodyEnd, imported } = module.functions;
  for (const offset of one.sites.offset)
    assert.ok(offset >= bodyStart[func - imported] && offset < bodyEnd[func - imported]);
});
