/**
 * The functions that allocate and free in real modules, as names, types and bodies tell: in those without names, too. By
 * default small modules, all with `WASM_HAZARDS_CORPUS=all`. If they cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { allocatorsOf } from '../../core/analysis/allocators.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { functionName } from '../../core/wasm/displayNames.ts';
import { type WasmImports, wasmEngine } from '../../core/wasm/webAssembly.ts';
import { choice, chooseModules, fetched } from './testing/chosen.ts';

const FOUND: Readonly<Record<string, readonly string[]>> = {
  '@biomejs/wasm-web/biome_wasm_bg.wasm': [
    'allocates: $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma..._3sys6SystemE6mallocCsebHcaeoSrxy_3std $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...sys6SystemE8memalignCsebHcaeoSrxy_3std $__wbindgen_malloc $_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc $_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed',
    'frees: $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...B7_3sys6SystemE4freeCsebHcaeoSrxy_3std $__wbindgen_free $_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc',
    'reallocates: $__wbindgen_realloc $_RNvCsfLfy6EI15iL_7___rustc14___rust_realloc',
  ],
  '@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm': [
    'allocates: func[35] __wbindgen_malloc',
    'frees: func[480] __wbindgen_free',
    'reallocates: __wbindgen_realloc',
  ],
  '@dprint/json/plugin.wasm': [
    'allocates: $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma..._3sys6SystemE6mallocCsebHcaeoSrxy_3std $_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc $_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed $_RNvCsfLfy6EI15iL_7___rustc11___rdl_alloc $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...sys6SystemE8memalignCsebHcaeoSrxy_3std $_RNvCsfLfy6EI15iL_7___rustc18___rdl_alloc_zeroed',
    'frees: $_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlma...B7_3sys6SystemE4freeCsebHcaeoSrxy_3std $_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc $_RNvCsfLfy6EI15iL_7___rustc13___rdl_dealloc',
    'reallocates: $_RNvCsfLfy6EI15iL_7___rustc14___rust_realloc $_RNvCsfLfy6EI15iL_7___rustc13___rdl_realloc',
  ],
  '@ffmpeg/core-mt/dist/esm/ffmpeg-core.wasm': ['allocates: Ha', 'frees: func[87]'],
  '@hyzyla/pdfium/dist/pdfium.wasm': ['allocates: malloc emscripten_builtin_memalign', 'frees: free'],
  '@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm': ['allocates: w', 'frees: N'],
  '@jsquash/avif/codec/dec/avif_dec.wasm': ['allocates: I', 'frees: J'],
  '@jsquash/avif/codec/enc/avif_enc.wasm': ['allocates: S', 'frees: T'],
  '@jsquash/avif/codec/enc/avif_enc_mt.wasm': ['allocates: ga', 'frees: ha'],
  '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm': [
    'allocates: func[107] __wrap___libc_calloc __wrap___libc_malloc __wrap_aligned_alloc __wrap_calloc __wrap_malloc malloc',
    'frees: func[218] __wrap___libc_free __wrap_free free',
    'reallocates: __wrap_realloc',
  ],
  '@resvg/resvg-wasm/index_bg.wasm': [
    'allocates: func[102] __wbindgen_malloc',
    'frees: func[398] __wbindgen_free',
    'reallocates: __wbindgen_realloc',
  ],
  '@rolldown/binding-wasm32-wasi/rolldown-binding.wasm32-wasi.wasm': [
    'allocates: func[202] __wrap___libc_calloc __wrap___libc_malloc __wrap_aligned_alloc __wrap_calloc __wrap_malloc __wbindgen_malloc malloc',
    'frees: func[757] __wrap___libc_free __wrap_free __wbindgen_free free',
    'reallocates: __wrap_realloc __wbindgen_realloc',
  ],
  '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm': [
    'allocates: malloc sqlite3_malloc sqlite3_malloc64',
    'frees: free sqlite3_free',
    'reallocates: sqlite3_realloc sqlite3_realloc64 realloc',
  ],
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm': [
    'allocates: func[585] malloc',
    'frees: func[588] free',
  ],
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm': [
    'allocates: func[644] malloc',
    'frees: func[647] free',
  ],
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm': ['allocates: func[552] malloc', 'frees: func[555] free'],
  'argon2-browser/dist/argon2-simd.wasm': ['allocates: f', 'frees: g'],
  'argon2-browser/dist/argon2.wasm': ['allocates: f', 'frees: g'],
  'blake3-wasm/dist/wasm/blake3.wasm': ['allocates: $dlmalloc', 'frees: $dlfree'],
  'draco3d/draco_decoder.wasm': ['allocates: k', 'frees: i'],
  'draco3d/draco_encoder.wasm': ['allocates: i', 'frees: g'],
  'esbuild-wasm/esbuild.wasm': [],
  'github.com/wasilibs/go-re2/internal/wasm/libcre2.wasm': ['allocates: func[44] malloc', 'frees: func[46] free'],
  'hash-wasm/dist/argon2.wasm': [],
  'hash-wasm/dist/bcrypt.wasm': [],
  'hash-wasm/dist/blake3.wasm': [],
  'hash-wasm/dist/sha256.wasm': [],
  'hash-wasm/dist/xxhash64.wasm': [],
  'libsodium/dist/modules/libsodium.wasm': ['allocates: Ee', 'frees: Fe'],
  'node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm': ['allocates: qa', 'frees: ra'],
  'pyodide/pyodide.asm.wasm': [
    'allocates: malloc calloc sqlite3_malloc64 sqlite3_malloc aligned_alloc emscripten_builtin_memalign valloc pvalloc _Znwm _ZnamSt11align_val_t _ZnwmSt11align_val_t _Znam _ZnwmRKSt9nothrow_t _ZnwmSt11align_val_tRKSt9nothrow_t',
    'frees: free sqlite3_free _ZdlPvm _ZdlPvmSt11align_val_t if_freenameindex',
    'reallocates: realloc sqlite3_realloc sqlite3_realloc64 reallocarray',
  ],
  're2-wasm/build/wasm/re2.wasm': ['allocates: malloc', 'frees: free'],
  'source-map/lib/mappings.wasm': [],
  'sql.js/dist/sql-wasm-browser-debug.wasm': [
    'allocates: malloc emscripten_builtin_memalign',
    'frees: free sqlite3_free',
  ],
  'sql.js/dist/sql-wasm-browser.wasm': ['allocates: Ia', 'frees: Ja'],
  'tiktoken/lite/tiktoken_bg.wasm': ['allocates: func[25]', 'frees: func[161]'],
  'tiktoken/tiktoken_bg.wasm': ['allocates: func[25]', 'frees: func[167]'],
  'undici/lib/llhttp/llhttp.wasm': ['allocates: func[58] malloc', 'frees: llhttp_free'],
  'vscode-oniguruma/release/onig.wasm': ['allocates: malloc', 'frees: free'],
  'wasmoon/dist/glue.wasm': ['allocates: func[657] malloc', 'frees: free', 'reallocates: realloc'],
  'web-ifc/web-ifc-mt.wasm': ['allocates: ma', 'frees: na'],
  'web-ifc/web-ifc-node.wasm': ['allocates: ba', 'frees: ca'],
  'web-ifc/web-ifc.wasm': ['allocates: malloc', 'frees: free'],
  'web-tree-sitter/debug/web-tree-sitter.wasm': [
    'allocates: $dlmalloc $dlcalloc',
    'frees: $dlfree',
    'reallocates: $dlrealloc',
  ],
  'web-tree-sitter/web-tree-sitter.wasm': ['allocates: malloc calloc', 'frees: free', 'reallocates: realloc'],
  'yoga-layout/dist/binaries/yoga.wasm': ['allocates: I', 'frees: K'],
  'yoga-wasm-web/dist/yoga.wasm': ['allocates: H', 'frees: J'],
};

/** Also a module whose allocator was outlined for size, and modules without names. */
const SMALL = [
  '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm',
  '@dprint/json/plugin.wasm',
  'blake3-wasm/dist/wasm/blake3.wasm',
  'argon2-browser/dist/argon2.wasm',
  'draco3d/draco_decoder.wasm',
  'libsodium/dist/modules/libsodium.wasm',
  'tiktoken/tiktoken_bg.wasm',
  'yoga-wasm-web/dist/yoga.wasm',
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

  const RUN = [
    'argon2-browser/dist/argon2.wasm',
    'draco3d/draco_decoder.wasm',
    'libsodium/dist/modules/libsodium.wasm',
  ];
  for (const { name, path } of chosen.filter((one) => RUN.includes(one.name)))
    test(`${name}: blocks are apart, and one that was freed is given again`, (t) => {
      if (isSkipped(t)) return;
      const bytes = new Uint8Array(readFileSync(path));
      const module = decodeModule(bytes);
      const { allocates, frees } = allocatorsOf(module);
      const imports: WasmImports = {};
      for (const { module: from, name: item, kind } of module.imports) {
        const { min, max } = module.memories[0].limits;
        const memory = () => new wasmEngine.Memory({ initial: Number(min), maximum: Number(max) });
        imports[from] = { ...imports[from], [item]: kind === 'memory' ? memory() : () => 0 };
      }
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(bytes), imports);
      const exported = (functions: ReadonlySet<number>): ((value: number) => number) => {
        const found = module.exports.find(({ kind, index }) => kind === 'func' && functions.has(index));
        return exports[found?.name ?? ''] as (value: number) => number;
      };
      const [allocate, free] = [exported(allocates), exported(frees)];
      const [first, second] = [allocate(100), allocate(100)];
      assert.ok(first > 1024 && Math.abs(second - first) >= 100);
      free(first);
      assert.equal(allocate(100), first);
    });
});
