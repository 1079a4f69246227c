/** Calls of real modules that need only numbers as arguments. */
import type { Call } from '../../../core/stress/scenario/steps.ts';

/** Calls of one module of the corpus, and the setup that they need. */
export interface ModuleCalls {
  module: string;
  setup: Call[];
  calls: Call[];
}

/** Modules by name with their calls. */
export const MODULE_CALLS: readonly ModuleCalls[] = [
  {
    // argon2_hash: time, memory, lanes, password, salt, hash, encoded, type, version
    module: 'argon2-browser/dist/argon2.wasm',
    setup: [['d']],
    calls: [
      ['f', 100],
      ['e', 1, 8, 1, 70000, 8, 71000, 16, 72000, 32, 0, 0, 2, 0x13],
      ['f', 5000],
      ['g', 0],
      ['n', 16],
    ],
  },
  {
    module: 'argon2-browser/dist/argon2-simd.wasm',
    setup: [['d']],
    calls: [
      ['e', 1, 8, 1, 70000, 8, 71000, 16, 72000, 32, 0, 0, 1, 0x13],
      ['f', 64],
    ],
  },
  {
    module: '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm',
    setup: [['__wasm_call_ctors'], ['sqlite3_initialize']],
    calls: [
      ['sqlite3_malloc', 100],
      ['sqlite3_malloc64', '5000'],
      ['sqlite3_vfs_find', 0],
      ['sqlite3_free', 0],
      ['sqlite3_value_dup', 0],
    ],
  },
  {
    module: 'vscode-oniguruma/release/onig.wasm',
    setup: [['__wasm_call_ctors']],
    calls: [
      ['malloc', 100],
      ['omalloc', 2000],
      ['stackSave'],
      ['stackAlloc', 16],
      ['getLastOnigError'],
      ['createOnigScanner', 0, 0, 0, 0, 0],
    ],
  },
  {
    module: 'yoga-wasm-web/dist/yoga.wasm',
    setup: [['E']],
    calls: [
      ['F', 64],
      ['H', 100],
      ['F', 5000],
    ],
  },
  { module: 'draco3d/draco_decoder.wasm', setup: [['g']], calls: [['m'], ['p'], ['s'], ['L'], ['T'], ['Y']] },
  { module: 'draco3d/draco_encoder.wasm', setup: [['e']], calls: [['k'], ['m'], ['w'], ['G'], ['M']] },
  {
    module: 'web-tree-sitter/web-tree-sitter.wasm',
    setup: [['__wasm_call_ctors']],
    calls: [['malloc', 100], ['calloc', 10, 20], ['iswspace', 32], ['iswalnum', 65], ['ts_init'], ['free', 0]],
  },
  {
    module: '@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm',
    setup: [['v']],
    calls: [['C'], ['D'], ['F'], ['Ca'], ['Da']],
  },
  {
    module: '@resvg/resvg-wasm/index_bg.wasm',
    setup: [],
    calls: [
      ['__wbindgen_malloc', 64, 8],
      ['__wbindgen_add_to_stack_pointer', -16],
      ['BrotliDecoderVersion'],
      ['BrotliDecoderErrorString', -1],
    ],
  },
  {
    module: 'source-map/lib/mappings.wasm',
    setup: [],
    calls: [['allocate_mappings', 100], ['get_last_error'], ['allocate_mappings', 5000]],
  },
  {
    module: 'tiktoken/lite/tiktoken_bg.wasm',
    setup: [],
    calls: [
      ['__wbindgen_export_1', 64, 8],
      ['__wbindgen_add_to_stack_pointer', -16],
      ['__wbindgen_export_1', 9000, 8],
    ],
  },
  {
    module: '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    setup: [['__wasm_call_ctors'], ['init']],
    calls: [
      ['get_threads_count'],
      ['register_tensor', 1, 8, 900000],
      ['register_tensor', 2, 8, 900100],
      ['Abs', 1, 5, 2],
      ['dispose_data', 1],
    ],
  },
  {
    module: 'sql.js/dist/sql-wasm-browser-debug.wasm',
    setup: [['emscripten_stack_init'], ['__wasm_call_ctors']],
    calls: [['malloc', 100], ['strerror', 2], ['emscripten_stack_get_free'], ['RegisterExtensionFunctions', 0]],
  },
  {
    module: '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm',
    setup: [],
    calls: [
      ['malloc', 100],
      ['malloc', 70000],
      ['free', 0],
    ],
  },
];
