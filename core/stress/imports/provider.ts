/**
 * Imports that the JavaScript API cannot make: references to a module's own types, v128 globals, functions that
 * JavaScript cannot call. A small module with a copy of the type section defines and exports them, so that types,
 * including recursion groups, are equal.
 */
import { t } from '../../text/l10n.ts';
import { Encoder } from '../../wasm/encoder.ts';
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import {
  ANY,
  CONCRETE,
  EQ,
  EXTERN,
  FUNC,
  type HeapType,
  heapOf,
  I31,
  isNullable,
  isRef,
  type Limits,
  V128,
  type ValType,
} from '../../wasm/types.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { callFunction, end, i32Const, opcode } from '../rewrite/emit.ts';
import { extendedSection } from '../rewrite/sections.ts';

/** An import that `provide` makes. */
export type Wanted =
  /** A function of the module's type `typeIndex` that calls `answer` and then traps. */
  | { kind: 'func'; typeIndex: number; answer: () => unknown }
  | { kind: 'table'; type: ValType; limits: Limits }
  | { kind: 'global'; type: ValType; mutable: boolean }
  | { kind: 'tag'; typeIndex: number };

/**
 * An object for each of `wanted`. Globals and tables start with null, zero, or a placeholder value.
 * @throws Error if a type has no such value
 */
export function provide(module: Module, wanted: readonly Wanted[]): unknown[] {
  if (wanted.length === 0) return [];
  const imports: Record<string, unknown> = {};
  const parts = new Parts(module);
  wanted.forEach((item, i) => {
    if (item.kind !== 'func') return;
    imports[i] = item.answer;
    parts.importFunction(String(i));
  });
  let imported = 0;
  wanted.forEach((item, i) => {
    parts.export(String(i), item, item.kind === 'func' ? imported++ : -1);
  });
  const { exports } = new wasmEngine.Instance(new wasmEngine.Module(parts.bytes()), { '': imports });
  return wanted.map((_, i) => exports[i]);
}

/** Sections of the module under construction, each with the number of its entries. */
class Parts {
  private readonly module: Module;
  private readonly sections = new Map<number, { count: number; body: Encoder }>();
  private readonly counts = { func: 0, table: 0, global: 0, tag: 0 };

  constructor(module: Module) {
    this.module = module;
  }

  /** Of type `[] -> []`, which follows the copied types. */
  importFunction(name: string): void {
    const e = this.entry(2);
    e.name('');
    e.name(name);
    e.u8(0);
    e.u32(this.module.types.length);
    this.counts.func++;
  }

  export(name: string, item: Wanted, answer: number): void {
    const index = this.define(item, answer);
    this.entry(7).export(name, item.kind, index);
  }

  private define(item: Wanted, answer: number): number {
    switch (item.kind) {
      case 'func':
        return this.defineFunction(item.typeIndex, answer);
      case 'table': {
        const init = isNullable(item.type) ? undefined : this.initial(item.type);
        const e = this.entry(4);
        if (init !== undefined) e.u8(0x40);
        if (init !== undefined) e.u8(0);
        e.valType(item.type);
        e.limits(item.limits);
        if (init !== undefined) e.copy(init.bytes());
        return this.counts.table++;
      }
      case 'global': {
        const init = this.initial(item.type);
        const e = this.entry(6);
        e.valType(item.type);
        e.u8(item.mutable ? 1 : 0);
        e.copy(init.bytes());
        return this.counts.global++;
      }
      case 'tag': {
        const e = this.entry(13);
        e.u8(0);
        e.u32(item.typeIndex);
        return this.counts.tag++;
      }
    }
  }

  /** Calls function `answer`, if there is one, and traps. */
  private defineFunction(typeIndex: number, answer: number): number {
    this.entry(3).u32(typeIndex);
    const body = new Encoder();
    body.u32(0);
    if (answer >= 0) callFunction(body, answer);
    body.u8(Op.unreachable);
    end(body);
    const e = this.entry(10);
    e.u32(body.length);
    e.copy(body.bytes());
    return this.counts.func++;
  }

  /** A constant expression: null, zero, or a placeholder. */
  private initial(type: ValType): Encoder {
    const e = new Encoder();
    if (type === V128) {
      opcode(e, Op.v128_const);
      for (let i = 0; i < 16; i++) e.u8(0);
    } else if (isNullable(type)) {
      e.u8(Op.ref_null);
      e.heapType(heapOf(type));
    } else this.stand(e, heapOf(type));
    end(e);
    return e;
  }

  /** A placeholder of a non-nullable reference type. */
  private stand(e: Encoder, heap: HeapType): void {
    const { types } = this.module;
    const typeIndex = heap >= CONCRETE ? heap - CONCRETE : -1;
    const composite = types[typeIndex]?.composite;
    if (heap === FUNC || composite?.kind === 'func') {
      const func = this.defineFunction(heap === FUNC ? types.length : typeIndex, -1);
      e.u8(Op.ref_func);
      e.u32(func);
    } else if (heap === EXTERN || heap === ANY || heap === EQ || heap === I31) {
      i32Const(e, 0);
      opcode(e, Op.ref_i31);
      if (heap === EXTERN) opcode(e, Op.extern_convert_any);
    } else if (composite?.kind === 'array') {
      opcode(e, Op.array_new_fixed);
      e.u32(typeIndex);
      e.u32(0);
    } else if (composite?.kind === 'struct' && composite.fields.every((f) => !isRef(f.type) || isNullable(f.type))) {
      opcode(e, Op.struct_new_default);
      e.u32(typeIndex);
    } else
      throw new Error(
        t('no value of its non-null type can be created; define it in the module instead of importing it'),
      );
  }

  private entry(id: number): Encoder {
    const section = this.sections.get(id) ?? { count: 0, body: new Encoder() };
    this.sections.set(id, section);
    section.count++;
    return section.body;
  }

  bytes(): Uint8Array {
    const e = new Encoder();
    for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) e.u8(byte);
    e.section(1, this.types());
    // In the order of the binary format: tags come before globals.
    for (const id of [2, 3, 4, 13, 6, 7, 10]) {
      const section = this.sections.get(id);
      if (section === undefined) continue;
      const contents = new Encoder();
      contents.u32(section.count);
      contents.copy(section.body.bytes());
      e.section(id, contents);
    }
    return e.bytes();
  }

  /** The module's types, and `[] -> []` after them. */
  private types(): Encoder {
    const e = extendedSection(this.module, 1, 1);
    for (const byte of [0x60, 0, 0]) e.u8(byte);
    return e;
  }
}
