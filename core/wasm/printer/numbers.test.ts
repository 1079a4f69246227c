import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../decode.ts';
import { f32Text, f64Text, v128Text } from './numbers.ts';

/** Reproducible pseudo-random 32-bit numbers (a linear congruential generator's upper half twice). */
function* randomWords(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const high = state >>> 16;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield ((high << 16) | (state >>> 16)) >>> 0;
  }
}

/** Bit patterns where rounding and formatting are most likely to go wrong. */
const EDGES_32 = [
  0, 0x80000000, 1, 0x80000001, 0x7fffff, 0x800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000,
  0xffc00000, 0x7f800001, 0x7fffffff, 0xffa00000, 0x4b800000, 0x4b7fffff, 0x3dcccccd,
];

/** Bytes after the opcode of each constant of the only body, where every constant is `size` long. */
async function assemble(opcode: string, texts: string[], size: number): Promise<DataView[]> {
  const bytes = await parse(`(module (func ${texts.map((text) => `${opcode} ${text}`).join('\n')}))`);
  const { bodyStart } = decodeModule(bytes).functions;
  const prefix = opcode === 'v128.const' ? 2 : 1;
  // One byte for the empty locals vector.
  return texts.map(
    (_, i) => new DataView(bytes.buffer, bytes.byteOffset + bodyStart[0] + 1 + i * (size + prefix) + prefix, size),
  );
}

describe('constants read back to the same bits', () => {
  const words = randomWords(7);
  const next = (): number => words.next().value as number;

  test('f32', async () => {
    const view = new DataView(new ArrayBuffer(4));
    const patterns = [...EDGES_32, ...Array.from({ length: 20_000 }, next)];
    const texts = patterns.map((bits) => {
      view.setUint32(0, bits, true);
      return f32Text(view, 0);
    });
    const read = await assemble('f32.const', texts, 4);
    for (const [i, bits] of patterns.entries()) assert.equal(read[i].getUint32(0, true), bits, texts[i]);
  });

  test('f64', async () => {
    const view = new DataView(new ArrayBuffer(8));
    const patterns = EDGES_32.flatMap((bits) => [BigInt(bits) << 32n, (BigInt(bits) << 32n) | 1n, BigInt(bits)]);
    for (let i = 0; i < 5000; i++) patterns.push((BigInt(next()) << 32n) | BigInt(next()));
    const texts = patterns.map((bits) => {
      view.setBigUint64(0, bits, true);
      return f64Text(view, 0);
    });
    const read = await assemble('f64.const', texts, 8);
    for (const [i, bits] of patterns.entries()) assert.equal(read[i].getBigUint64(0, true), bits, texts[i]);
  });

  test('v128', async () => {
    const view = new DataView(Uint8Array.from({ length: 16 }, (_, i) => 0xf8 + i).buffer);
    const [read] = await assemble('v128.const', [v128Text(view, 0)], 16);
    assert.deepEqual([...new Uint8Array(read.buffer, read.byteOffset, 16)], [...new Uint8Array(view.buffer)]);
  });

  test('decimals are short', () => {
    const view = new DataView(new ArrayBuffer(4));
    const text = (value: number): string => {
      view.setFloat32(0, value, true);
      return f32Text(view, 0);
    };
    assert.deepEqual([0.1, 1.5, -2, 16777216, 3.4e38, 1 / 3].map(text), [
      '0.1',
      '1.5',
      '-2',
      '16777216',
      '3.4e+38',
      '0.33333334',
    ]);
  });
});
