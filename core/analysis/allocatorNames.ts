/**
 * Names of functions that hand out and take back blocks of a memory, as libraries and compilers call them. They are names
 * of the library's own functions only: `png_malloc` or `list_alloc` are functions that call one, or something else.
 * Sources: C11 7.22.3; wasi-libc and Emscripten (dlmalloc, emmalloc, mimalloc); the Itanium C++ ABI 5.1.5 (`operator
 * new`); Rust's library/alloc/src/alloc.rs and the crate dlmalloc; wasm-bindgen; the canonical ABI of components;
 * AssemblyScript's std/assembly/rt; TinyGo's src/runtime/gc_*.go; Zig's std.heap; Swift's stdlib/public/runtime.
 */

/** What a function does with blocks. */
export type AllocatorKind = 'allocates' | 'frees' | 'reallocates';

/** Names with the number of parameters that such a function has. */
interface Family {
  kind: AllocatorKind;
  names: RegExp;
  least: number;
  most: number;
}

const family = (kind: AllocatorKind, least: number, most: number, ...names: RegExp[]): Family => ({
  kind,
  least,
  most,
  names: new RegExp(`^(?:${names.map(({ source }) => source).join('|')})$`),
});

/** C: names that a linker or a library puts before those of the standard. */
const C = /(?:__(?:wrap|real)_)?(?:__libc_|_?emscripten_builtin_|dl|_)?/.source;
/** Other allocators for C, with their names for the same functions. */
const OTHER_C = /(?:emmalloc|mi|je|tc|rp|GC|sqlite3)_/.source;
/**
 * Rust: symbols of the `alloc` crate, of old compilers, of new ones, and demangled. An alignment that is always the same
 * is no parameter any more.
 */
const RUST = /(?:_RNvCs\w{1,30}_7___rustc\d\d_|__rustc(?:\[\w{1,30}\])?::)?__(?:rust|rdl|rg)_/.source;
const HASH = /(?:17h[0-9a-f]{16}E)/.source;
/** The methods of `dlmalloc::Dlmalloc`; `self` may be a constant and missing. */
const dlmalloc = (method: string): RegExp =>
  new RegExp(
    `_ZN8dlmalloc8dlmalloc(?:8Dlmalloc|17Dlmalloc\\$LT\\$A\\$GT\\$)${method.length}${method}${HASH}` +
      `|_RNvM\\w{1,60}_8dlmalloc8dlmallocI\\w{1,20}_8Dlmalloc\\w{1,60}E${method.length}${method}Cs\\w{1,40}` +
      `|<?dlmalloc::dlmalloc::Dlmalloc(?:<[\\w:]{1,60}>)?>?::${method}(?:::h[0-9a-f]{16})?`,
  );
const rustAlloc = (name: string): RegExp =>
  new RegExp(
    `_ZN5alloc5alloc${name.length}${name}${HASH}|_RNvNtCs\\w{1,30}_5alloc5alloc${name.length}${name}` +
      `|alloc::alloc::${name}(?:::h[0-9a-f]{16})?`,
  );
const c = (names: string): RegExp => new RegExp(`${C}(?:${names})`);
const assemblyScript = (names: string): RegExp => new RegExp(`(?:~lib/rt/(?:itcms|tcms|stub|pure|tlsf)/)?(?:${names})`);

/** C++ with `std::align_val_t` and `std::nothrow_t`; forms that get an address to use (`_ZnwmPv`) allocate nothing. */
const OPTIONS = /(?:St11align_val_t)?(?:RKSt9nothrow_t)?/.source;
const OPTIONS_TEXT = /(?:, std::align_val_t)?(?:, std::nothrow_t const&)?/.source;

const FAMILIES: readonly Family[] = [
  family('allocates', 1, 1, c('malloc|valloc|pvalloc'), new RegExp(`${OTHER_C}(?:malloc(?:64)?|zalloc|malloc_small)`)),
  family('allocates', 2, 2, c('calloc|memalign|aligned_alloc|internal_memalign')),
  family('allocates', 2, 2, new RegExp(`${OTHER_C}(?:calloc|memalign|aligned_alloc|malloc_aligned)`)),
  family('allocates', 1, 3, new RegExp(`_?_Zn[wa][jmy]${OPTIONS}`)),
  family('allocates', 1, 3, new RegExp(`operator new(?:\\[\\])?\\(unsigned (?:int|long|long long)${OPTIONS_TEXT}\\)`)),
  family('allocates', 1, 3, new RegExp(`${RUST}alloc(?:_zeroed)?`), rustAlloc('exchange_malloc')),
  family('allocates', 1, 2, rustAlloc('alloc'), rustAlloc('alloc_zeroed')),
  family('allocates', 1, 3, dlmalloc('malloc'), dlmalloc('memalign'), dlmalloc('calloc')),
  family('allocates', 1, 2, /__wbindgen_malloc/),
  family('allocates', 2, 2, assemblyScript('__new')),
  family('allocates', 1, 2, assemblyScript('__alloc'), /~lib\/memory\/heap\.alloc/),
  family('allocates', 2, 2, /~lib\/rt\/tlsf\/allocateBlock/),
  family('allocates', 1, 3, /runtime\.alloc/),
  family('allocates', 2, 3, /swift_(?:slowAlloc|allocObject)/),
  family('allocates', 3, 4, /heap\.(?:Wasm|Page|Sbrk)Allocator\.alloc/),
  // Written by hand, for the embedder.
  family('allocates', 1, 2, /alloc|allocate/),

  family('reallocates', 2, 2, c('realloc'), new RegExp(`${OTHER_C}realloc(?:64)?`)),
  family('reallocates', 3, 3, c('reallocarray')),
  family('reallocates', 3, 5, new RegExp(`${RUST}realloc`)),
  family('reallocates', 2, 5, dlmalloc('realloc')),
  family('reallocates', 3, 4, /__wbindgen_realloc/),
  family('reallocates', 4, 4, /cabi_realloc\w{0,60}/, /canonical_abi_realloc/),
  family('reallocates', 2, 3, assemblyScript('__realloc|__renew'), /~lib\/memory\/heap\.realloc/, /runtime\.realloc/),

  family('frees', 1, 1, c('c?free'), new RegExp(`${OTHER_C}free`)),
  family('frees', 1, 4, new RegExp(`_?_Zd[la]Pv[jmy]?${OPTIONS}`)),
  family(
    'frees',
    1,
    4,
    new RegExp(`operator delete(?:\\[\\])?\\(void\\*(?:, unsigned (?:int|long|long long))?${OPTIONS_TEXT}\\)`),
  ),
  family('frees', 1, 4, new RegExp(`${RUST}dealloc`)),
  family('frees', 1, 4, rustAlloc('dealloc'), rustAlloc('box_free'), dlmalloc('free')),
  family('frees', 2, 3, /__wbindgen_free/),
  family('frees', 3, 3, /canonical_abi_free/),
  family('frees', 1, 1, assemblyScript('__free|__unpin|__release'), /~lib\/memory\/heap\.free/),
  family('frees', 2, 2, /~lib\/rt\/tlsf\/freeBlock/),
  family('frees', 1, 2, /runtime\.free/),
  family('frees', 3, 3, /swift_(?:slowDealloc|deallocObject)/),
  family('frees', 4, 5, /heap\.(?:Wasm|Page|Sbrk)Allocator\.free/),
  family('frees', 1, 3, /dealloc|deallocate/),
];

/** Longer names are those of no allocator. */
const LONGEST = 300;
/** What compilers and linkers put behind a name. */
const SUFFIX = /(?:\.llvm\.\d{1,20}|\.command_export|\.\d{1,6})+$/;
/** What all of the names have, those of Rust apart, where `alloc` is a crate: most names of a module need no further look. */
const HINT = /alloc|align|free|_Z[nd]|operator |__new|__renew|__unpin|__release/;
const RUST_HINT = /7___rustc|8dlmalloc|5alloc5alloc/;

/** What the function with this name does, if it takes so many parameters; undefined if that is not known. */
export function allocatorKind(name: string, params: number): AllocatorKind | undefined {
  const hint = name.startsWith('_ZN') || name.startsWith('_R') ? RUST_HINT : HINT;
  if (name.length > LONGEST || !hint.test(name)) return undefined;
  const plain = name.replace(SUFFIX, '');
  const found = FAMILIES.find(({ names, least, most }) => params >= least && params <= most && names.test(plain));
  return found?.kind;
}
