/**
 * Types for the WebAssembly engine of this JavaScript runtime, which TypeScript declares in its DOM library only.
 * Source: https://webassembly.github.io/spec/js-api/ and, for `Suspending` and `promising`,
 * https://github.com/WebAssembly/js-promise-integration
 */

/** A `WebAssembly.Memory`. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /**
   * Grows by `pages` and returns the old size; `bigint` for 64-bit memories.
   * @throws RangeError if growth is refused.
   */
  grow(pages: number | bigint): number | bigint;
}

/** A `WebAssembly.Table`; indices are `bigint` for 64-bit tables. */
export interface WasmTable {
  readonly length: number | bigint;
  get(index: number | bigint): unknown;
  set(index: number | bigint, value?: unknown): void;
  grow(by: number | bigint, value?: unknown): number | bigint;
}

/** A `WebAssembly.Global`. */
export interface WasmGlobal {
  value: unknown;
}

/** An exported function. */
export type WasmFunction = (...args: unknown[]) => unknown;

/** Anything that an instance exports; a tag is an `object`. */
export type WasmExport = WasmFunction | WasmMemory | WasmTable | WasmGlobal | object;

/** Imports of an instance by module and name. */
export type WasmImports = Record<string, Record<string, unknown>>;

/** A `WebAssembly.Instance`. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmExport>>;
}

/** Descriptor of a memory; sizes are in pages. */
export interface MemoryDescriptor {
  initial: number | bigint;
  maximum?: number | bigint;
  shared?: boolean;
  address?: 'i32' | 'i64';
}

/** Descriptor of a table; sizes are in elements. */
export interface TableDescriptor {
  element: string;
  initial: number | bigint;
  maximum?: number | bigint;
  address?: 'i32' | 'i64';
}

/** The part of the `WebAssembly` namespace that the product uses. */
export interface WasmEngine {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports?: WasmImports) => WasmInstance;
  Memory: new (descriptor: MemoryDescriptor) => WasmMemory;
  Table: new (descriptor: TableDescriptor, value?: unknown) => WasmTable;
  Global: new (descriptor: { value: string; mutable: boolean }, value?: unknown) => WasmGlobal;
  RuntimeError: new (message?: string) => Error;
  /** Undefined, like `promising`, if the runtime has no JavaScript Promise Integration. */
  Suspending?: new (
    fn: (...args: never[]) => unknown,
  ) => object;
  promising?: (fn: WasmFunction) => (...args: unknown[]) => Promise<unknown>;
}

/** The runtime's `WebAssembly`. */
export const wasmEngine = (globalThis as unknown as { WebAssembly: WasmEngine }).WebAssembly;
