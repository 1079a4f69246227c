/**
 * What real modules need before their API works, and runs of it. By default small modules, all with
 * `WASM_HAZARDS_CORPUS=all`. If they cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { lifeOf } from '../../core/analysis/life/life.ts';
import type { ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { explored, failure } from '../../core/stress/testing/run.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { corpus } from './fetch.ts';
import { builtPath, ensureBuilt } from './testing/built.ts';
import { choice, chooseModules, fetched } from './testing/chosen.ts';

/** Steps as `export per`, with `likely` where the name does not say it. The glue of `mupdf` and of `node-sqlite3-wasm` agrees. */
const LIVES: Readonly<Record<string, string>> = {
  '@biomejs/wasm-web/biome_wasm_bg.wasm': '__wbindgen_start instance',
  '@ffmpeg/core-mt/dist/esm/ffmpeg-core.wasm': 'Ga memory likely',
  '@hyzyla/pdfium/dist/pdfium.wasm': '__wasm_call_ctors instance',
  '@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm': 'v instance likely',
  '@jsquash/avif/codec/dec/avif_dec.wasm': 'G instance likely',
  '@jsquash/avif/codec/enc/avif_enc.wasm': 'Q instance likely',
  '@jsquash/avif/codec/enc/avif_enc_mt.wasm': 'ca memory likely',
  '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm': '_initialize memory',
  '@resvg/resvg-wasm/index_bg.wasm': '',
  '@rolldown/binding-wasm32-wasi/rolldown-binding.wasm32-wasi.wasm': '_initialize memory',
  '@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm': '__wasm_call_ctors instance',
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm': '__wasm_call_ctors instance',
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm':
    '__wasm_call_ctors memory, _emscripten_tls_init thread',
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm': '__wasm_call_ctors instance',
  'argon2-browser/dist/argon2-simd.wasm': '',
  'argon2-browser/dist/argon2.wasm': '',
  'draco3d/draco_decoder.wasm': '',
  'draco3d/draco_encoder.wasm': '',
  'esbuild-wasm/esbuild.wasm': '',
  'mupdf/dist/mupdf-wasm.wasm': 'x instance likely',
  'node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm': '',
  'pyodide/pyodide.asm.wasm': '__wasm_call_ctors instance',
  're2-wasm/build/wasm/re2.wasm': '__wasm_call_ctors instance',
  'source-map/lib/mappings.wasm': '',
  'sql.js/dist/sql-wasm-browser-debug.wasm': '__wasm_call_ctors instance',
  'sql.js/dist/sql-wasm-browser.wasm': 'P instance likely',
  'tiktoken/lite/tiktoken_bg.wasm': '',
  'tiktoken/tiktoken_bg.wasm': '',
  'vscode-oniguruma/release/onig.wasm': '__wasm_call_ctors instance',
  'wa-sqlite/dist/wa-sqlite.wasm': 'ua instance likely',
  'wasmoon/dist/glue.wasm': 'emscripten_stack_init instance, __wasm_call_ctors instance',
  'web-ifc/web-ifc-mt.wasm': 'ja memory likely',
  'web-ifc/web-ifc-node.wasm': '$ instance likely',
  'web-ifc/web-ifc.wasm': 'emscripten_stack_init instance, __wasm_call_ctors instance',
  'web-tree-sitter/debug/web-tree-sitter.wasm': '__wasm_apply_data_relocs instance, __wasm_call_ctors instance',
  'web-tree-sitter/web-tree-sitter.wasm': '__wasm_apply_data_relocs instance, __wasm_call_ctors instance',
  'yoga-wasm-web/dist/yoga.wasm': 'E instance likely',
};

/** Functions that allocate, which constructors use, too: what they return tells whether these have run. */
const ALLOCATORS: Readonly<Record<string, string>> = {
  'wasmoon/dist/glue.wasm': 'malloc',
  're2-wasm/build/wasm/re2.wasm': 'malloc',
};

const OXC = '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm';
const WA_SQLITE = 'wa-sqlite/dist/wa-sqlite.wasm';
const SMALL = [
  ...[OXC, WA_SQLITE, ...Object.keys(ALLOCATORS), 'node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm'],
  ...['argon2-browser/dist/argon2.wasm', 'source-map/lib/mappings.wasm', 'vscode-oniguruma/release/onig.wasm'],
  ...[
    'sql.js/dist/sql-wasm-browser-debug.wasm',
    'web-tree-sitter/web-tree-sitter.wasm',
    'yoga-wasm-web/dist/yoga.wasm',
  ],
];

const bytesOf = (name: string): Uint8Array => {
  const found = corpus.find((module) => module.name === name);
  assert.ok(found, name);
  return new Uint8Array(readFileSync(found.path));
};

const chosen = chooseModules((name) => SMALL.includes(name)).filter(({ name }) => name in LIVES);

describe(`life of real modules (${choice} modules)`, () => {
  const isSkipped = fetched(chosen);

  for (const { name } of chosen)
    test(name, (t) => {
      if (isSkipped(t)) return;
      const module = decodeModule(bytesOf(name));
      const { steps } = lifeOf(module, analyse(module, { host: 'wazero', model: 'auto' }));
      const texts = steps.map(({ call, per, sure }) => `${call} ${per}${sure === 'likely' ? ' likely' : ''}`);
      assert.equal(texts.join(', '), LIVES[name]);
    });

  for (const [name, malloc] of Object.entries(ALLOCATORS))
    test(`${name}: constructors allocate before the callers do`, async (t) => {
      if (isSkipped(t)) return;
      const address = async (life: 'auto' | 'none'): Promise<number> => {
        const { outcomes } = await explored(bytesOf(name), { life, callers: [[[malloc, 16]]] });
        return Number(outcomes.examples[0].results[0][0]);
      };
      assert.ok((await address('auto')) > (await address('none')));
    });

  test(`${WA_SQLITE}: constructors under a minified name run once`, async (t) => {
    if (isSkipped(t)) return;
    const { notes } = await explored(bytesOf(WA_SQLITE), { callers: [[['va', 16]]] });
    assert.ok(
      notes.some((note) => note.startsWith('Before the callers, the run called ua()')),
      notes.join(' '),
    );
  });

  test(`${OXC}: instances over one memory initialise it once, as a second time traps`, async (t) => {
    if (isSkipped(t)) return;
    const file: ScenarioFile = {
      host: 'wasi-threads',
      model: 'shared-memory',
      callers: [[['malloc', 16]], [['malloc', 16]]],
      budget: { schedules: 50 },
    };
    const { outcomes } = await explored(bytesOf(OXC), file);
    assert.ok(outcomes.examples[0].results.flat().every((text) => Number(text) > 0));
    const life: ScenarioFile['life'] = [{ call: '_initialize', per: 'instance' }];
    const { message } = await failure(bytesOf(OXC), { ...file, life });
    assert.match(message, /_initialize\(\) of the life that the scenario lists ended with a trap: unreachable/);
  });
});

describe('life of modules that clang has built', () => {
  const BUILT: Readonly<Record<string, { steps: string[]; got: string }>> = {
    'reactor-c.wasm': { steps: ['_initialize'], got: '40' },
    'command-c.wasm': { steps: ['_start'], got: '41' },
    // The linker lets each export run the constructors first.
    'wrapped-c.wasm': { steps: [], got: '40' },
  };
  for (const [name, { steps, got }] of Object.entries(BUILT))
    test(name, async (t) => {
      const why = await ensureBuilt(name);
      if (why !== undefined) {
        t.skip(why);
        return;
      }
      const bytes = new Uint8Array(readFileSync(builtPath(name)));
      const module = decodeModule(bytes);
      const life = lifeOf(module, analyse(module, { host: 'wazero', model: 'auto' }));
      assert.deepEqual(
        life.steps.map(({ call }) => call),
        steps,
      );
      for (const model of ['shared-instance', 'isolated'] as const) {
        const { outcomes } = await explored(bytes, { model, callers: [[['get']], [['get']]] });
        assert.deepEqual(outcomes.examples[0].results, [[got], [got]], model);
      }
    });
});
