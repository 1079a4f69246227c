/**
 * For tests: a line of text and the bytes it must become for every instruction of the table. Indices are arbitrary, so
 * the module assembles but does not validate.
 */
import { IMM, Imm, MNEMONIC, OP_COUNT, opcodeOf, WIDTH } from '../instructions.ts';
import { Op } from '../ops.ts';

/** Ids of all instructions. */
export const INSTRUCTION_IDS: readonly number[] = Array.from({ length: OP_COUNT }, (_, id) => id).filter(
  (id) => MNEMONIC[id] !== undefined,
);

/** Text after the mnemonic and the bytes that it must become, by kind of immediates. */
const IMMEDIATES: Record<number, readonly [text: string, bytes: readonly number[]]> = {
  [Imm.None]: ['', []],
  [Imm.BlockType]: ['(result i64)', [0x7e]],
  [Imm.Label]: ['0', [0]],
  [Imm.BrTable]: ['0 0 0', [2, 0, 0, 0]],
  [Imm.Func]: ['3', [3]],
  [Imm.TypeUse]: ['1 (type 0)', [0, 1]],
  [Imm.Type]: ['2', [2]],
  [Imm.Local]: ['200', [0xc8, 1]],
  [Imm.Global]: ['5', [5]],
  [Imm.Table]: ['1', [1]],
  [Imm.TableTable]: ['1 2', [1, 2]],
  [Imm.ElemTable]: ['1 2', [2, 1]],
  [Imm.Elem]: ['3', [3]],
  [Imm.Memory]: ['2', [2]],
  [Imm.MemoryMemory]: ['1 2', [1, 2]],
  [Imm.DataMemory]: ['1 2', [2, 1]],
  [Imm.Data]: ['3', [3]],
  [Imm.I32]: ['-1', [0x7f]],
  [Imm.I64]: ['64', [0xc0, 0]],
  [Imm.F32]: ['1', [0, 0, 0x80, 0x3f]],
  [Imm.F64]: ['1', [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]],
  [Imm.V128]: ['i32x4 1 2 3 4', [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]],
  [Imm.Lane]: ['1', [1]],
  [Imm.Shuffle]: ['0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 31]],
  [Imm.HeapType]: ['func', [0x70]],
  [Imm.SelectTypes]: ['(result f64)', [1, 0x7c]],
  [Imm.TryTable]: ['(catch 1 0) (catch_all 0)', [0x40, 2, 0, 1, 0, 2, 0]],
  [Imm.Tag]: ['1', [1]],
  [Imm.TypeField]: ['1 2', [1, 2]],
  [Imm.TypeCount]: ['2 3', [2, 3]],
  [Imm.TypeData]: ['2 3', [2, 3]],
  [Imm.TypeElem]: ['2 3', [2, 3]],
  [Imm.TypeType]: ['2 1', [2, 1]],
  [Imm.BrOnCast]: ['0 anyref (ref eq)', [1, 0, 0x6e, 0x6d]],
  [Imm.Fence]: ['', [0]],
};

/** Text that is needed before and after an instruction, and the number of bytes before it in the binary. */
export function frame(id: number): readonly [before: string, skip: number, after: string] {
  switch (id) {
    case Op.block:
    case Op.loop:
    case Op.if:
    case Op.try:
    case Op.try_table:
      return ['', 0, 'end'];
    case Op.else:
      return ['if', 2, 'end'];
    case Op.catch:
    case Op.catch_all:
      return ['try', 2, 'end'];
    case Op.delegate:
      return ['try', 2, ''];
    case Op.end:
      return ['block', 2, ''];
    default:
      return ['', 0, ''];
  }
}

/** Text of the immediates of an instruction, and the bytes that it must become. */
export function immediates(id: number): readonly [text: string, bytes: readonly number[]] {
  const alignment = Math.log2(WIDTH[id]);
  switch (id) {
    case Op.ref_test:
    case Op.ref_cast:
      return ['(ref eq)', [0x6d]];
    case Op.ref_test_null:
    case Op.ref_cast_null:
      return ['(ref null eq)', [0x6d]];
    default:
  }
  // Without `align` the text means natural alignment: this checks WIDTH too.
  if (IMM[id] === Imm.Memarg) return ['1 offset=200', [alignment | 0x40, 1, 0xc8, 1]];
  if (IMM[id] === Imm.MemargLane) return ['offset=5 1', [alignment, 5, 1]];
  return IMMEDIATES[IMM[id]];
}

/** Bytes of the opcode of an instruction. */
export function opcodeBytes(id: number): number[] {
  const [prefix, sub] = opcodeOf(id);
  if (prefix === 0) return [sub];
  return sub < 0x80 ? [prefix, sub] : [prefix, (sub & 0x7f) | 0x80, sub >> 7];
}

/** A module text with one function for each of `INSTRUCTION_IDS`. */
export function everyInstruction(): string {
  const functions = INSTRUCTION_IDS.map((id) => {
    const [before, , after] = frame(id);
    return `(func ${before} ${MNEMONIC[id]} ${immediates(id)[0]} ${after})`;
  });
  return `(module (type (func)) (type (func)) (type (array i32))\n${functions.join('\n')})`;
}
