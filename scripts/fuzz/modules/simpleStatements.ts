/** Statements that contain no other code: assignments, calls, and what is done to tables and to the heap. */
import { CONCRETE, type FuncType, I32, I64, refType, type StructType, V128 } from '../../../core/wasm/types.ts';
import { WIDE } from './choices.ts';
import { choice, TYPE } from './shape.ts';
import { ValueWriter } from './values.ts';

/** Structures of the heap. */
export const STRUCT = refType(CONCRETE + TYPE.struct, true);

/** Writes such statements, one of each kind. */
export class SimpleStatementWriter extends ValueWriter {
  protected assignment(): void {
    const local = this.randomIndex(this.locals, () => true);
    const global = this.randomIndex(this.shape.globals, ({ mutable }) => mutable);
    if (global !== undefined && this.next(2) === 0) {
      this.value(this.shape.globals[global].type);
      this.op('global.set');
      this.out.u32(global);
    } else if (local !== undefined) {
      this.value(this.locals[local]);
      this.op('local.set');
      this.out.u32(local);
    }
  }

  protected anyCall(): void {
    const { next, out, shape } = this;
    const func = next(shape.functions.length);
    const index = shape.functions[func];
    const { params, results } = shape.types[index] as FuncType;
    switch (next(3)) {
      case 0:
        this.call(func, 1);
        break;
      case 1: {
        const table = next(2);
        this.values(params, 1);
        this.value(shape.tables[table].is64 ? I64 : I32, 2);
        this.op('call_indirect');
        out.u32(index);
        out.u32(table);
        break;
      }
      default:
        this.values(params, 1);
        this.value(refType(CONCRETE + index, true), 2);
        this.op('call_ref');
        out.u32(index);
    }
    for (const _ of results) this.op('drop');
  }

  protected tableStatement(): void {
    const { next, out, shape } = this;
    const table = next(shape.tables.length);
    const { element, is64 } = shape.tables[table];
    const index = is64 ? I64 : I32;
    switch (next(6)) {
      case 0:
        this.values([index, element]);
        this.op('table.set');
        out.u32(table);
        return;
      case 1:
        this.values([element, index]);
        this.op('table.grow');
        out.u32(table);
        this.op('drop');
        return;
      case 2:
        this.values([index, element, index]);
        this.op('table.fill');
        out.u32(table);
        return;
      case 3: {
        this.values([shape.tables[0].is64 ? I64 : I32, shape.tables[1].is64 ? I64 : I32]);
        this.value(shape.tables[0].is64 && shape.tables[1].is64 ? I64 : I32);
        this.op('table.copy');
        out.u32(0);
        out.u32(1);
        return;
      }
      case 4:
        this.value(shape.tables[0].is64 ? I64 : I32);
        this.values([I32, I32]);
        this.op('table.init');
        out.u32(next(3));
        out.u32(0);
        return;
      default:
        this.op('elem.drop');
        out.u32(next(3));
        return;
    }
  }

  protected heapStatement(): void {
    const { next, out, shape } = this;
    const bytes = refType(CONCRETE + TYPE.bytes, true);
    const refs = refType(CONCRETE + TYPE.refs, true);
    const { fields } = shape.types[TYPE.struct] as StructType;
    switch (next(6)) {
      case 0: {
        const field = this.randomIndex(fields, ({ mutable }) => mutable) ?? 0;
        const { type } = fields[field];
        this.values([STRUCT, type < V128 ? I32 : type]);
        this.op('struct.set');
        out.u32(TYPE.struct);
        out.u32(field);
        return;
      }
      case 1:
        this.values([bytes, I32, I32]);
        this.op('array.set');
        out.u32(TYPE.bytes);
        return;
      case 2:
        this.values([bytes, I32, I32, I32]);
        this.op('array.fill');
        out.u32(TYPE.bytes);
        return;
      case 3:
        this.values([refs, I32, refs, I32, I32]);
        this.op('array.copy');
        out.u32(TYPE.refs);
        out.u32(TYPE.refs);
        return;
      case 4:
        this.values([bytes, I32, I32, I32]);
        this.op('array.init_data');
        out.u32(TYPE.bytes);
        out.u32(next(shape.data.length));
        return;
      default:
        this.values([refs, I32, I32, I32]);
        this.op('array.init_elem');
        out.u32(TYPE.refs);
        out.u32(next(2));
    }
  }

  protected wide(): void {
    if (!this.shape.features.beyondEngines) {
      this.op('nop');
      return;
    }
    const id = choice(WIDE, this.next);
    const isMul = id >= WIDE[2];
    this.values(isMul ? [I64, I64] : [I64, I64, I64, I64]);
    this.op(id);
    this.op('drop');
    this.op('drop');
  }
}
