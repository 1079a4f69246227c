/** For tests: the functions of a module that allocate and release blocks. */
import { allocatorsOf } from '../../../analysis/allocators.ts';
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

/** Roles by function index, of functions with a body: by name, and of what the analysis takes for allocators. */
export function allocatorRoles(module: Module): Map<number, AllocatorRole> {
  const { exports, names, functions } = module;
  const found = new Map<number, AllocatorRole>();
  const add = (func: number, role: AllocatorRole | undefined): void => {
    if (role !== undefined && func >= functions.imported) found.set(func, role);
  };
  const roleOf = (name: string): AllocatorRole | undefined => ROLES.find(([pattern]) => pattern.test(name))?.[1];
  const { allocates, frees, reallocates } = allocatorsOf(module);
  for (const func of allocates) add(func, { ...allocate(), guessed: true });
  for (const func of frees) add(func, free);
  for (const func of reallocates) add(func, { ...reallocate(1), guessed: true });
  for (const [func, name] of names.functions) add(func, roleOf(name));
  for (const { kind, index, name } of exports) if (kind === 'func') add(index, roleOf(name));
  return found;
}
