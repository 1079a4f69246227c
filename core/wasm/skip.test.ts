/** The skipper and the reader agree on every instruction of the table, with immediates of every form and length. */
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { random } from '../testing/random.ts';
import { Cursor, DecodeFailure } from './cursor.ts';
import { nextInstruction } from './immediates.ts';
import { IMM, Imm, MEMARG_HAS_MEMORY, MEMARG_HAS_ORDER, MNEMONIC } from './instructions.ts';
import { skipInstruction } from './skip.ts';
import { INSTRUCTION_IDS, opcodeBytes } from './testing/everyInstruction.ts';
import { EMPTY_BLOCK_BYTE, EXTERN, F64, FUNC, I32, REF_BYTE, REF_NULL_BYTE } from './types.ts';

const ROUNDS = 40;
const next = random(11);
const pick = <T>(items: readonly T[]): T => items[next(items.length)];
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** An unsigned number below 2^28 in as many bytes as it needs, or padded up to five. */
function u32(value = pick([0, 1, 100, 127, 128, 20_000, 2 ** 28 - 1])): number[] {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest >>>= 7) bytes.push(rest & 127);
  while (bytes.length < 5 && next(3) === 0) bytes.push(0);
  return bytes.map((byte, i) => (i < bytes.length - 1 ? byte | 0x80 : byte));
}

/** A signed number of `length` bytes, of which only the last one ends it. */
const signed = (length: number): number[] =>
  times(length, () => next(128)).map((byte, i) => (i < length - 1 ? byte | 0x80 : byte));

/** A type index in a heap type or block type is signed: bit 6 of its last byte is 0. */
const typeIndex = (): number[] => pick([[5], [0xc0, 0], [0x85, 0x80, 0], [0xff, 0xff, 0x3f]]);
const valType = (): number[] => pick([[I32], [F64], [FUNC], [REF_BYTE, FUNC], [REF_NULL_BYTE, ...typeIndex()]]);
const blockType = (): number[] => pick([[EMPTY_BLOCK_BYTE], valType(), typeIndex()]);
const bytes = (count: number): number[] => times(count, () => next(256));
const vector = (items: number[][]): number[] => [...u32(items.length), ...items.flat()];

function memarg(): number[] {
  const align = next(5);
  const offset = pick([u32(), signed(9).with(8, 1)]);
  const memory = next(2) === 0 ? [] : u32();
  const order = next(4) === 0 ? [next(256)] : [];
  const flags = (memory.length > 0 ? MEMARG_HAS_MEMORY : 0) | (order.length > 0 ? MEMARG_HAS_ORDER : 0);
  return [align | flags, ...memory, ...order, ...offset];
}

const CATCHES: readonly (() => number[])[] = [
  () => [0, ...u32(), ...u32()],
  () => [1, ...u32(), ...u32()],
  () => [2, ...u32()],
  () => [3, ...u32()],
];

function immediatesOf(kind: number): number[] {
  switch (kind) {
    case Imm.None:
      return [];
    case Imm.BlockType:
      return blockType();
    case Imm.BrTable:
      return [...vector(times(next(4), () => u32())), ...u32()];
    case Imm.Memarg:
      return memarg();
    case Imm.MemargLane:
      return [...memarg(), next(16)];
    case Imm.I32:
      return signed(1 + next(5));
    case Imm.I64:
      return signed(1 + next(10));
    case Imm.F32:
      return bytes(4);
    case Imm.F64:
      return bytes(8);
    case Imm.V128:
    case Imm.Shuffle:
      return bytes(16);
    case Imm.Lane:
    case Imm.Fence:
      return bytes(1);
    case Imm.HeapType:
      return pick([[FUNC], [EXTERN], typeIndex()]);
    case Imm.SelectTypes:
      return vector(times(next(4), valType));
    case Imm.TryTable:
      return [...blockType(), ...vector(times(next(4), () => pick(CATCHES)()))];
    case Imm.BrOnCast:
      return [next(4), ...u32(), ...pick([[FUNC], typeIndex()]), ...pick([[EXTERN], typeIndex()])];
    case Imm.TypeUse:
    case Imm.TableTable:
    case Imm.ElemTable:
    case Imm.MemoryMemory:
    case Imm.DataMemory:
    case Imm.TypeField:
    case Imm.TypeCount:
    case Imm.TypeData:
    case Imm.TypeElem:
    case Imm.TypeType:
      return [...u32(), ...u32()];
    default:
      return u32();
  }
}

/** The result of a step: the position of the cursor and the returned value, or that it failed. */
function outcome(code: readonly number[], end: number, step: (c: Cursor) => number): string {
  // The bytes behind the end look like the continuation of a number.
  const c = new Cursor(Uint8Array.from([...code, ...new Array(32).fill(0x80)]), 0, end);
  try {
    return `${step(c)} ends at ${c.pos}`;
  } catch (error) {
    assert.ok(error instanceof DecodeFailure, String(error));
    return 'fails';
  }
}

describe('skipping an instruction', () => {
  for (const id of INSTRUCTION_IDS) {
    test(`ends where reading ${MNEMONIC[id]} ends, and fails where it is cut`, () => {
      for (let round = 0; round < ROUNDS; round++) {
        const code = [...opcodeBytes(id), ...immediatesOf(IMM[id])];
        assert.equal(outcome(code, code.length, skipInstruction), `${id} ends at ${code.length}`, `${code}`);
        for (let end = 0; end <= code.length; end++) {
          const read = outcome(code, end, (c) => nextInstruction(c).id);
          assert.equal(outcome(code, end, skipInstruction), read, `${code} cut at ${end}`);
        }
      }
    });
  }

  test('fails for opcodes that the table does not have', () => {
    for (let byte = 0; byte < 256; byte++) {
      const known = INSTRUCTION_IDS.some((id) => opcodeBytes(id)[0] === byte);
      if (!known) assert.equal(outcome([byte, 0, 0], 3, skipInstruction), 'fails', `${byte}`);
    }
  });
});
