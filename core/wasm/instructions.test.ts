import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { IMM, Imm, MNEMONIC, OP_COUNT, opcodeOf, opId, POPS, PUSHES, SIGNATURE } from './instructions.ts';
import { Op } from './ops.ts';
import {
  everyInstruction,
  frame,
  INSTRUCTION_IDS as ids,
  immediates,
  opcodeBytes,
} from './testing/everyInstruction.ts';

/** The engine's compiler, which TypeScript declares in its DOM library only. */
const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } };

/** Rows of the table: 199 single-byte, 31 GC, 22 bulk and misc, 256 vector, 67 atomic. */
const INSTRUCTION_COUNT = 575;

/** Mnemonics that the text format gives to two opcodes. */
const DOUBLE_MNEMONICS = ['ref.cast', 'ref.test', 'select'];

function u32(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7, at++) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

/** The bodies of the code section, without locals vector and final `end`. */
function codeBodies(bytes: Uint8Array): Uint8Array[] {
  let at = 8;
  while (bytes[at] !== 10) {
    const [size, start] = u32(bytes, at + 1);
    at = start + size;
  }
  let [count, next] = u32(bytes, u32(bytes, at + 1)[1]);
  const bodies: Uint8Array[] = [];
  for (; count > 0; count--) {
    const [size, start] = u32(bytes, next);
    next = start + size;
    bodies.push(bytes.subarray(start + 1, next - 1));
  }
  return bodies;
}

const hex = (bytes: Iterable<number>): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(' ');

describe('instruction table', () => {
  test('has every instruction once', () => {
    assert.equal(ids.length, INSTRUCTION_COUNT);
    const seen = new Set<string>();
    const twice: string[] = [];
    for (const id of ids) {
      const name = MNEMONIC[id] as string;
      if (seen.has(name)) twice.push(name);
      seen.add(name);
      assert.notEqual(IMM[id], Imm.Unknown, name);
      assert.match(SIGNATURE[id], /^[ilfdvratx*]*>[ilfdvratx*]*$/, name);
      assert.ok(POPS[id] >= -1 && PUSHES[id] >= -1);
    }
    assert.deepEqual(twice.sort(), DOUBLE_MNEMONICS);
  });

  test('ids and opcodes are inverse', () => {
    for (let id = 0; id < OP_COUNT; id++) assert.equal(opId(...opcodeOf(id)), id);
    assert.equal(opId(0xfb, 0x40), -1);
    assert.equal(opId(0xfd, 0x180), -1);
    assert.equal(opId(0xff, 0), -1);
  });

  test('names in Op are the mnemonics', () => {
    for (const [name, id] of Object.entries(Op)) {
      const mnemonic = name
        .replace(/^select_t$/, 'select')
        .replace(/_null$/, (s) => (/^ref_(test|cast)/.test(name) ? '' : s));
      assert.equal((MNEMONIC[id] as string).replaceAll('.', '_'), mnemonic);
    }
  });

  test('assembles to the opcodes, immediates and widths of the table', async () => {
    const bodies = codeBodies(await parse(everyInstruction()));
    assert.equal(bodies.length, ids.length);
    ids.forEach((id, i) => {
      const [, skip, after] = frame(id);
      const body = bodies[i].subarray(skip, bodies[i].length - (after === '' ? 0 : 1));
      assert.equal(hex(body), hex([...opcodeBytes(id), ...immediates(id)[1]]), MNEMONIC[id]);
    });
  });

  // V8 does not have wide arithmetic yet; x, r and * are not types that it could check.
  test('signatures are those V8 validates', async () => {
    const typed = ids.filter(
      (id) => !/[xr*]/.test(SIGNATURE[id]) && IMM[id] !== Imm.Label && !/128|wide/.test(MNEMONIC[id]?.slice(3) ?? ''),
    );
    const types: Record<string, string> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'v128', a: 'i32', t: 'i32' };
    const functions = typed.map((id) => {
      const [params, results] = SIGNATURE[id]
        .split('>')
        .map((letters) => Array.from(letters, (letter) => types[letter]));
      const gets = params.map((_, i) => `local.get ${i}`).join(' ');
      const text = IMM[id] === Imm.Memarg || IMM[id] === Imm.Local ? '' : immediates(id)[0];
      return `(func (param ${params.join(' ')}) (result ${results.join(' ')}) ${gets} ${MNEMONIC[id]} ${text})`;
    });
    const context = `(memory 1 1 shared) (memory 1) (memory 1) (table 1 funcref) (table 1 funcref) (table 1 funcref)
      (elem func) (elem func) (elem func) (elem func) (data "") (data "") (data "") (data "")`;
    new WebAssembly.Module(await parse(`(module ${context} ${functions.join('\n')})`));
    assert.ok(typed.length > 480, `${typed.length}`);
  });
});
