/** Instructions that the scanner's loop does not handle itself: everything with a prefix, and control. */
import { t } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction } from '../wasm/immediates.ts';
import {
  ACCESS,
  Access,
  IMM,
  Imm,
  MEMARG_HAS_ORDER,
  MNEMONIC,
  opId,
  POPS,
  Prefix,
  PUSHES,
  WIDTH,
} from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { Base, packed } from './abstractValue.ts';
import { READ, WRITE } from './effectTable.ts';
import { ATOMIC_FORM, MEMORY_ACCESS } from './instructionForms.ts';
import { memoryAt, otherAccess, regionAccess } from './scanAccess.ts';
import { FLOOR, type ScannerState } from './scannerState.ts';
import { Symbolic } from './symbols.ts';

/** Instructions that end the code of a block or branch away: the values that they leave on the stack do not matter. */
const ENDS_CODE = new Set<number>([
  Op.unreachable,
  Op.br,
  Op.br_table,
  Op.return,
  Op.return_call,
  Op.return_call_indirect,
  Op.return_call_ref,
  Op.throw,
  Op.rethrow,
  Op.throw_ref,
]);

/** Instructions that branch to labels with values of their own. */
const UNFOLLOWED = new Set<number>([Op.br_on_null, Op.br_on_non_null, Op.br_on_cast, Op.br_on_cast_fail, Op.try_table]);

const TAIL_CALLS = new Set<number>([Op.return_call, Op.return_call_indirect, Op.return_call_ref]);

/**
 * Reads the instruction at `at`, updates `s.pos` and `s.height`, and returns whether the code behind it is dead.
 * @throws DecodeFailure if the instruction is malformed or names an item that does not exist.
 */
export function rareInstruction(s: ScannerState, at: number, end: number): boolean {
  const byte = s.bytes[at];
  if (byte > Prefix.Gc && prefixedInstruction(s, at)) return false;
  const i = nextInstruction(new Cursor(s.bytes, at, end));
  s.pos = i.end;
  if (MEMORY_ACCESS[i.id] >= 0) memoryAccess(s, i);
  else if (ACCESS[i.id] !== Access.None) otherAccess(s, i);
  if (IMM[i.id] === Imm.TypeData) segmentRead(s, i, 'data');
  else if (IMM[i.id] === Imm.TypeElem) segmentRead(s, i, 'element');
  const plain = POPS[i.id] >= 0 && PUSHES[i.id] >= 0;
  const [pops, pushes] = plain ? [POPS[i.id], PUSHES[i.id]] : dependentArity(s, i);
  const bottom = s.height - pops;
  if (bottom < FLOOR) throw new DecodeFailure(at, t('operand stack underflow'));
  loseOperands(s, i.id, bottom, s.height);
  if (i.id === Op.throw) loseThrown(s, i.values[0]);
  const result = resultOfCall(s, i);
  s.height = bottom + pushes;
  for (let k = bottom; k < s.height; k++) s.bases[k] = Base.Unknown;
  if (result >= 0 && pushes === 1) {
    s.bases[bottom] = packed(Base.Symbol, s.symbols.add(Symbolic.Result, result, 0, 0, 0));
    s.values[bottom] = 0;
  }
  if (i.id === Op.i64_const) {
    const small = i.wide >= -0x8000_0000n && i.wide <= 0x7fff_ffffn;
    s.bases[s.height - 1] = small ? Base.Constant : Base.Unknown;
    s.values[s.height - 1] = small ? Number(i.wide) : 0;
  }
  if (UNFOLLOWED.has(i.id)) s.unfollowed = true;
  s.tailCall = TAIL_CALLS.has(i.id) ? s.lastCall : -1;
  return ENDS_CODE.has(i.id);
}

/**
 * Handles vector and atomic instructions, truncations, and copies and fills of memory, in their usual form (memory 0,
 * offset below 2^28) without allocating. Returns false for others, without having changed anything.
 */
function prefixedInstruction(s: ScannerState, at: number): boolean {
  const { bytes } = s;
  let pos = at + 2;
  let sub = bytes[at + 1];
  if (sub > 127) {
    const high = bytes[pos++];
    if (high > 2) return false;
    sub = (sub & 127) | (high << 7);
  }
  const id = opId(bytes[at], sub);
  if (id < 0 || MNEMONIC[id] === undefined) return false;
  const access = MEMORY_ACCESS[id];
  switch (IMM[id]) {
    case Imm.None:
      break;
    case Imm.Lane:
      pos++;
      break;
    case Imm.Shuffle:
    case Imm.V128:
      pos += 16;
      break;
    case Imm.Memarg: {
      if (bytes[pos++] >= MEMARG_HAS_ORDER || s.module.memories.length === 0 || access < 0) return false;
      let offset = 0;
      for (let shift = 0; ; shift += 7) {
        if (shift === 28) return false;
        const b = bytes[pos++];
        offset |= (b & 127) << shift;
        if (b < 128) break;
      }
      const address = s.height - operandsOf(id);
      const form = ATOMIC_FORM[id];
      const [base, value] = [s.bases[address], s.values[address]];
      if (form === undefined) s.out.access(0, access, base, value, offset, WIDTH[id], at);
      else s.out.atomicAccess(0, access, base, value, offset, form, at);
      break;
    }
    case Imm.Memory:
      if (id !== Op.memory_fill || bytes[pos++] !== 0 || !hasRegions(s)) return false;
      regionAccess(s, 0, WRITE, 3, at);
      break;
    case Imm.MemoryMemory:
      if (id !== Op.memory_copy || bytes[pos++] !== 0 || bytes[pos++] !== 0 || !hasRegions(s)) return false;
      regionAccess(s, 0, WRITE, 3, at);
      regionAccess(s, 0, READ, 2, at);
      break;
    default:
      return false;
  }
  const bottom = s.height - POPS[id];
  if (bottom < FLOOR) return false;
  s.pos = pos;
  loseOperands(s, id, bottom, s.height);
  s.height = bottom + PUSHES[id];
  for (let k = bottom; k < s.height; k++) s.bases[k] = Base.Unknown;
  return true;
}

/** Whether there is a memory, and the three operands of a copy or fill. */
const hasRegions = (s: ScannerState): boolean => s.module.memories.length > 0 && s.height - 3 >= FLOOR;

/** `array.new_data` and similar instructions copy from a passive segment. */
function segmentRead(s: ScannerState, i: Instruction, segment: 'data' | 'element'): void {
  s.out.effect(s.out.table.cell('segment', i.values[1], READ, segment), i.start);
}

/** Operands and results of instructions for which they depend on immediates. */
function dependentArity(s: ScannerState, i: Instruction): [pops: number, pushes: number] {
  const { arity } = s;
  const type = (index: number): number => {
    if (index >= arity.params.length) throw new DecodeFailure(i.start, t('unknown type {0}', index));
    return index;
  };
  switch (i.id) {
    case Op.try_table: {
      const [form, value] = i.values;
      s.blockParams = form === BlockForm.Type ? arity.params[type(value)] : 0;
      s.blockResults = form === BlockForm.Type ? arity.results[value] : form === BlockForm.Result ? 1 : 0;
      // The parameters stay on the stack, but their values are no longer known.
      return [s.blockParams, s.blockParams];
    }
    case Op.call_indirect:
    case Op.call_ref:
      return [arity.params[type(i.values[0])] + 1, arity.results[i.values[0]]];
    case Op.struct_new: {
      const def = s.module.types[type(i.values[0])].composite;
      return [def.kind === 'struct' ? def.fields.length : 0, 1];
    }
    case Op.array_new_fixed:
      return [i.values[1], 1];
    case Op.br_on_null:
    case Op.br_on_cast:
    case Op.br_on_cast_fail:
      return [1, 1];
    case Op.br_on_non_null:
      return [1, 0];
    default:
      return [0, 0];
  }
}

function memoryAccess(s: ScannerState, i: Instruction): void {
  const memory = i.values[1];
  memoryAt(s, i, memory);
  const address = s.height - operandsOf(i.id);
  // Offsets that a double cannot represent make the address unknown.
  const base = i.wide < 2n ** 52n ? s.bases[address] : Base.Unknown;
  const form = ATOMIC_FORM[i.id];
  const [access, value, offset] = [MEMORY_ACCESS[i.id], s.values[address], Number(i.wide)];
  if (form === undefined) s.out.access(memory, access, base, value, offset, WIDTH[i.id], i.start);
  else s.out.atomicAccess(memory, access, base, value, offset, form, i.start);
}

/** Bulk operations of memories and tables: none of their operands goes anywhere. */
const BULK = new Set<number>([Access.MemoryFill, Access.MemoryCopy, Access.MemoryInit, Access.TableFill]);

/** Notes the values that instruction `id` takes from `[bottom, height)` and puts where they are not followed. */
function loseOperands(s: ScannerState, id: number, bottom: number, height: number): void {
  const access = ACCESS[id];
  if (BULK.has(access) || access === Access.Call || access === Access.CallIndirect || access === Access.CallRef) return;
  // The address of an access stays where it is.
  const first = MEMORY_ACCESS[id] >= 0 ? bottom + 1 : bottom;
  for (let k = first; k < height; k++) s.lose(s.bases[k]);
}

/** Notes the values that an exception carries. */
function loseThrown(s: ScannerState, tag: number): void {
  const count = s.arity.params[s.module.tags[tag]?.typeIndex ?? -1] ?? 0;
  for (let k = Math.max(FLOOR, s.height - count); k < s.height; k++) s.lose(s.bases[k]);
}

/** Row of the call that instruction `i` makes, which gives its result; -1 if it makes none. */
function resultOfCall(s: ScannerState, i: Instruction): number {
  const access = ACCESS[i.id];
  return access === Access.CallIndirect || access === Access.CallRef ? s.lastCall : -1;
}

/** Number of operands of a memory instruction, whose first one is the address. */
const operandsOf = (id: number): number => POPS[id];
