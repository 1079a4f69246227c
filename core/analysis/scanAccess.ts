/** Accesses other than loads and stores: growth, bulk operations, tables, segments, indirect calls, the GC heap. */
import { t } from '../text/l10n.ts';
import { DecodeFailure } from '../wasm/cursor.ts';
import type { Instruction } from '../wasm/immediates.ts';
import { ACCESS, Access } from '../wasm/instructions.ts';
import type { Memory } from '../wasm/module.ts';
import { ANYWHERE, BASE_MASK, Base, baseIndex, isExactParameter } from './abstractValue.ts';
import { ATOMIC_READ, ATOMIC_WRITE, READ, WRITE } from './effectTable.ts';
import { callHost } from './hostCalls.ts';
import { FLOOR, type ScannerState } from './scannerState.ts';

/**
 * The memory that instruction `i` names.
 * @throws DecodeFailure if there is none.
 */
export function memoryAt(s: ScannerState, i: Instruction, index: number): Memory {
  const memory = s.module.memories[index];
  if (memory === undefined) throw new DecodeFailure(i.start, t('unknown memory {0}', index));
  return memory;
}

/** Constant on the stack, `back` values below the top; -1 if unknown. */
const constantAt = (s: ScannerState, back: number): number =>
  s.bases[s.height - back] === Base.Constant ? s.values[s.height - back] >>> 0 : -1;

/** An access of as many bytes as the top of the stack says, at the address `back` values below it. */
export function regionAccess(s: ScannerState, memory: number, access: number, back: number, site: number): void {
  const { out, bases, values, height } = s;
  const base = bases[height - back];
  const value = values[height - back];
  const given = bases[height - 1];
  if (isExactParameter(base) && isExactParameter(given) && values[height - 1] === 0) {
    const form = out.table.memoryForm(memory, access);
    out.effect(out.table.range(form, base, value, value, { length: baseIndex(given) }), site);
  } else out.access(memory, access, base, value, 0, Math.max(constantAt(s, 1), 0), site);
}

/**
 * Records what an instruction other than a load or store does to shared state.
 * @throws DecodeFailure if the instruction names an item that does not exist.
 */
export function otherAccess(s: ScannerState, i: Instruction): void {
  const { out, module } = s;
  const { table } = out;
  const [a, b] = i.values;
  const emit = (id: number) => out.effect(id, i.start);
  const region = (memory: number, access: number, back: number) => {
    memoryAt(s, i, memory);
    regionAccess(s, memory, access, back, i.start);
  };
  const called = (target: number, type: number, operands: number) => {
    const params = s.arity.params[type] ?? 0;
    const height = s.height - operands;
    if (height - params < FLOOR) throw new DecodeFailure(i.start, t('operand stack underflow'));
    s.lastCall = out.callWith(target, i.start, s.bases, s.values, height, params);
  };
  const slots = (index: number, access: number, back: number, single: boolean) => {
    const base = s.bases[s.height - back];
    emit(
      table.table(
        index,
        access,
        single || (base & BASE_MASK) !== Base.Constant ? (single ? base : base | ANYWHERE) : Base.Unknown,
        s.values[s.height - back],
      ),
    );
  };
  switch (ACCESS[i.id]) {
    case Access.MemorySize:
      emit(table.cell('memory.grow', a, memoryAt(s, i, a).limits.shared ? ATOMIC_READ : READ));
      break;
    case Access.MemoryGrow: {
      const { limits } = memoryAt(s, i, a);
      // Growth by zero, or of a memory at its maximum, only reads the size.
      const refused = constantAt(s, 1) === 0 || (limits.max !== undefined && limits.min >= limits.max);
      const read = limits.shared ? ATOMIC_READ : READ;
      const write = limits.shared ? ATOMIC_WRITE : WRITE;
      emit(table.cell('memory.grow', a, refused ? read : write));
      break;
    }
    case Access.MemoryFill:
      region(a, WRITE, 3);
      break;
    case Access.MemoryCopy:
      region(a, WRITE, 3);
      region(b, READ, 2);
      break;
    case Access.MemoryInit:
      emit(table.cell('segment', a, READ, 'data'));
      region(b, WRITE, 3);
      break;
    case Access.DataDrop:
      emit(table.cell('segment', a, WRITE, 'data'));
      break;
    case Access.TableGet:
      slots(a, READ, 1, true);
      break;
    case Access.TableSet:
      s.mutatedTables.add(a);
      slots(a, WRITE, 2, true);
      break;
    case Access.TableSize:
      emit(table.cell('table.grow', a, READ));
      break;
    case Access.TableGrow:
      s.mutatedTables.add(a);
      emit(table.cell('table.grow', a, constantAt(s, 1) === 0 ? READ : WRITE));
      break;
    case Access.TableFill:
      s.mutatedTables.add(a);
      slots(a, WRITE, 3, constantAt(s, 1) === 1);
      break;
    case Access.TableCopy:
      s.mutatedTables.add(a);
      slots(a, WRITE, 3, constantAt(s, 1) === 1);
      slots(b, READ, 2, constantAt(s, 1) === 1);
      break;
    case Access.TableInit:
      s.mutatedTables.add(b);
      emit(table.cell('segment', a, READ, 'element'));
      slots(b, WRITE, 3, constantAt(s, 1) === 1);
      break;
    case Access.ElemDrop:
      emit(table.cell('segment', a, WRITE, 'element'));
      break;
    case Access.Call: {
      // Only `return_call` gets here.
      if (a >= module.functions.typeIndex.length) throw new DecodeFailure(i.start, t('unknown function {0}', a));
      if (a < module.functions.imported) {
        callHost(s, a, s.height, i.start);
        const first = Math.max(FLOOR, s.height - (s.arity.params[module.functions.typeIndex[a]] ?? 0));
        for (let k = first; k < s.height; k++) out.lose(s.bases[k]);
        s.lastCall = out.callWith(a, i.start, s.bases, s.values, s.height, s.height - first);
      } else {
        out.call(a, i.start);
        called(a, module.functions.typeIndex[a], 0);
      }
      break;
    }
    case Access.CallIndirect:
      slots(b, READ, 1, true);
      called(out.callIndirect(b, a, i.start), a, 1);
      break;
    case Access.CallRef:
      called(out.callIndirect(-1, a, i.start), a, 1);
      break;
    case Access.RefFunc:
      s.referenced.add(a);
      emit(table.cell('ref.func', 0, WRITE));
      break;
    case Access.HeapRead:
    case Access.HeapWrite:
      emit(table.cell('heap', 0, ACCESS[i.id] === Access.HeapRead ? READ : WRITE));
  }
}
