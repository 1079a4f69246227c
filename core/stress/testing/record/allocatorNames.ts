/** For tests: the functions of a module that allocate and release blocks, by the names that toolchains give them. */
import type { Module } from '../../../wasm/module.ts';
import type { AllocatorRole } from './recorder.ts';

const allocate = (size = 0, count?: number): AllocatorRole =>
  count === undefined ? { does: 'allocate', size } : { does: 'allocate', size, count };
const free: AllocatorRole = { does: 'free', block: 0 };
const reallocate = (size: number): AllocatorRole => ({ does: 'reallocate', block: 0, size });

const ROLES: readonly (readonly [name: RegExp, role: AllocatorRole])[] = [
  [/^_?(?:dl|emscripten_builtin_|__libc_)?malloc$/, allocate()],
  [/^_?(?:dl|__libc_)?calloc$/, allocate(1, 0)],
  [/^_?(?:dl|__libc_)?realloc$/, reallocate(1)],
  [/^_?(?:dl|emscripten_builtin_|__libc_)?free$/, free],
  [/^(?:aligned_alloc|memalign)$/, allocate(1)],
  [/^_Zn[wa]m$|^operator new(?:\[\])?\(unsigned long\)$/, allocate()],
  [/^_Zd[la]Pv$|^operator delete(?:\[\])?\(void\*\)$/, free],
  [/^(?:__rust_alloc|__rust_alloc_zeroed|__rustc.*__rust_alloc|__wbindgen_malloc)$/, allocate()],
  [/^(?:__rust_dealloc|__wbindgen_free)$/, free],
  [/^__rust_realloc$/, reallocate(3)],
  [/^__wbindgen_realloc$/, reallocate(2)],
];

/** Roles by function index, of functions with a body. */
export function allocatorsByName({ exports, names, functions }: Module): Map<number, AllocatorRole> {
  const found = new Map<number, AllocatorRole>();
  const add = (func: number, name: string): void => {
    const role = ROLES.find(([pattern]) => pattern.test(name))?.[1];
    if (role !== undefined && func >= functions.imported) found.set(func, role);
  };
  for (const [func, name] of names.functions) add(func, name);
  for (const { kind, index, name } of exports) if (kind === 'func') add(index, name);
  return found;
}
