/**
 * The functions that allocate and free in real modules, as names, types and bodies tell. Modules with minified names and
 * nothing beside them have none; glue or a symbol map beside a module gives the names back. By default small modules,
 * all with `WASM_HAZARDS_CORPUS=all`. If they cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { allocatorsOf } from '../../core/analysis/allocators.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { functionName } from '../../core/wasm/displayNames.ts';
import { choice, chooseModules, fetched } from './testing/chosen.ts';

const FOUND: Readonly<Record<string, readonly string[]>> = {
  '@biomejs/wasm-web/biome_wasm_bg.wasm': [
    'allocates: $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma..._3sys6SystemE6mallocCsebHcaeoSrxy_3std $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...sys6SystemE8memalignCsebHcaeoSrxy_3std $__wbindgen_malloc $_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc $_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed',
    'frees: $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...B7_3sys6SystemE4freeCsebHcaeoSrxy_3std $__wbindgen_free $_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc',
    'reallocates: $__wbindgen_realloc $_RNvCsfLfy6EI15iL_7___rustc14___rust_realloc',
  ],
  '@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm': [
    'allocates: __wbindgen_malloc',
    'frees: __wbindgen_free',
    'reallocates: __wbindgen_realloc',
  ],
  '@dprint/json/plugin.wasm': [
    'allocates: $_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc $_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed $_RNvCsfLfy6EI15iL_7___rustc11___rdl_alloc $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...sys6SystemE8memalignCsebHcaeoSrxy_3std $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma..._3sys6SystemE6mallocCsebHcaeoSrxy_3std $_RNvCsfLfy6EI15iL_7___rustc18___rdl_alloc_zeroed',
    'frees: $_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc $_RNvCsfLfy6EI15iL_7___rustc13___rdl_dealloc $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...B7_3sys6SystemE4freeCsebHcaeoSrxy_3std',
    'reallocates: $_RNvCsfLfy6EI15iL_7___rustc14___rust_realloc $_RNvCsfLfy6EI15iL_7___rustc13___rdl_realloc',
  ],
  '@ffmpeg/core-mt/dist/esm/ffmpeg-core.wasm': [],
  '@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm': [],
  '@jsquash/avif/codec/dec/avif_dec.wasm': [],
  '@jsquash/avif/codec/enc/avif_enc.wasm': [],
  '@jsquash/avif/codec/enc/avif_enc_mt.wasm': [],
  '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm': [
    'allocates: __wrap___libc_calloc __wrap___libc_malloc __wrap_aligned_alloc __wrap_calloc __wrap_malloc malloc',
    'frees: __wrap___libc_free __wrap_free free',
    'reallocates: __wrap_realloc',
  ],
  '@resvg/resvg-wasm/index_bg.wasm': [
    'allocates: __wbindgen_malloc',
    'frees: __wbindgen_free',
    'reallocates: __wbindgen_realloc',
  ],
  '@rolldown/binding-wasm32-wasi/rolldown-binding.wasm32-wasi.wasm': [
    'allocates: __wrap___libc_calloc __wrap___libc_malloc __wrap_aligned_alloc __wrap_calloc __wrap_malloc __wbindgen_malloc malloc',
    'frees: __wrap___libc_free __wrap_free __wbindgen_free free',
    'reallocates: __wrap_realloc __wbindgen_realloc',
  ],
  '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm': [
    'allocates: sqlite3_malloc sqlite3_malloc64 malloc',
    'frees: sqlite3_free free',
    'reallocates: sqlite3_realloc sqlite3_realloc64 realloc',
  ],
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm': ['allocates: malloc', 'frees: free'],
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm': ['allocates: malloc', 'frees: free'],
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm': ['allocates: malloc', 'frees: free'],
  'argon2-browser/dist/argon2-simd.wasm': [],
  'argon2-browser/dist/argon2.wasm': [],
  'blake3-wasm/dist/wasm/blake3.wasm': ['allocates: $dlmalloc', 'frees: $dlfree'],
  'draco3d/draco_decoder.wasm': [],
  'draco3d/draco_encoder.wasm': [],
  'esbuild-wasm/esbuild.wasm': [],
  'github.com/wasilibs/go-re2/internal/wasm/libcre2.wasm': ['allocates: malloc', 'frees: free'],
  'hash-wasm/dist/argon2.wasm': [],
  'hash-wasm/dist/bcrypt.wasm': [],
  'hash-wasm/dist/blake3.wasm': [],
  'hash-wasm/dist/sha256.wasm': [],
  'hash-wasm/dist/xxhash64.wasm': [],
  'libsodium/dist/modules/libsodium.wasm': [],
  'node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm': [],
  'pyodide/pyodide.asm.wasm': [
    'allocates: malloc calloc sqlite3_malloc64 sqlite3_malloc aligned_alloc emscripten_builtin_memalign valloc pvalloc _Znwm _ZnamSt11align_val_t _ZnwmSt11align_val_t _Znam _ZnwmRKSt9nothrow_t _ZnwmSt11align_val_tRKSt9nothrow_t',
    'frees: free sqlite3_free _ZdlPvm _ZdlPvmSt11align_val_t if_freenameindex',
    'reallocates: realloc sqlite3_realloc sqlite3_realloc64 reallocarray',
  ],
  'source-map/lib/mappings.wasm': [],
  'sql.js/dist/sql-wasm-browser-debug.wasm': [
    'allocates: malloc emscripten_builtin_memalign',
    'frees: sqlite3_free free',
  ],
  'sql.js/dist/sql-wasm-browser.wasm': [],
  'tiktoken/lite/tiktoken_bg.wasm': [],
  'tiktoken/tiktoken_bg.wasm': [],
  'undici/lib/llhttp/llhttp.wasm': ['allocates: malloc', 'frees: llhttp_free'],
  'vscode-oniguruma/release/onig.wasm': ['allocates: malloc', 'frees: free'],
  'wasmoon/dist/glue.wasm': ['allocates: malloc', 'frees: free', 'reallocates: realloc'],
  'web-ifc/web-ifc-mt.wasm': [],
  'web-ifc/web-ifc-node.wasm': [],
  'web-ifc/web-ifc.wasm': ['allocates: malloc', 'frees: free'],
  'web-tree-sitter/debug/web-tree-sitter.wasm': [
    'allocates: $dlmalloc $dlcalloc',
    'frees: $dlfree',
    'reallocates: $dlrealloc',
  ],
  'web-tree-sitter/web-tree-sitter.wasm': ['allocates: malloc calloc', 'frees: free', 'reallocates: realloc'],
  'yoga-layout/dist/binaries/yoga.wasm': [],
  'yoga-wasm-web/dist/yoga.wasm': [],
};

/** Also a module whose allocator was outlined for size, and one without names. */
const SMALL = [
  '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm',
  '@dprint/json/plugin.wasm',
  'blake3-wasm/dist/wasm/blake3.wasm',
  'draco3d/draco_decoder.wasm',
  'sql.js/dist/sql-wasm-browser-debug.wasm',
  'undici/lib/llhttp/llhttp.wasm',
  'vscode-oniguruma/release/onig.wasm',
  'wasmoon/dist/glue.wasm',
  'web-tree-sitter/debug/web-tree-sitter.wasm',
];

const chosen = chooseModules((name) => SMALL.includes(name)).filter(({ name }) => name in FOUND);

describe(`allocators of real modules (${choice} modules)`, () => {
  const isSkipped = fetched(chosen);
  for (const { name, path } of chosen)
    test(name, (t) => {
      if (isSkipped(t)) return;
      const module = decodeModule(new Uint8Array(readFileSync(path)));
      const kinds = Object.entries(allocatorsOf(module)).filter(([, functions]) => functions.size > 0);
      const texts = kinds.map(
        ([kind, funcs]) => `${kind}: ${[...funcs].map((f) => functionName(module, f)).join(' ')}`,
      );
      assert.deepEqual(texts, FOUND[name]);
    });
});
