import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Cursor } from '../cursor.ts';
import { decodeModule } from '../decode.ts';
import { nextInstruction } from '../immediates.ts';
import { skipInstruction } from '../skip.ts';
import { everyInstruction } from '../testing/everyInstruction.ts';
import { countInstructions } from './count.ts';

const CASES = new URL('./cases/', import.meta.url);
const texts = readdirSync(CASES)
  .filter((name) => name.endsWith('.wat') && !name.endsWith('.golden.wat'))
  .map((name) => readFileSync(new URL(name, CASES), 'utf8'));

/** Offset of the first instruction of a body; the locals of the test texts have one-byte counts and types. */
function afterLocals(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (let groups = bytes[start]; groups > 0; groups--) at += bytes[at + 1] === 0x63 || bytes[at + 1] === 0x64 ? 3 : 2;
  return at;
}

describe('counting instructions without reading them', () => {
  for (const [i, text] of [everyInstruction(), ...texts].entries()) {
    test(`agrees with reading and with skipping one at a time, text ${i}`, async () => {
      const module = decodeModule(await parse(text));
      const { bodyStart, bodyEnd } = module.functions;
      for (let f = 0; f < bodyStart.length; f++) {
        const start = afterLocals(module.bytes, bodyStart[f]);
        const reading = new Cursor(module.bytes, start, bodyEnd[f]);
        const skipping = new Cursor(module.bytes, start, bodyEnd[f]);
        let count = 0;
        for (; !reading.atEnd(); count++) {
          const { id, end } = nextInstruction(reading);
          assert.equal(skipInstruction(skipping), id);
          assert.equal(skipping.pos, end);
        }
        assert.equal(countInstructions(module.bytes, start, bodyEnd[f]), count);
      }
    });
  }

  test('says where an unknown or incomplete instruction is', () => {
    assert.equal(countInstructions(Uint8Array.of(1, 1, 0xff, 0x0b), 0, 4), -1 - 2);
    assert.equal(countInstructions(Uint8Array.of(1, 0x41, 0x80), 0, 3), -1 - 1);
    assert.equal(countInstructions(Uint8Array.of(1, 0xfd, 0xff, 0x7f), 0, 4), -1 - 1);
    assert.equal(countInstructions(Uint8Array.of(0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0), 0, 7), -1);
  });
});
