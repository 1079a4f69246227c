/** Exports of a module's allocator: the functions that allocate memory for the embedder and free it. */
import { sourceName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { integerType } from './allocators.ts';
import type { Analysis } from './model.ts';

/**
 * Names of allocators as toolchains export them: C (Emscripten with an underscore), wasm-bindgen, the canonical ABI,
 * AssemblyScript (`__new` of the runtime, `__pin`), TinyGo, and hand-written `alloc`, `allocate`.
 */
const ALLOCATES =
  /^(?:_?(?:malloc|calloc|realloc)|__wbindgen_(?:malloc|realloc)|cabi_realloc|canonical_abi_realloc|__new|__alloc|(?:[a-z0-9]+_)?(?:m?alloc|allocate)(?:_(?:bytes|mem|memory|buffer|buf|string|aligned))?)$/;
const FREES =
  /^(?:_?free|__wbindgen_free|canonical_abi_free|cabi_post_.+|__unpin|__free|(?:[a-z0-9]+_)?(?:free|dealloc|deallocate)(?:_(?:bytes|mem|memory|buffer|buf|string|aligned))?)$/;

/** Names of allocators without a prefix that says what they allocate. */
const PLAIN =
  /^(?:_?(?:malloc|calloc|realloc|free)|__wbindgen_.+|cabi_.+|canonical_abi_.+|__new|__alloc|__unpin|__free)$/;

/** The allocator exports of a module, as positions in `Analysis.exports`. */
export interface Allocator {
  /** -1 where the module has no such export. */
  allocate: number;
  free: number;
  /** All exports that allocate or free. */
  all: ReadonlySet<number>;
}

/**
 * Finds the exports that allocate and free, by name and by type: an allocator takes sizes and returns one address, a
 * free function takes addresses.
 */
export function allocatorOf(module: Module, { exports }: Pick<Analysis, 'exports'>): Allocator {
  const fitting = (name: RegExp, results: number): number[] =>
    exports.flatMap((e, position) => {
      return name.test(sourceName(e)) && integerType(module, e.func)?.results === results ? [position] : [];
    });
  // A name with a prefix may be a constructor (`llhttp_alloc`): where there is a plain one, it counts.
  const plainest = (name: RegExp, results: number): number[] => {
    const found = fitting(name, results);
    const plain = found.filter((position) => PLAIN.test(sourceName(exports[position])));
    return plain.length > 0 ? plain : found;
  };
  const [allocating, freeing] = [plainest(ALLOCATES, 1), plainest(FREES, 0)];
  const whole = allocating.find((position) => !/realloc|calloc/.test(sourceName(exports[position])));
  return {
    allocate: whole ?? allocating[0] ?? -1,
    free: freeing[0] ?? -1,
    all: new Set([...allocating, ...freeing]),
  };
}
