/** Sections of the rewritten modules: imports of memories, exports of what the threads need, data of the first one. */
import { Encoder } from '../../wasm/encoder.ts';
import type { Module } from '../../wasm/module.ts';
import { I32, I64, type Limits, type ValType } from '../../wasm/types.ts';
import { crosses } from '../imports/hostResults.ts';
import { end, i32Const, i64Const } from '../rewrite/emit.ts';
import { copiedSection, extendedSection } from '../rewrite/sections.ts';
import { BodyVariant } from './shareBodies.ts';
import type { SharedModule, SharedVariant, ShareOptions } from './sharedModule.ts';

/** Writes one variant of the module. */
export class ModuleVariant {
  private readonly module: Module;
  private readonly options: ShareOptions;
  private readonly shared: SharedModule;
  private readonly variant: SharedVariant;

  constructor(module: Module, options: ShareOptions, shared: SharedModule, variant: SharedVariant) {
    this.module = module;
    this.options = options;
    this.shared = shared;
    this.variant = variant;
  }

  bytes(): Uint8Array {
    const { module, options } = this;
    const out = new Encoder(module.bytes.length + (module.bytes.length >> 2) + 4096);
    out.copy(module.bytes, 0, 8);
    const sections: [id: number, contents: Encoder | undefined][] = [
      [1, this.types()],
      [2, this.imports()],
      [3, this.functions()],
      [4, copiedSection(module, 4)],
      [5, options.wholeInstance ? undefined : copiedSection(module, 5)],
      [13, copiedSection(module, 13)],
      [6, this.added === undefined ? copiedSection(module, 6) : this.globals(this.added)],
      [7, this.exports()],
      [9, copiedSection(module, 9)],
      [12, copiedSection(module, 12)],
      [10, new BodyVariant(module, options, this.shared, this.variant).section()],
      [11, this.variant === 'first' ? copiedSection(module, 11) : this.emptyData()],
    ];
    for (const [id, contents] of sections) if (contents !== undefined) out.section(id, contents);
    return out.bytes().slice();
  }

  private types(): Encoder {
    const e = extendedSection(this.module, 1, 1);
    for (const byte of [0x60, 0, 0]) e.u8(byte);
    return e;
  }

  /** The module's own imports in order, memories with their new limits; then the added imports. */
  private imports(): Encoder {
    const { module, options, shared } = this;
    const e = new Encoder();
    const defined = options.wholeInstance ? module.memories.flatMap((m, i) => (m.imported ? [] : [i])) : [];
    e.u32(module.imports.length + defined.length + 1);
    for (const item of module.imports) {
      e.name(item.module);
      e.name(item.name);
      this.importType(e, item.kind, item.index);
    }
    for (const index of defined) this.importMemory(e, `${shared.names.memory}${index}`, shared.limits[index] as Limits);
    const pages = BigInt(Math.ceil(shared.cellBytes / 65536));
    this.importMemory(e, shared.names.cells, {
      min: pages,
      max: pages,
      is64: false,
      shared: true,
      pageSizeLog2: undefined,
    });
    return e;
  }

  private importMemory(e: Encoder, name: string, limits: Limits): void {
    e.name(this.shared.names.imports);
    e.name(name);
    e.u8(2);
    e.limits(limits);
  }

  private importType(e: Encoder, kind: string, index: number): void {
    const { module, shared } = this;
    switch (kind) {
      case 'func':
        e.u8(0);
        e.u32(module.functions.typeIndex[index]);
        return;
      case 'table':
        e.u8(1);
        e.valType(module.tables[index].type);
        e.limits(module.tables[index].limits);
        return;
      case 'memory':
        e.u8(2);
        e.limits(shared.limits[index] ?? module.memories[index].limits);
        return;
      case 'global':
        e.u8(3);
        e.valType(module.globals[index].type);
        e.u8(module.globals[index].mutable ? 1 : 0);
        return;
      default:
        e.u8(4);
        e.u8(0);
        e.u32(module.tags[index].typeIndex);
    }
  }

  /** The global that the variant adds: fuel, or the lowest stack pointer. */
  private get added(): { name: string; type: ValType; initial: number } | undefined {
    const { module, options, shared } = this;
    if (this.variant === 'serial') return { name: shared.names.fuel, type: I32, initial: 0 };
    if (this.variant === 'first' || options.stackPointer < 0) return undefined;
    return { name: shared.names.depth, type: module.globals[options.stackPointer].type, initial: -1 };
  }

  /** The module's own globals, then the added one. */
  private globals({ type, initial }: { type: ValType; initial: number }): Encoder {
    const e = extendedSection(this.module, 6, 1);
    e.valType(type);
    e.u8(1);
    if (type === I64) i64Const(e, initial);
    else i32Const(e, initial);
    end(e);
    return e;
  }

  private functions(): Encoder {
    const e = extendedSection(this.module, 3, 1);
    e.u32(this.module.types.length);
    return e;
  }

  private exports(): Encoder {
    const { module, shared } = this;
    const { names } = shared;
    const globals = module.globals.flatMap((g, i) => (g.mutable && crosses(g.type) ? [i] : []));
    const added = globals.length + 1 + (module.start === undefined ? 0 : 1) + (this.added === undefined ? 0 : 1);
    const e = extendedSection(module, 7, added);
    for (const index of globals) e.export(`${names.global}${index}`, 'global', index);
    e.export(names.begin, 'func', module.functions.typeIndex.length);
    if (module.start !== undefined) e.export(names.start, 'func', module.start.func);
    if (this.added !== undefined) e.export(this.added.name, 'global', module.globals.length);
    return e;
  }

  /**
   * Data segments. An active one of a shared memory becomes an empty passive one: it keeps its index, and the first
   * module writes its data.
   */
  private emptyData(): Encoder | undefined {
    const { module } = this;
    if (module.data.length === 0) return undefined;
    const e = new Encoder();
    e.u32(module.data.length);
    for (const { mode, memory, offsetExpr, start, end: to } of module.data) {
      const own = mode === 'active' && this.shared.limits[memory] === undefined;
      e.u8(own ? (memory === 0 ? 0 : 2) : 1);
      if (own && memory !== 0) e.u32(memory);
      if (own && offsetExpr !== undefined) e.copy(module.bytes, offsetExpr.start, offsetExpr.end);
      const kept = own || mode === 'passive';
      e.u32(kept ? to - start : 0);
      if (kept) e.copy(module.bytes, start, to);
    }
    return e;
  }
}
