/** Instructions that the scanner's loop does not read by hand: everything with a prefix, and control. */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import { BlockForm, type Instruction, nextInstruction, skipInstruction } from '../wasm/immediates.ts';
import { ACCESS, Access, MNEMONIC, Op, WIDTH } from '../wasm/instructions.ts';
import { BASE_MASK, Base } from './abstractValue.ts';
import { ATOMIC_READ, ATOMIC_WRITE, GC_HEAP, READ, REF_FUNC, WRITE } from './effectTable.ts';
import type { Scanner } from './scan.ts';
import { MEMORY_ACCESS, NOT_PLAIN, STACK_DELTA } from './scanContext.ts';

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
export function rareInstruction(s: Scanner, at: number, end: number): boolean {
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

function clear(s: Scanner, from: number, to: number): void {
  for (let k = Math.max(from, 0); k < to; k++) s.bases[k] = Base.Unknown;
}

/** Stack change of instructions whose operands depend on immediates. */
function dependentDelta(s: Scanner, i: Instruction): number {
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

function memoryAccess(s: Scanner, i: Instruction): void {
  const memory = i.values[1];
  if (memory >= s.module.memories.length) throw new DecodeFailure(i.start, `unknown memory ${memory}`);
  const address = s.height - operandsOf(i.id);
  const offset = i.wide > 0xffff_ffffn ? Number.MAX_SAFE_INTEGER : Number(i.wide);
  s.out.effect(
    s.out.table.memory(memory, MEMORY_ACCESS[i.id], s.bases[address], s.values[address], offset, WIDTH[i.id]),
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

/** Constant on the stack `back` below the top, -1 when not known. */
const constantAt = (s: Scanner, back: number): number =>
  s.bases[s.height - back] === Base.Constant ? s.values[s.height - back] >>> 0 : -1;

function otherAccess(s: Scanner, i: Instruction): void {
  const { out, module } = s;
  const { table } = out;
  const [a, b] = i.values;
  const emit = (id: number) => out.effect(id, i.start);
  const region = (memory: number, access: number, back: number, size: number) =>
    emit(table.memory(memory, access, s.bases[s.height - back], s.values[s.height - back], 0, Math.max(size, 0)));
  const slots = (index: number, access: number, back: number, single: boolean) => {
    const base = s.bases[s.height - back];
    emit(
      table.table(
        index,
        access,
        single || (base & BASE_MASK) !== Base.Constant ? base : Base.Unknown,
        s.values[s.height - back],
      ),
    );
  };
  switch (ACCESS[i.id]) {
    case Access.MemorySize:
      return emit(table.cell('memory.grow', a, module.memories[a]?.limits.shared ? ATOMIC_READ : READ));
    case Access.MemoryGrow: {
      const limits = module.memories[a]?.limits;
      if (limits === undefined) throw new DecodeFailure(i.start, `unknown memory ${a}`);
      // Growing by nothing, or a memory that is at its maximum, only reads the size.
      const refused = constantAt(s, 1) === 0 || (limits.max !== undefined && limits.min >= limits.max);
      if (limits.shared) return emit(table.cell('memory.grow', a, refused ? ATOMIC_READ : ATOMIC_WRITE));
      return emit(table.cell('memory.grow', a, refused ? READ : WRITE));
    }
    case Access.MemoryFill:
      return region(a, WRITE, 3, constantAt(s, 1));
    case Access.MemoryCopy:
      region(a, WRITE, 3, constantAt(s, 1));
      return region(b, READ, 2, constantAt(s, 1));
    case Access.MemoryInit:
      emit(table.cell('segment', a, READ, 'data'));
      return region(b, WRITE, 3, constantAt(s, 1));
    case Access.DataDrop:
      return emit(table.cell('segment', a, WRITE, 'data'));
    case Access.TableGet:
      return slots(a, READ, 1, true);
    case Access.TableSet:
      s.mutatedTables.add(a);
      return slots(a, WRITE, 2, true);
    case Access.TableSize:
      return emit(table.cell('table.grow', a, READ));
    case Access.TableGrow:
      s.mutatedTables.add(a);
      return emit(table.cell('table.grow', a, constantAt(s, 1) === 0 ? READ : WRITE));
    case Access.TableFill:
      s.mutatedTables.add(a);
      return slots(a, WRITE, 3, constantAt(s, 1) === 1);
    case Access.TableCopy:
      s.mutatedTables.add(a);
      slots(a, WRITE, 3, constantAt(s, 1) === 1);
      return slots(b, READ, 2, constantAt(s, 1) === 1);
    case Access.TableInit:
      s.mutatedTables.add(b);
      emit(table.cell('segment', a, READ, 'element'));
      return slots(b, WRITE, 3, constantAt(s, 1) === 1);
    case Access.ElemDrop:
      return emit(table.cell('segment', a, WRITE, 'element'));
    case Access.Call: {
      // Only the tail call comes here.
      if (a >= module.functions.typeIndex.length) throw new DecodeFailure(i.start, `unknown function ${a}`);
      if (a < module.functions.imported) return emit(s.hostCall[a]);
      return out.call(a, i.start);
    }
    case Access.CallIndirect:
      slots(b, READ, 1, true);
      return out.callIndirect(b, a, i.start);
    case Access.CallRef:
      return out.callIndirect(-1, a, i.start);
    case Access.RefFunc:
      s.referenced.add(a);
      return emit(table.cell('host', REF_FUNC, WRITE));
    case Access.HeapRead:
    case Access.HeapWrite:
      return emit(table.cell('global', GC_HEAP, ACCESS[i.id] === Access.HeapRead ? READ : WRITE));
  }
}
