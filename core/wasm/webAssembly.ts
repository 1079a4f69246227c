/**
 * The engine of this JavaScript runtime, typed: the compiler's library has these types only together with the DOM's.
 * Source: https://webassembly.github.io/spec/js-api/ and, for `Suspending` and `promising`,
 * https://github.com/WebAssembly/js-promise-integration
 */

export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /** By pages; `bigint` for 64-bit memories. @throws RangeError when refused */
  grow(pages: number | bigint): number | bigint;
}

export interface WasmTable {
  readonly length: number | bigint;
  get(index: number | bigint): unknown;
  set(index: number | bigint, value?: unknown): void;
  grow(by: number | bigint, value?: unknown): number | bigint;
}

export interface WasmGlobal {
  value: unknown;
}

export type WasmFunction = (...args: unknown[]) => unknown;
export type WasmExport = WasmFunction | WasmMemory | WasmTable | WasmGlobal | object;
export type WasmImports = Record<string, Record<string, unknown>>;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmExport>>;
}

export interface MemoryDescriptor {
  initial: number | bigint;
  maximum?: number | bigint;
  shared?: boolean;
  address?: 'i32' | 'i64';
}

export interface TableDescriptor {
  element: string;
  initial: number | bigint;
  maximum?: number | bigint;
  address?: 'i32' | 'i64';
}

export interface WasmEngine {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports?: WasmImports) => WasmInstance;
  Memory: new (descriptor: MemoryDescriptor) => WasmMemory;
  Table: new (descriptor: TableDescriptor, value?: unknown) => WasmTable;
  Global: new (descriptor: { value: string; mutable: boolean }, value?: unknown) => WasmGlobal;
  RuntimeError: new (message?: string) => Error;
  /** Both are missing where the runtime has no JavaScript Promise Integration. */
  Suspending?: new (
    fn: (...args: never[]) => unknown,
  ) => object;
  promising?: (fn: WasmFunction) => (...args: unknown[]) => Promise<unknown>;
}

/** The runtime's `WebAssembly`. */
export const wasmEngine = (globalThis as unknown as { WebAssembly: WasmEngine }).WebAssembly;
