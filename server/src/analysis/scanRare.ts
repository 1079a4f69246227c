/** Instructions that the scanner's loop does not read by hand: everything with a prefix, and control. */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction, skipInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, MNEMONIC, Op, WIDTH } from '../wasm/instructions.ts';
import { Base } from './abstractValue.ts';
import { memoryAt, otherAccess } from './scanAccess.ts';
import { MEMORY_ACCESS, NOT_PLAIN, STACK_DELTA } from './scanContext.ts';
import type { ScannerState } from './scannerState.ts';

/** Values that an instruction which ends a block's code, or branches away, leaves behind do not matter. */
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

/**
 * Reads the instruction at `at`, moves `s.pos` and `s.height`, and tells whether the code behind it
 * is dead. Throws `DecodeFailure`.
 */
export function rareInstruction(s: ScannerState, at: number, end: number): boolean {
  const c = new Cursor(s.bytes, at, end);
  const byte = s.bytes[at];
  if (byte === Op.br || byte === Op.return || byte === Op.unreachable || byte === Op.br_table) {
    skipInstruction(c);
    s.pos = c.pos;
    return true;
  }
  const i = nextInstruction(c);
  s.pos = i.end;
  const delta = STACK_DELTA[i.id];
  // Wide enough for the operands of every instruction that is not a call.
  const height = s.height;
  if (MEMORY_ACCESS[i.id] >= 0) memoryAccess(s, i);
  else if (ACCESS[i.id] !== Access.None) otherAccess(s, i);
  if (delta !== NOT_PLAIN) {
    s.height = height + delta;
    if (delta > -16) clear(s, height + Math.min(delta, 0) - 1, s.height);
  } else {
    s.height = height + dependentDelta(s, i);
    clear(s, Math.min(height, s.height) - 1, s.height);
  }
  if (i.id === Op.i64_const) {
    const small = i.wide >= -0x8000_0000n && i.wide <= 0x7fff_ffffn;
    s.bases[s.height - 1] = small ? Base.Constant : Base.Unknown;
    s.values[s.height - 1] = small ? Number(i.wide) : 0;
  }
  return ENDS_CODE.has(i.id);
}

function clear(s: ScannerState, from: number, to: number): void {
  for (let k = Math.max(from, 0); k < to; k++) s.bases[k] = Base.Unknown;
}

/** Stack change of instructions whose operands depend on immediates. */
function dependentDelta(s: ScannerState, i: Instruction): number {
  const { arity } = s;
  const type = (index: number): number => {
    if (index >= arity.params.length) throw new DecodeFailure(i.start, `unknown type ${index}`);
    return index;
  };
  switch (i.id) {
    case Op.try_table: {
      const [form, value] = i.values;
      s.blockParams = form === BlockForm.Type ? arity.params[type(value)] : 0;
      s.blockResults = form === BlockForm.Type ? arity.results[value] : form === BlockForm.Result ? 1 : 0;
      return 0;
    }
    case Op.call_indirect:
    case Op.call_ref:
      return arity.results[type(i.values[0])] - arity.params[i.values[0]] - 1;
    case Op.struct_new: {
      const def = s.module.types[type(i.values[0])].composite;
      return def.kind === 'struct' ? 1 - def.fields.length : 0;
    }
    case Op.array_new_fixed:
      return 1 - i.values[1];
    case Op.br_on_null:
    case Op.br_on_cast:
    case Op.br_on_cast_fail:
      return 0;
    case Op.br_on_non_null:
    case Op.br_if:
      return -1;
    default:
      return 0;
  }
}

function memoryAccess(s: ScannerState, i: Instruction): void {
  const memory = i.values[1];
  memoryAt(s, i, memory);
  const address = s.height - operandsOf(i.id);
  // Beyond the integers of a double no address can be told.
  const base = i.wide < 2n ** 52n ? s.bases[address] : Base.Unknown;
  s.out.effect(
    s.out.table.memory(memory, MEMORY_ACCESS[i.id], base, s.values[address], Number(i.wide), WIDTH[i.id]),
    i.start,
  );
}

/** Operands of a plain memory instruction, its address first. */
function operandsOf(id: number): number {
  const access = ACCESS[id];
  const name = MNEMONIC[id] ?? '';
  if (access === Access.Load || access === Access.AtomicLoad) return name.endsWith('_lane') ? 2 : 1;
  if (access === Access.AtomicWait || name.includes('cmpxchg')) return 3;
  return 2;
}
