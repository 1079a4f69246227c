/** Immediates of instructions in the text: finds the tokens after a mnemonic that belong to it. */
import { t } from '../text/l10n.ts';
import { IMM, Imm, OP_COUNT } from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { TokenKind } from './model.ts';
import { addError, headAt, isKind, type Reader } from './reader.ts';
import { isField, isMnemonic, isScript, Keyword } from './words.ts';

/** Kinds of tokens that may follow a mnemonic, as bits. */
const May = {
  Number: 1,
  Id: 2,
  /** Any word other than a mnemonic: heap types, shapes, `nan`. */
  Word: 4,
  /** `offset=`, `align=`, memory orders. */
  Assignment: 8,
  /** `(type)`, `(param)`, `(result)`. */
  TypeUse: 16,
  /** `(ref ...)`. */
  Ref: 32,
  /** `(catch ...)` and the other clauses. */
  Catch: 64,
  String: 128,
} as const;

const INDEX = May.Number | May.Id;

const MAY_BY_IMM: Readonly<Record<number, number>> = {
  [Imm.None]: 0,
  [Imm.BlockType]: May.Id | May.TypeUse,
  [Imm.TypeUse]: INDEX | May.TypeUse,
  [Imm.Memarg]: INDEX | May.Assignment,
  [Imm.MemargLane]: INDEX | May.Assignment,
  [Imm.I32]: May.Number,
  [Imm.I64]: May.Number,
  [Imm.F32]: May.Number | May.Word,
  [Imm.F64]: May.Number | May.Word,
  [Imm.V128]: May.Number | May.Word,
  [Imm.Lane]: May.Number,
  [Imm.Shuffle]: May.Number,
  [Imm.HeapType]: INDEX | May.Word | May.Ref,
  [Imm.BrOnCast]: INDEX | May.Word | May.Ref,
  [Imm.TryTable]: May.Id | May.TypeUse | May.Catch,
  [Imm.Fence]: May.Assignment,
};

const MAY = Uint8Array.from({ length: OP_COUNT }, (_, op) => MAY_BY_IMM[IMM[op]] ?? INDEX);
// In the binary these have no such immediates: the label is only a name, and the types select another opcode.
MAY[Op.else] = May.Id;
MAY[Op.end] = May.Id;
MAY[Op.select] = May.TypeUse;

/** An unknown instruction may take anything. */
const ANYTHING = 0xff;

/** Whether `token`, after the mnemonic of `op`, belongs to it. */
function mayFollow(r: Reader, token: number, may: number): boolean {
  switch (r.kind[token]) {
    case TokenKind.Number:
      return (may & May.Number) !== 0;
    case TokenKind.Id:
      return (may & May.Id) !== 0;
    case TokenKind.String:
      return (may & May.String) !== 0;
    case TokenKind.Word:
      if (isMnemonic(r.word[token])) return false;
      if (isAssignment(r, token)) return (may & (May.Assignment | May.Word)) !== 0;
      // An unknown word with a dot is more likely the next instruction, misspelt.
      return (may & May.Word) !== 0 && (may !== ANYTHING || !hasDot(r, token));
    case TokenKind.Open:
      return mayOpen(r, token, may);
    default:
      return false;
  }
}

function mayOpen(r: Reader, token: number, may: number): boolean {
  switch (headAt(r, token)) {
    case Keyword.type:
      // `(type $t (func))` is the next field.
      return (may & May.TypeUse) !== 0 && !isKind(r, token + 3, TokenKind.Open);
    case Keyword.param:
    case Keyword.result:
      return (may & May.TypeUse) !== 0;
    case Keyword.ref:
    case Keyword.exact:
      return (may & May.Ref) !== 0;
    case Op.catch:
    case Op.catch_all:
    case Keyword.catch_ref:
    case Keyword.catch_all_ref:
      return (may & May.Catch) !== 0;
    case Keyword.on:
      return may === ANYTHING;
    default:
      return false;
  }
}

/** Whether a word is `offset=8`, `align=4`, or the order of an atomic access. */
function isAssignment(r: Reader, token: number): boolean {
  const { text, start, end } = r;
  for (let at = start[token]; at < end[token]; at++) if (text.charCodeAt(at) === 0x3d) return true;
  return text.startsWith('seq_cst', start[token]) || text.startsWith('acq_rel', start[token]);
}

function hasDot(r: Reader, token: number): boolean {
  for (let at = r.start[token]; at < r.end[token]; at++) if (r.text.charCodeAt(at) === 0x2e) return true;
  return false;
}

/** Index of the first token from `token` on that is not an immediate of `op` (-1: unknown). */
export function skipOperands(r: Reader, token: number, op: number): number {
  const may = op < 0 ? ANYTHING : MAY[op];
  if (may === 0) return token;
  let at = token;
  while (at < r.count && mayFollow(r, at, may)) at = r.kind[at] === TokenKind.Open ? skipTypes(r, at) : at + 1;
  return at;
}

/** Skips a form of types or labels; it cannot contain an instruction or a field. */
function skipTypes(r: Reader, open: number): number {
  let depth = 0;
  for (let at = open; at < r.count; at++) {
    const kind = r.kind[at];
    if (kind === TokenKind.Close) {
      if (--depth === 0) return at + 1;
    } else if (kind === TokenKind.Open) {
      const head = headAt(r, at);
      const foreign = at > open && (isMnemonic(head) || isScript(head) || (isField(head) && head !== Keyword.type));
      if (foreign) return unclosed(r, open, at);
      depth++;
    } else if (kind === TokenKind.Word && at > open + 1 && isMnemonic(r.word[at])) {
      return unclosed(r, open, at);
    }
  }
  return unclosed(r, open, r.count);
}

function unclosed(r: Reader, open: number, at: number): number {
  addError(r, r.start[open], r.end[Math.min(open + 1, r.count - 1)], t('this parenthesis is never closed'));
  return at;
}

/**
 * The opcode of a mnemonic with two opcodes, which its immediates `[from, to)` decide: `select` with types, tests and
 * casts to a nullable type.
 */
export function opWithOperands(r: Reader, op: number, from: number, to: number): number {
  switch (op) {
    case Op.select:
      return to > from ? Op.select_t : op;
    case Op.ref_test:
      return isNullableType(r, from, to) ? Op.ref_test_null : op;
    case Op.ref_cast:
      return isNullableType(r, from, to) ? Op.ref_cast_null : op;
    default:
      return op;
  }
}

/** Whether a type is nullable: `(ref null ...)`, and the short forms such as `anyref` and `funcref`. */
function isNullableType(r: Reader, from: number, to: number): boolean {
  if (from >= to) return false;
  if (r.kind[from] === TokenKind.Word) return true;
  const third = from + 2;
  return third < to && r.kind[third] === TokenKind.Word && r.text.slice(r.start[third], r.end[third]) === 'null';
}
