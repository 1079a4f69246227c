/** Constant expressions: the initial values of globals and tables, the offsets and items of segments. */
import { t } from '../../text/l10n.ts';
import type { Cursor } from '../cursor.ts';
import { nextInstruction } from '../immediates.ts';
import { IMM, Imm, MNEMONIC } from '../instructions.ts';
import type { ConstExpr } from '../module.ts';
import { Op } from '../ops.ts';

/** Kinds of immediates that constant instructions can have. */
const CONSTANT: ReadonlySet<number> = new Set<number>([
  Imm.None,
  Imm.I32,
  Imm.I64,
  Imm.F32,
  Imm.F64,
  Imm.V128,
  Imm.HeapType,
  Imm.Func,
  Imm.Global,
  Imm.Type,
  Imm.TypeCount,
  Imm.TypeData,
  Imm.TypeElem,
]);

/**
 * Reads past a constant expression: constant instructions up to the first `end`.
 * @throws DecodeFailure if an instruction is not constant or malformed.
 */
export function readConstExpr(c: Cursor): ConstExpr {
  const start = c.pos;
  for (;;) {
    const { id, start: offset } = nextInstruction(c);
    if (id === Op.end) return { start, end: c.pos };
    if (!CONSTANT.has(IMM[id])) c.fail(t('{0} is not a constant instruction', MNEMONIC[id] ?? String(id)), offset);
  }
}
