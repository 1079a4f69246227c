/**
 * Valid modules with every proposal: the shape is drawn first, then each section is written. Every instruction of the
 * table occurs; `generate.test.ts` counts.
 */
import type { Random } from '../../../core/testing/random.ts';
import { Encoder } from '../../../core/wasm/encoder.ts';
import { type FieldType, type FuncType, I32, I64 } from '../../../core/wasm/types.ts';
import { choice, type ModuleShape, randomShape, type Sized, TYPE } from './shape.ts';
import { StatementWriter } from './statements.ts';
import { constantExpression } from './values.ts';
import { Writer } from './writer.ts';

const NAMES = ['f', 'get', 'set', 'malloc', 'free', '_initialize', '__wasm_call_ctors', 'naïve', '\u3164', 'a b', ''];

/** A valid module. */
export function randomModule(next: Random): Uint8Array {
  const shape = randomShape(next);
  const out = new Encoder(4096);
  out.copy(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const section = (id: number, write: (w: Writer) => void): void => {
    const writer = new Writer(shape, next);
    write(writer);
    out.section(id, writer.out);
  };
  section(1, (w) => types(w, shape));
  section(2, ({ out: o }) => imports(o, shape));
  section(3, ({ out: o }) => {
    const defined = shape.functions.slice(shape.importedFunctions);
    o.u32(defined.length);
    for (const type of defined) o.u32(type);
  });
  section(4, ({ out: o }) => {
    o.u32(shape.tables.length);
    for (const table of shape.tables) {
      o.valType(table.element);
      limits(o, table, next);
    }
  });
  section(5, ({ out: o }) => {
    o.u32(shape.memories.length);
    for (const memory of shape.memories) limits(o, memory, next);
  });
  section(13, ({ out: o }) => {
    o.u32(shape.tags.length);
    for (const type of shape.tags) {
      o.u8(0);
      o.u32(type);
    }
  });
  section(6, (w) => {
    w.out.u32(shape.globals.length);
    for (const { type, mutable } of shape.globals) {
      w.out.valType(type);
      w.out.u8(mutable ? 1 : 0);
      constantExpression(type, w, shape);
    }
  });
  section(7, ({ out: o }) => exports(o, shape, next));
  const start = shape.functions.findIndex((type, i) => type === TYPE.nothing && i >= shape.importedFunctions);
  if (start >= 0 && next(4) === 0) section(8, ({ out: o }) => o.u32(start));
  section(9, (w) => elements(w, shape));
  section(12, ({ out: o }) => o.u32(shape.data.length));
  const code = new Encoder(2048);
  code.u32(shape.functions.length - shape.importedFunctions);
  for (const type of shape.functions.slice(shape.importedFunctions)) {
    const writer = new StatementWriter(shape, next);
    writer.body(shape.types[type] as FuncType);
    code.u32(writer.out.length);
    code.copy(writer.out.bytes());
  }
  out.section(10, code);
  section(11, (w) => data(w, shape));
  return out.bytes().slice();
}

/** One recursion group, or each type alone where none refers to a later one. */
function types({ out, next }: Writer, shape: ModuleShape): void {
  out.u32(1);
  out.u8(0x4e);
  out.u32(shape.types.length);
  for (const type of shape.types) {
    // Open to subtypes, or final with and without saying so.
    const form = next(3);
    if (form > 0) {
      out.u8(form === 1 ? 0x50 : 0x4f);
      out.u32(0);
    }
    if (type.kind === 'func') {
      out.u8(0x60);
      for (const list of [type.params, type.results]) {
        out.u32(list.length);
        for (const one of list) out.valType(one);
      }
    } else if (type.kind === 'struct') {
      out.u8(0x5f);
      out.u32(type.fields.length);
      for (const one of type.fields) field(out, one);
    } else {
      out.u8(0x5e);
      field(out, type.field);
    }
  }
}

function field(out: Encoder, { type, mutable }: FieldType): void {
  out.valType(type);
  out.u8(mutable ? 1 : 0);
}

function imports(out: Encoder, shape: ModuleShape): void {
  out.u32(shape.importedFunctions);
  for (let i = 0; i < shape.importedFunctions; i++) {
    out.name(i === 0 ? 'wasi_snapshot_preview1' : 'env');
    out.name(i === 0 ? 'sched_yield' : `import${i}`);
    out.u8(0);
    out.u32(shape.functions[i]);
  }
}

function limits(out: Encoder, { is64, shared, pagesOfOneByte }: Sized, next: Random): void {
  const min = BigInt(next(8) === 0 ? 0 : 2 + next(3));
  const max = shared || next(2) === 0 ? min + BigInt(next(4)) : undefined;
  out.limits({ min, max, is64, shared, pageSizeLog2: pagesOfOneByte ? 0 : undefined });
}

function exports(out: Encoder, shape: ModuleShape, next: Random): void {
  const list: [kind: 'func' | 'table' | 'memory' | 'global' | 'tag', index: number][] = [
    ...shape.functions.map((_, i): ['func', number] => ['func', i]).slice(next(2)),
    ['memory', 0],
    ...(next(2) === 0 ? [['table', next(shape.tables.length)] as ['table', number]] : []),
    ...(next(2) === 0 ? [['global', 0] as ['global', number]] : []),
    ...(next(2) === 0 ? [['tag', 0] as ['tag', number]] : []),
  ];
  const taken = new Set<string>();
  const named = list.map(([kind, index], i) => {
    const wanted = next(3) === 0 ? choice(NAMES, next) : `f${i}`;
    const name = taken.has(wanted) ? `${wanted}#${i}` : wanted;
    taken.add(name);
    return { name, kind, index };
  });
  out.u32(named.length);
  for (const { name, kind, index } of named) out.export(name, kind, index);
}

/** Also the declaration of every function that `ref.func` may name. */
function elements(w: Writer, shape: ModuleShape): void {
  const { out, next } = w;
  out.u32(shape.elems.length + 1);
  for (const { element, table } of shape.elems) {
    // Expressions; with a table, which an index and an offset announce.
    out.u32(table === undefined ? 5 : 6);
    if (table !== undefined) {
      out.u32(table);
      const is64 = shape.tables[table].is64;
      offset(w, is64);
    }
    out.valType(element);
    const count = next(3);
    out.u32(count);
    for (let i = 0; i < count; i++) constantExpression(element, w, shape);
  }
  out.u32(3);
  out.u8(0);
  out.u32(shape.functions.length);
  for (let i = 0; i < shape.functions.length; i++) out.u32(i);
}

/** Where an active segment goes: most are inside, so that the module can be instantiated. */
function offset(w: Writer, is64: boolean): void {
  if (w.next(16) === 0) {
    constantExpression(is64 ? I64 : I32, w, w.shape);
    return;
  }
  w.op(is64 ? 'i64.const' : 'i32.const');
  w.out.s32(0);
  w.op('end');
}

function data(w: Writer, shape: ModuleShape): void {
  const { out, next } = w;
  out.u32(shape.data.length);
  for (const memory of shape.data) {
    out.u8(memory === undefined ? 1 : memory === 0 ? 0 : 2);
    if (memory !== undefined) {
      if (memory > 0) out.u32(memory);
      offset(w, shape.memories[memory].is64);
    }
    const length = next(20);
    out.u32(length);
    w.raw(length);
  }
}
