/** Instructions of the table that need nothing but values of fixed types, by the type of their result. */
import { IMM, Imm, MNEMONIC, OP_COUNT, SIGNATURE } from '../../../core/wasm/instructions.ts';

/** Kinds of immediates that can be written without knowing the function around the instruction. */
const PLAIN: ReadonlySet<number> = new Set([
  Imm.None,
  Imm.Memarg,
  Imm.MemargLane,
  Imm.Memory,
  Imm.MemoryMemory,
  Imm.DataMemory,
  Imm.Data,
  Imm.I32,
  Imm.I64,
  Imm.F32,
  Imm.F64,
  Imm.V128,
  Imm.Lane,
  Imm.Shuffle,
  Imm.Fence,
]);

/** Not values: control, and what depends on types. */
const CONTROL = new Set(['unreachable', 'nop', 'return', 'end', 'else', 'catch_all', 'drop', 'select', 'throw_ref']);

const isWide = (id: number): boolean =>
  /128|mul_wide/.test(MNEMONIC[id] ?? '') && (MNEMONIC[id] ?? '').startsWith('i64.');

/** Ids by the letter of their only result; by `` for those without. `a` is an address. */
export const BY_RESULT: ReadonlyMap<string, readonly number[]> = new Map(
  ['', 'i', 'l', 'f', 'd', 'v', 'a'].map((result) => [
    result,
    Array.from({ length: OP_COUNT }, (_, id) => id).filter((id) => {
      const [operands, results] = SIGNATURE[id].split('>');
      return (
        MNEMONIC[id] !== undefined &&
        !CONTROL.has(MNEMONIC[id]) &&
        PLAIN.has(IMM[id]) &&
        results === result &&
        /^[ilfdva]*$/.test(operands)
      );
    }),
  ]),
);

/** Ids of 128-bit arithmetic: two results. */
export const WIDE: readonly number[] = Array.from({ length: OP_COUNT }, (_, id) => id).filter(isWide);

/** Constants, by the letter of their result. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map(
  [...BY_RESULT].flatMap(([result, ids]) => {
    const constant = ids.find((id) => /\.const$/.test(MNEMONIC[id] ?? ''));
    return constant === undefined ? [] : [[result, constant]];
  }),
);

/** The id of an instruction by its mnemonic, the first one of several. */
export const ID: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from({ length: OP_COUNT }, (_, i) => OP_COUNT - 1 - i).flatMap((id) =>
    MNEMONIC[id] === undefined ? [] : [[MNEMONIC[id], id]],
  ),
);
