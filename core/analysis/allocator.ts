/** Exports of a module's allocator: the functions that hand out memory to the embedder, and take it back. */
import type { Module } from '../wasm/module.ts';
import { I32, I64, type ValType } from '../wasm/types.ts';
import type { Analysis } from './model.ts';

/**
 * Names of allocators as toolchains export them: C (Emscripten with an underscore), wasm-bindgen, the canonical ABI,
 * AssemblyScript (`__new` of the runtime, `__pin`), TinyGo, and hand-written `alloc`, `allocate`.
 */
const ALLOCATES =
  /^(?:_?(?:malloc|calloc|realloc)|__wbindgen_(?:malloc|realloc)|cabi_realloc|canonical_abi_realloc|__new|__alloc|(?:[a-z0-9]+_)?(?:m?alloc|allocate)(?:_(?:bytes|mem|memory|buffer|buf|string|aligned))?)$/;
const FREES =
  /^(?:_?free|__wbindgen_free|canonical_abi_free|cabi_post_.+|__unpin|__free|(?:[a-z0-9]+_)?(?:free|dealloc|deallocate)(?:_(?:bytes|mem|memory|buffer|buf|string|aligned))?)$/;

export interface Allocator {
  /** Positions in `Analysis.exports`; -1 where the module has none. */
  allocate: number;
  free: number;
  /** All exports of that kind. */
  all: ReadonlySet<number>;
}

const isInteger = (type: ValType): boolean => type === I32 || type === I64;

/** Exports that hand out memory and take it back, by name and by type: sizes in, one address out, and addresses in. */
export function allocatorOf(module: Module, { exports }: Pick<Analysis, 'exports'>): Allocator {
  const fitting = (name: RegExp, results: number): number[] =>
    exports.flatMap((e, position) => {
      const type = module.types[module.functions.typeIndex[e.func]]?.composite;
      if (type?.kind !== 'func' || !name.test(e.name)) return [];
      const { params } = type;
      const integers = params.length > 0 && [...params, ...type.results].every(isInteger);
      return integers && type.results.length === results ? [position] : [];
    });
  const [allocating, freeing] = [fitting(ALLOCATES, 1), fitting(FREES, 0)];
  const plain = allocating.find((position) => !exports[position].name.includes('realloc'));
  return {
    allocate: plain ?? allocating[0] ?? -1,
    free: freeing[0] ?? -1,
    all: new Set([...allocating, ...freeing]),
  };
}
