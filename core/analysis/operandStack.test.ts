/**
 * The scanner's operand stack: every instruction pops and pushes as many values as the specification says, and no
 * result is mistaken for a known address.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ACCESS, Access, IMM, Imm, MNEMONIC, SIGNATURE } from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { INSTRUCTION_IDS, immediates } from '../wasm/testing/everyInstruction.ts';
import { allEffects, analyseWat } from './testing/facts.ts';

/** Defines all items that the generated immediates refer to. */
const PRELUDE = `(type (func)) (type (func)) (type (array (mut i32))) (type (struct (field i32) (field i32) (field i32)))
  (memory 1) (memory 1) (memory 1) (table 1 funcref) (table 1 funcref) (table 1 funcref)
  ${'(global (mut i32) (i32.const 0))'.repeat(6)} (elem funcref) (elem funcref) (elem funcref) (elem funcref)
  (data "") (data "") (data "") (data "") (tag) (tag)`;

const OPERANDS: Readonly<Record<string, string>> = {
  i: 'i32.const 64 ',
  l: 'i64.const 64 ',
  f: 'f32.const 64 ',
  d: 'f64.const 64 ',
  v: 'v128.const i64x2 64 64 ',
  r: 'ref.null any ',
  a: 'i32.const 64 ',
  t: 'i32.const 64 ',
  x: 'i32.const 64 ',
};

const operands = (letters: string): string => [...letters].map((letter) => OPERANDS[letter]).join('');

/** Instructions with a fixed signature that continue with the next one. */
const STRAIGHT = INSTRUCTION_IDS.filter((id) => {
  const control = id <= Op.return && id !== Op.nop;
  return (
    !control &&
    !SIGNATURE[id].includes('*') &&
    ![Op.throw_ref, Op.rethrow].some((op) => op === id) &&
    ACCESS[id] !== Access.Call
  );
});

/** Instructions whose results the scanner tracks. */
const FOLLOWED = new Set<number>([
  Op.select,
  Op.i32_and,
  Op.i64_and,
  Op.i32_or,
  Op.i32_shl,
  Op.i32_shr_u,
  Op.i32_mul,
  Op.i32_wrap_i64,
  Op.i64_extend_i32_u,
  Op.i64_extend_i32_s,
  Op.i64_or,
  Op.i64_shl,
  Op.i64_mul,
  Op.i32_const,
  Op.i64_const,
  Op.i32_add,
  Op.i64_add,
  Op.i32_sub,
  Op.i64_sub,
  Op.local_get,
  Op.local_tee,
]);

/** Instructions with operands that depend on immediates, and how many values they leave. */
const DEPENDENT: Readonly<Record<string, readonly [text: string, results: number]>> = {
  'a call': ['i32.const 64 call $two', 2],
  call_indirect: ['i32.const 64 i32.const 64 call_indirect (type $two)', 2],
  call_ref: ['i32.const 64 ref.null $two call_ref $two', 2],
  'struct.new': ['i32.const 64 i32.const 64 i32.const 64 struct.new $s', 1],
  'array.new_fixed': ['i32.const 64 i32.const 64 array.new_fixed $a 2', 1],
  'array.new_fixed of nothing': ['array.new_fixed $a 0', 1],
  br_if: ['i32.const 64 br_if 0', 0],
  br_on_null: ['ref.null any br_on_null 0', 1],
  br_on_non_null: ['ref.null any br_on_non_null 0', 0],
  br_on_cast: ['ref.null any br_on_cast 0 anyref eqref', 1],
  br_on_cast_fail: ['ref.null any br_on_cast_fail 0 anyref eqref', 1],
  'select with a type': ['i32.const 64 i32.const 64 i32.const 64 select (result i32)', 1],
  'a block': ['i32.const 64 block (type $two) i32.const 64 end', 2],
  'a block left by br': ['i32.const 64 block (type $two) i32.const 64 br 0 i32.const 1 drop end', 2],
  'a loop': ['i32.const 64 loop (type $two) i32.const 64 end', 2],
  'if and else': ['i32.const 64 i32.const 1 if (type $two) i32.const 64 else unreachable end', 2],
  'try and catch': [
    'i32.const 64 try (type $two) i32.const 64 catch $e i32.const 1 catch_all i32.const 1 i32.const 1 end',
    2,
  ],
  'try and delegate': ['i32.const 64 try (type $two) i32.const 64 delegate 0', 2],
  try_table: ['i32.const 64 try_table (type $two) (catch_all 0) i32.const 64 end', 2],
};

const DEPENDENT_PRELUDE = `(type $two (func (param i32) (result i32 i32))) (type $s (struct (field i32) (field i32) (field i32)))
  (type $a (array i32)) (memory 1) (table 1 funcref) (tag $e (param i32)) (func $two (type $two) unreachable)`;

const effects = async (prelude: string, code: string): Promise<string[]> =>
  allEffects(await analyseWat(`(module ${prelude} (func (local i32) ${code}))`));

describe('the operand stack', () => {
  test('values below the operands of an instruction stay there', async () => {
    const wrong: string[] = [];
    for (const id of STRAIGHT) {
      const [pops, pushes] = SIGNATURE[id].split('>');
      const immediate = IMM[id] === Imm.Local ? '0' : immediates(id)[0];
      const code = `i32.const 4096 ${operands(pops)} ${MNEMONIC[id]} ${immediate} ${'drop '.repeat(pushes.length)} i32.const 1 i32.store`;
      if (!(await effects(PRELUDE, code)).includes('write memory[0] [4096,4100)')) wrong.push(MNEMONIC[id] as string);
    }
    assert.ok(STRAIGHT.length > 500);
    assert.deepEqual(wrong, []);
  });

  test('no result is one of the operands', async () => {
    const wrong: string[] = [];
    for (const id of STRAIGHT) {
      const [pops, pushes] = SIGNATURE[id].split('>');
      if (FOLLOWED.has(id)) continue;
      for (let above = 0; above < pushes.length; above++) {
        const immediate = IMM[id] === Imm.Local ? '0' : immediates(id)[0];
        const code = `${operands(pops)} ${MNEMONIC[id]} ${immediate} ${'drop '.repeat(above)} i64.load offset=65536`;
        const found = (await effects(PRELUDE, code)).filter(
          (line) => line.includes('[65') && !line.includes('[65536,'),
        );
        if (found.length > 0) wrong.push(`${MNEMONIC[id]}, result ${pushes.length - 1 - above}: ${found[0]}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  for (const [name, [text, results]] of Object.entries(DEPENDENT)) {
    test(name, async () => {
      const below = await effects(
        DEPENDENT_PRELUDE,
        `i32.const 4096 ${text} ${'drop '.repeat(results)} i32.const 1 i32.store`,
      );
      assert.ok(below.includes('write memory[0] [4096,4100)'), below.join());
      for (let above = 0; above < results; above++) {
        const found = await effects(DEPENDENT_PRELUDE, `${text} ${'drop '.repeat(above)} i64.load offset=65536`);
        assert.ok(found.includes('read memory[0] unknown'), `result ${results - 1 - above}: ${found}`);
      }
    });
  }
});
