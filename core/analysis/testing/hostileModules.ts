/**
 * Modules that are as hard on the analysis as modules can be: deep and wide call graphs with pointers, tables, parameters
 * and locals in the greatest numbers that engines accept. Each has the export `run`, and `other`, which reads the mutable
 * global 0 that the end of all calls of `run` writes.
 */
import { Encoder } from '../../wasm/encoder.ts';
import { Op } from '../../wasm/ops.ts';
import { EMPTY_BLOCK_BYTE, I32 } from '../../wasm/types.ts';

/** Writes the instructions of a body, without its last `end`. */
type Code = (c: Body) => void;

/** The body of a function, an instruction after the other. */
class Body {
  readonly out = new Encoder(64);

  op(...bytes: number[]): this {
    for (const byte of bytes) this.out.u8(byte);
    return this;
  }

  constant(value: number): this {
    this.out.u8(Op.i32_const);
    this.out.s32(value | 0);
    return this;
  }

  private indexed(op: number, index: number): this {
    this.out.u8(op);
    this.out.u32(index);
    return this;
  }

  get = (local: number): this => this.indexed(Op.local_get, local);
  set = (local: number): this => this.indexed(Op.local_set, local);
  call = (func: number): this => this.indexed(Op.call, func);
  setGlobal = (global: number): this => this.indexed(Op.global_set, global);
  getGlobal = (global: number): this => this.indexed(Op.global_get, global);

  /** `local + offset`. */
  plus(local: number, offset: number): this {
    return this.get(local).constant(offset).op(Op.i32_add);
  }

  /** Stores the value on the stack at the address below it. */
  store(offset = 0): this {
    this.op(Op.i32_store, 2);
    this.out.u32(offset);
    return this;
  }

  load(offset = 0): this {
    this.op(Op.i32_load, 2);
    this.out.u32(offset);
    return this;
  }

  callIndirect(type: number, table = 0): this {
    this.indexed(Op.call_indirect, type);
    this.out.u32(table);
    return this;
  }

  block = (op: number): this => this.op(op, EMPTY_BLOCK_BYTE);
  end = (): this => this.op(Op.end);
}

/** A function: parameters and results are all i32. */
interface Func {
  params: number;
  results?: number;
  locals?: number;
  code: Code;
}

/** What a module is made of, besides a memory and a mutable global. The first function is `run`. */
interface Parts {
  functions: readonly Func[];
  /** Functions in the slots of table 0, from 0. */
  table?: readonly number[];
}

/** The type index of functions with so many parameters and results among those that `hostileModule` declares. */
const typeOf = (params: number, results = 0): number => params * 2 + results;

/** Encodes a module. Function indices are positions in `functions`; `other` and the last function are added behind them. */
function hostileModule({ functions, table = [] }: Parts): Uint8Array {
  const other: Func = { params: 0, code: (c) => c.getGlobal(0).op(Op.drop) };
  const all = [...functions, other];
  const most = all.reduce((sum, { params }) => Math.max(sum, params), 0);
  const out = new Encoder(1 << 20);
  const contents = new Encoder(1 << 20);
  const section = (id: number, write: (e: Encoder) => void): void => {
    contents.clear();
    write(contents);
    out.section(id, contents);
  };
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) out.u8(byte);
  section(1, (e) => {
    e.u32((most + 1) * 2);
    for (let params = 0; params <= most; params++)
      for (let results = 0; results < 2; results++) {
        e.u8(0x60);
        for (const count of [params, results]) {
          e.u32(count);
          for (let i = 0; i < count; i++) e.u8(I32);
        }
      }
  });
  section(3, (e) => {
    e.u32(all.length);
    for (const { params, results } of all) e.u32(typeOf(params, results));
  });
  if (table.length > 0)
    section(4, (e) => {
      e.u32(1);
      e.u8(0x70);
      e.u8(0);
      e.u32(table.length);
    });
  section(5, (e) => {
    for (const byte of [1, 0, 1]) e.u8(byte);
  });
  section(6, (e) => {
    for (const byte of [1, I32, 1, Op.i32_const, 0, Op.end]) e.u8(byte);
  });
  section(7, (e) => {
    e.u32(2);
    e.export('run', 'func', 0);
    e.export('other', 'func', functions.length);
  });
  if (table.length > 0)
    section(9, (e) => {
      e.u32(1);
      for (const byte of [0, Op.i32_const, 0, Op.end]) e.u8(byte);
      e.u32(table.length);
      for (const func of table) e.u32(func);
    });
  section(10, (e) => {
    e.u32(all.length);
    for (const { locals = 0, code } of all) {
      const body = new Body();
      body.out.u32(locals > 0 ? 1 : 0);
      if (locals > 0) {
        body.out.u32(locals);
        body.out.u8(I32);
      }
      code(body);
      body.end();
      e.u32(body.out.length);
      e.copy(body.out.bytes());
    }
  });
  return out.bytes().slice();
}

/** The function at the end of all calls: writes the global and, at its parameter, memory. */
const last = (params = 1): Func => ({
  params,
  code: (c) => c.constant(1).setGlobal(0).get(0).constant(1).store(),
});

const count = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

/** A chain of calls, each with a pointer that has moved, to the function that writes. */
export const chain = (length: number): Uint8Array =>
  hostileModule({
    functions: [
      ...count(
        length,
        (i): Func => ({
          params: 1,
          code: (c) =>
            c
              .get(0)
              .constant(i)
              .store(4)
              .plus(0, 4)
              .call(i + 1),
        }),
      ),
      last(),
    ],
  });

/** The same, the result of each call being a pointer that has moved. */
export const chainOfResults = (length: number): Uint8Array =>
  hostileModule({
    functions: [
      ...count(
        length,
        (i): Func => ({
          params: 1,
          results: 1,
          code: (c) =>
            c
              .get(0)
              .call(i + 1)
              .constant(4)
              .op(Op.i32_add)
              .set(0)
              .get(0)
              .constant(1)
              .store()
              .get(0),
        }),
      ),
      { params: 1, results: 1, code: (c) => c.constant(1).setGlobal(0).get(0) },
    ],
  });

/** Functions that all reach each other, each with several pointers that have moved, in one component. */
export const component = (size: number): Uint8Array =>
  hostileModule({
    functions: [
      ...count(
        size,
        (i): Func => ({
          params: 2,
          code: (c) =>
            c
              .get(0)
              .constant(i)
              .store(i % 64)
              .plus(0, 4)
              .plus(1, -8)
              .call((i + 1) % size)
              .get(1)
              .plus(0, 12)
              .call((i * 7919 + 13) % size)
              .plus(1, i)
              .call(size),
        }),
      ),
      last(),
    ],
  });

/** Each function calls the next one twice, with and without an offset: `2 ** length` different pointers at the end. */
export const doubling = (length: number): Uint8Array =>
  hostileModule({
    functions: [
      ...count(
        length,
        (i): Func => ({
          params: 1,
          code: (c) =>
            c
              .get(0)
              .call(i + 1)
              .plus(0, 2 ** (i % 31))
              .call(i + 1),
        }),
      ),
      last(),
    ],
  });

/** Each function calls the next one with its parameters in another order, and stores at all of them. */
export const permutations = (functions: number, params: number): Uint8Array =>
  hostileModule({
    functions: [
      ...count(
        functions,
        (i): Func => ({
          params,
          code: (c) => {
            for (let k = 0; k < params; k++) c.get(k).constant(1).store(k);
            for (let k = 0; k < params; k++) c.plus((k * 3 + i) % params, k);
            c.call(i + 1);
          },
        }),
      ),
      last(params),
    ],
  });

/** A callee of `offsets` accesses of its parameter, called by `callers` functions with constants of their own. */
export const products = (callers: number, offsets: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 0,
        code: (c) => {
          for (let i = 0; i < callers; i++) c.call(i + 1);
        },
      },
      ...count(callers, (i): Func => ({ params: 0, code: (c) => c.constant(i * 64).call(callers + 1) })),
      {
        params: 1,
        code: (c) => {
          for (let i = 0; i < offsets; i++)
            c.get(0)
              .constant(1)
              .store(i * 4);
          c.constant(1).setGlobal(0);
        },
      },
    ],
  });

/** Many calls with arguments of their own through a table of many slots. */
export const indirect = (slots: number, targets: number, sites: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 1,
        code: (c) => {
          for (let i = 0; i < sites; i++)
            c.plus(0, i * 4)
              .constant(i)
              .callIndirect(typeOf(1));
        },
      },
      ...count(
        targets,
        (i): Func => ({
          params: 1,
          code: (c) =>
            c.get(0).constant(1).store(i).constant(1).setGlobal(0).plus(0, 8).constant(i).callIndirect(typeOf(1)),
        }),
      ),
    ],
    table: count(slots, (i) => 1 + (i % targets)),
  });

/** Blocks and loops in each other, each of which moves a pointer that the loops around it move too. */
export const nested = (depth: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 2,
        code: (c) => {
          for (let i = 0; i < depth; i++)
            c.block(i % 2 === 0 ? Op.loop : Op.block)
              .plus(i % 2, 4)
              .set(1 - (i % 2));
          c.get(0).constant(1).store().constant(1).setGlobal(0);
          for (let i = 0; i < depth; i++)
            c.plus(i % 2, 8)
              .set(i % 2)
              .end();
        },
      },
    ],
  });

/** Locals that a loop sets, each from the one before it, and stores at. */
export const locals = (number: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 1,
        locals: number,
        code: (c) => {
          c.block(Op.loop);
          for (let i = 1; i <= number; i++)
            c.plus(i - 1, 4)
              .set(i)
              .get(i)
              .constant(1)
              .store();
          c.get(number).set(0).get(0).op(Op.br_if, 0).end().constant(1).setGlobal(0);
        },
      },
    ],
  });

/** A pointer that is loaded from where it leads to, again and again. */
export const pointers = (loads: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 1,
        code: (c) => {
          for (let i = 0; i < loads; i++)
            c.get(0)
              .load(i % 256)
              .set(0);
          c.get(0).constant(1).store().constant(1).setGlobal(0);
        },
      },
    ],
  });

/** Sums of a sum with itself, selects of selects: values that double with each step when they are written out. */
export const expressions = (steps: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 2,
        code: (c) => {
          for (let i = 0; i < steps; i++) {
            c.get(0).get(0).op(Op.i32_add).set(1);
            c.plus(1, 4).plus(0, i).get(1).op(Op.select).set(0);
            c.get(0).get(1).op(Op.i32_mul).get(0).op(Op.i32_shl).constant(1).store();
          }
          c.constant(1).setGlobal(0);
        },
      },
    ],
  });

/** An address that is a sum of many terms, and one that many calls in each other return. */
export const deepOperands = (depth: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 2,
        code: (c) => {
          for (let i = 0; i < depth; i++) c.plus(i % 2, i);
          for (let i = 1; i < depth; i++) c.op(Op.i32_add);
          c.constant(1).store().get(0);
          for (let i = 0; i < depth; i++) c.call(1);
          c.constant(1).store().constant(1).setGlobal(0);
        },
      },
      { params: 1, results: 1, code: (c) => c.plus(0, 4) },
    ],
  });

/** One function that calls very many others, with a pointer of its own each. */
export const fan = (size: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 1,
        code: (c) => {
          for (let i = 0; i < size; i++) c.plus(0, i * 8).call(i + 1);
        },
      },
      ...count(size, (i): Func => ({ params: 1, code: (c) => c.get(0).constant(i).store(i).constant(1).setGlobal(0) })),
    ],
  });

/** Values that leave blocks in very many ways: each branch with a pointer of its own. */
export const branches = (number: number): Uint8Array =>
  hostileModule({
    functions: [
      {
        params: 2,
        code: (c) => {
          c.op(Op.block, I32);
          for (let i = 0; i < number; i++)
            c.plus(0, i * 4)
              .get(1)
              .op(Op.br_if, 0)
              .op(Op.drop);
          c.get(1).end().constant(1).store().constant(1).setGlobal(0);
        },
      },
    ],
  });

/** Functions that all reach each other, each of which returns a pointer that the next one returned, moved. */
export const componentOfResults = (size: number): Uint8Array =>
  hostileModule({
    functions: [
      ...count(
        size,
        (i): Func => ({
          params: 1,
          results: 1,
          code: (c) =>
            c
              .get(0)
              .block(Op.if)
              .get(0)
              .op(Op.return, Op.end)
              .plus(0, 4)
              .call((i + 1) % size)
              .set(0)
              .get(0)
              .constant(i)
              .store()
              .plus(0, i)
              .call((i * 7919 + 13) % size)
              .get(0)
              .call(size),
        }),
      ),
      last(),
    ],
  });
