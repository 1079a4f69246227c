/** Expressions of any type: every instruction of the table that gives such a value can be among them. */
import { IMM, Imm, SIGNATURE } from '../../../core/wasm/instructions.ts';
import {
  ANY,
  CONCRETE,
  EQ,
  EXTERN,
  EXTERNREF,
  F32,
  F64,
  FUNC,
  FUNCREF,
  type FuncType,
  heapOf,
  I31,
  I32,
  I64,
  isRef,
  refType,
  type StructType,
  V128,
  type ValType,
} from '../../../core/wasm/types.ts';
import { BY_RESULT, CONSTANTS } from './choices.ts';
import { choice, type ModuleShape, TYPE } from './shape.ts';
import { Writer } from './writer.ts';

const LETTER = new Map<ValType, string>([
  [I32, 'i'],
  [I64, 'l'],
  [F32, 'f'],
  [F64, 'd'],
  [V128, 'v'],
]);
const OF_LETTER = new Map([...LETTER].map(([type, letter]) => [letter, type]));

/** Depth from which only constants and variables are written. */
const DEEPEST = 4;

/** Block types of one result, and of none. */
export const EMPTY_BLOCK = 0x40;

/** Writes values; the locals are those of the function. */
export class ValueWriter extends Writer {
  locals: ValType[] = [];
  /** Results that a branch to each label takes, the innermost last. */
  labels: ValType[][] = [];

  value(type: ValType, depth = 0): void {
    const { next, out } = this;
    if (depth < DEEPEST && next(10) === 0) {
      this.around(type, depth);
      return;
    }
    const kind = next(6);
    const local = this.randomIndex(this.locals, (one) => one === type);
    if (kind === 0 && local !== undefined) {
      if (next(3) === 0) {
        this.value(type, depth + 1);
        this.op('local.tee');
      } else this.op('local.get');
      out.u32(local);
      return;
    }
    const global = this.randomIndex(this.shape.globals, (one) => one.type === type);
    if (kind === 1 && global !== undefined) {
      this.op('global.get');
      out.u32(global);
      return;
    }
    const call = this.randomIndex(this.shape.functions, (one) => {
      const { results } = this.shape.types[one] as FuncType;
      return results.length === 1 && results[0] === type;
    });
    if (kind === 2 && call !== undefined && depth < DEEPEST) {
      this.call(call, depth);
      return;
    }
    if (!isRef(type)) {
      this.number(type, depth);
      return;
    }
    this.reference(heapOf(type), depth);
    if (next(8) === 0) this.op('ref.as_non_null');
  }

  values(types: readonly ValType[], depth = 0): void {
    for (const type of types) this.value(type, depth);
  }

  /** An index of an item at random among those that fit. */
  randomIndex<T>(items: readonly T[], fits: (item: T) => boolean): number | undefined {
    const found = items.flatMap((item, i) => (fits(item) ? [i] : []));
    return found.length === 0 ? undefined : choice(found, this.next);
  }

  addressType(memory: number): ValType {
    return this.shape.memories[memory].is64 ? I64 : I32;
  }

  /** Operands, opcode and immediates of an instruction of `BY_RESULT`, on `memory`. */
  plainWithOperands(id: number, memory: number, depth: number): void {
    const [operands] = SIGNATURE[id].split('>');
    const source = IMM[id] === Imm.MemoryMemory ? this.next(this.shape.memories.length) : memory;
    const address = this.addressType(memory);
    const narrow = this.shape.memories[source].is64 ? address : I32;
    let addresses = 0;
    for (const letter of operands) {
      if (letter !== 'a') this.value(OF_LETTER.get(letter) ?? I32, depth + 1);
      else
        this.value(
          [address, this.addressType(source), narrow][IMM[id] === Imm.MemoryMemory ? addresses++ : 0],
          depth + 1,
        );
    }
    this.plain(id, memory, source);
  }

  call(func: number, depth: number): void {
    this.values((this.shape.types[this.shape.functions[func]] as FuncType).params, depth + 1);
    this.op('call');
    this.out.u32(func);
  }

  private number(type: ValType, depth: number): void {
    const letter = LETTER.get(type) ?? 'i';
    const constant = CONSTANTS.get(letter) ?? 0;
    if (depth >= DEEPEST || this.next(4) === 0) {
      this.plain(constant, 0, 0);
      return;
    }
    const memory = this.next(this.shape.memories.length);
    if (type === I32 && this.next(4) === 0) {
      this.ofReference(depth);
      return;
    }
    if (this.next(10) === 0 && this.inspected(type, depth)) return;
    const ids = BY_RESULT.get(this.addressType(memory) === type && this.next(8) === 0 ? 'a' : letter) ?? [];
    this.plainWithOperands(choice(ids, this.next), memory, depth);
  }

  /** The size of a table, or an element of an array, if there is one of the type. */
  private inspected(type: ValType, depth: number): boolean {
    const table = this.randomIndex(this.shape.tables, ({ is64 }) => (is64 ? I64 : I32) === type);
    const words = this.shape.types[TYPE.words];
    if (words.kind === 'array' && words.field.type === type) {
      this.values([refType(CONCRETE + TYPE.words, true), I32], depth + 1);
      this.op('array.get');
      this.out.u32(TYPE.words);
      return true;
    }
    if (table === undefined) return false;
    this.op('table.size');
    this.out.u32(table);
    return true;
  }

  /** An i32 that tells something about a reference, or is inside of one. */
  private ofReference(depth: number): void {
    const { next, out } = this;
    const struct = refType(CONCRETE + TYPE.struct, true);
    const bytes = refType(CONCRETE + TYPE.bytes, true);
    switch (next(8)) {
      case 0:
        this.value(choice([FUNCREF, EXTERNREF, struct], next), depth + 1);
        this.op('ref.is_null');
        return;
      case 1:
        this.value(refType(EQ, true), depth + 1);
        this.value(choice([refType(EQ, true), struct], next), depth + 1);
        this.op('ref.eq');
        return;
      case 2:
        this.value(struct, depth + 1);
        this.op(choice(['struct.get_s', 'struct.get_u'], next));
        out.u32(TYPE.struct);
        out.u32(1);
        return;
      case 3:
        this.values([bytes, I32], depth + 1);
        this.op(choice(['array.get_s', 'array.get_u'], next));
        out.u32(TYPE.bytes);
        return;
      case 4:
        this.value(choice([bytes, refType(CONCRETE + TYPE.words, true)], next), depth + 1);
        this.op('array.len');
        return;
      case 5:
        this.value(refType(ANY, true), depth + 1);
        this.op(0x114 + next(2));
        this.out.heapType(choice([EQ, I31, CONCRETE + TYPE.struct], next));
        return;
      case 6:
        this.value(refType(I31, true), depth + 1);
        this.op(choice(['i31.get_s', 'i31.get_u'], next));
        return;
      default:
        this.value(struct, depth + 1);
        this.op('struct.get');
        out.u32(TYPE.struct);
        out.u32(0);
    }
  }

  /** A nullable reference to `heap`. */
  private reference(heap: number, depth: number): void {
    const { next, out, shape } = this;
    const table = this.randomIndex(shape.tables, ({ element }) => heapOf(element) === heap);
    if (depth < DEEPEST && table !== undefined && next(4) === 0) {
      this.value(shape.tables[table].is64 ? I64 : I32, depth + 1);
      this.op('table.get');
      out.u32(table);
      return;
    }
    if (depth >= DEEPEST || next(4) === 0) {
      this.op('ref.null');
      out.heapType(heap);
      return;
    }
    switch (heap) {
      case FUNC:
        this.functionReference(() => true, heap);
        return;
      case EXTERN:
        this.value(refType(ANY, true), depth + 1);
        this.op('extern.convert_any');
        return;
      case ANY:
        if (next(2) === 0) {
          this.reference(EQ, depth + 1);
          return;
        }
        this.value(EXTERNREF, depth + 1);
        this.op('any.convert_extern');
        return;
      case EQ:
        this.reference(choice([I31, CONCRETE + TYPE.struct, CONCRETE + TYPE.bytes], next), depth + 1);
        return;
      case I31:
        if (next(4) === 0) {
          this.cast(heap, depth);
          return;
        }
        this.value(I32, depth + 1);
        this.op('ref.i31');
        return;
      default:
        if (next(5) === 0) {
          this.cast(heap, depth);
          return;
        }
        this.concrete(heap - CONCRETE, depth);
    }
  }

  private cast(heap: number, depth: number): void {
    const isFunction = heap >= CONCRETE && this.shape.types[heap - CONCRETE].kind === 'func';
    this.value(refType(isFunction ? FUNC : ANY, true), depth + 1);
    this.op(0x116 + this.next(2));
    this.out.heapType(heap);
  }

  private functionReference(fits: (type: number) => boolean, heap: number): void {
    const func = this.randomIndex(this.shape.functions, fits);
    this.op(func === undefined ? 'ref.null' : 'ref.func');
    if (func === undefined) this.out.heapType(heap);
    else this.out.u32(func);
  }

  private concrete(index: number, depth: number): void {
    const { next, out } = this;
    const type = this.shape.types[index];
    if (type.kind === 'func') {
      this.functionReference((one) => one === index, CONCRETE + index);
      return;
    }
    if (type.kind === 'struct') {
      this.newStruct(type, index, depth);
      return;
    }
    const element = type.field.type < I32 - 4 ? I32 : type.field.type;
    const from = index === TYPE.refs ? 'array.new_elem' : 'array.new_data';
    const how = choice(['array.new', 'array.new_default', 'array.new_fixed', from], next);
    const count = next(3);
    if (how === 'array.new') this.values([element, I32], depth + 1);
    else if (how === 'array.new_default') this.value(I32, depth + 1);
    else if (how === 'array.new_fixed') for (let i = 0; i < count; i++) this.value(element, depth + 1);
    else this.values([I32, I32], depth + 1);
    this.op(how);
    out.u32(index);
    if (how === 'array.new_fixed') out.u32(count);
    else if (how === 'array.new_elem') out.u32(next(2));
    else if (how === 'array.new_data') out.u32(next(this.shape.data.length));
  }

  private newStruct({ fields }: StructType, index: number, depth: number): void {
    const isDefault = this.next(2) === 0;
    if (!isDefault) for (const { type } of fields) this.value(type < V128 ? I32 : type, depth + 1);
    this.op(isDefault ? 'struct.new_default' : 'struct.new');
    this.out.u32(index);
  }

  /** A block, an `if`, a `select` or a branch that hands on a value. */
  private around(type: ValType, depth: number): void {
    const { next, out } = this;
    switch (next(4)) {
      case 0:
        this.values([type, type, I32], depth + 1);
        this.op(0x1c);
        out.u8(1);
        out.valType(type);
        return;
      case 1:
        this.value(I32, depth + 1);
        this.op('if');
        out.valType(type);
        this.labels.push([type]);
        this.value(type, depth + 1);
        this.op('else');
        this.value(type, depth + 1);
        break;
      case 2:
        this.op('block');
        out.valType(type);
        this.labels.push([type]);
        this.values([type, I32], depth + 1);
        this.op('br_if');
        out.u32(0);
        break;
      default:
        this.op('block');
        out.valType(type);
        this.labels.push([type]);
        this.value(type, depth + 1);
        if (isRef(type) && next(2) === 0) {
          // The label takes the reference if it is not null.
          this.op('br_on_non_null');
          out.u32(0);
          this.value(type, depth + 1);
        }
    }
    this.op('end');
    this.labels.pop();
  }
}

/** A constant expression of the type, with its `end`. */
export function constantExpression(type: ValType, writer: Writer, shape: ModuleShape): void {
  const { next, out } = writer;
  const letter = LETTER.get(type);
  if (letter === undefined) {
    const heap = heapOf(type);
    const index = heap - CONCRETE;
    if (heap === I31 && next(2) === 0) {
      writer.plain(CONSTANTS.get('i') ?? 0, 0, 0);
      writer.op('ref.i31');
    } else if (heap >= CONCRETE && shape.types[index].kind === 'struct' && next(2) === 0) {
      writer.op('struct.new_default');
      out.u32(index);
    } else {
      writer.op('ref.null');
      out.heapType(heap);
    }
  } else {
    writer.plain(CONSTANTS.get(letter) ?? 0, 0, 0);
    if ((letter === 'i' || letter === 'l') && next(3) === 0) {
      writer.plain(CONSTANTS.get(letter) ?? 0, 0, 0);
      writer.op(`${letter === 'i' ? 'i32' : 'i64'}.${choice(['add', 'sub', 'mul'], next)}`);
    }
  }
  writer.op('end');
}
