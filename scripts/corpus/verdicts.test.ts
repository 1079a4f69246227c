/**
 * Verdicts of real modules, derived by hand from what the libraries are; the whole texts are golden. Modules that cannot
 * be fetched are skipped with the reason.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import type { KeptKind } from '../../core/analysis/verdict/kept.ts';
import { moduleVerdict, moduleVerdictText } from '../../core/analysis/verdict/moduleVerdict.ts';
import type { RemedyKind } from '../../core/analysis/verdict/remedy.ts';
import type { VerdictStatus } from '../../core/analysis/verdict/verdictStatus.ts';
import { assertGoldenText } from '../../core/testing/golden.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { corpus } from './fetch.ts';
import { fetched } from './testing/chosen.ts';

/** What must be said of a module on wazero. */
interface Right {
  module: string;
  /** Name of the golden text. */
  name: string;
  /** Why this is right. */
  why: string;
  status: VerdictStatus;
  remedy: RemedyKind;
  /** Kinds of state that must be named, and that must not. */
  keeps: readonly KeptKind[];
  keepsNot?: readonly KeptKind[];
  /** Steps of sequences that must be found. */
  sequences?: readonly string[];
}

const RIGHT: readonly Right[] = [
  {
    module: 'hash-wasm/dist/sha256.wasm',
    name: 'sha256',
    why: 'one context and one buffer in static data; the frames of its functions need no allocator; three calls make a digest',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data'],
    keepsNot: ['allocator', 'host', 'unknown'],
    sequences: ['`Hash_Init`, `Hash_Update`, `Hash_Final`'],
  },
  {
    module: 'undici/lib/llhttp/llhttp.wasm',
    name: 'llhttp',
    why: 'a parser is an object of the caller, and the library has no variables; callbacks go to the host',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['objects', 'allocator', 'stack', 'host'],
    keepsNot: ['global', 'data'],
    sequences: [
      '`malloc`, write, call, read, `free`',
      '`llhttp_init`, `llhttp_execute`, `llhttp_finish`',
      '`llhttp_alloc`, use, `llhttp_free`',
    ],
  },
  {
    module: '@dprint/json/plugin.wasm',
    name: 'dprint',
    why: 'paths and results pass through one buffer in static data; the path that was set belongs to the next format',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'allocator', 'stack'],
    keepsNot: ['host', 'unknown'],
    sequences: ['`set_file_path` or `set_override_config`, call, `get_error_text`, `get_formatted_text` or 3 more'],
  },
  {
    module: 'node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm',
    name: 'sqlite',
    why: 'built without threads: configuration, mutexes that do nothing and lists of files are static data; connections are objects',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'objects', 'allocator', 'stack', 'host'],
    sequences: ['`qa` (probably), write, call, read, `ra` (probably)'],
  },
  {
    module: '@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
    name: 'cedar',
    why: 'preparsed policy sets stay in static data; objects of JavaScript lie in a table',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'table', 'allocator', 'stack', 'host'],
    sequences: ['`__wbindgen_malloc`, write, call, read, `__wbindgen_free`'],
  },
  {
    module: 're2-wasm/build/wasm/re2.wasm',
    name: 're2',
    why: 'Embind calls its methods through a table: they compile expressions and keep types in static data',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'objects', 'allocator', 'stack', 'host'],
    sequences: ['`malloc`, write, call, read, `free`'],
  },
  {
    module: 'libsodium/dist/modules/libsodium.wasm',
    name: 'libsodium',
    why: 'the choice of implementations and the state of the random generator are static data; names are minified',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'allocator', 'stack', 'host'],
    sequences: ['`Ee` (probably), write, call, read, `Fe` (probably)'],
  },
  {
    module: '@hyzyla/pdfium/dist/pdfium.wasm',
    name: 'pdfium',
    why: 'fonts and modules of the library are static data; documents and pages are handles',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'objects', 'allocator', 'stack', 'host'],
    sequences: ['`malloc`, write, call, read, `free`', '`FPDFBitmap_Create`, use, `FPDFBitmap_Destroy`'],
  },
  {
    module: '@jitl/quickjs-wasmfile-release-asyncify/dist/emscripten-module.wasm',
    name: 'quickjs',
    why: 'runtimes are objects; lists of classes and atoms of the library are static data; names are minified',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'objects', 'allocator', 'stack', 'host'],
    sequences: ['`w` (probably), write, call, read, `N` (probably)'],
  },
  {
    module: '@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm',
    name: 'oxc',
    why: 'built for threads: its allocator takes a lock that the analysis does not follow; Node-API calls through a table',
    status: 'possibly-not-safe',
    remedy: 'common-lock',
    keeps: ['allocator'],
    sequences: ['`malloc`, write, call, read, `free`'],
  },
  {
    module: 'wasmoon/dist/glue.wasm',
    name: 'wasmoon',
    why: 'a Lua state is an object; its C library keeps variables',
    status: 'not-safe',
    remedy: 'own-instance',
    keeps: ['data', 'objects', 'allocator', 'stack', 'host'],
    sequences: ['`malloc`, write, call, read, `free`'],
  },
];

describe('verdicts of real modules', () => {
  const isSkipped = fetched(corpus.filter(({ name }) => RIGHT.some(({ module }) => module === name)));
  for (const right of RIGHT)
    test(`${right.name}: ${right.why}`, (t) => {
      if (isSkipped(t)) return;
      const found = corpus.find(({ name }) => name === right.module);
      assert.ok(found, right.module);
      const module = decodeModule(new Uint8Array(readFileSync(found.path)));
      const verdict = moduleVerdict(module, analyse(module, { host: 'wazero', model: 'auto' }));
      const kinds = verdict.kept.map(({ kind }) => kind);
      assert.deepEqual([verdict.status, verdict.remedy.kind], [right.status, right.remedy]);
      for (const kind of right.keeps) assert.ok(kinds.includes(kind), `${kind} is kept, too: ${kinds.join()}`);
      for (const kind of right.keepsNot ?? []) assert.ok(!kinds.includes(kind), `${kind} is not kept`);
      const steps = verdict.sequences.map((one) => one.steps);
      for (const one of right.sequences ?? []) assert.ok(steps.includes(one), `${one} in ${steps.join('; ')}`);
      assertGoldenText(import.meta.dirname, `verdict-${right.name}`, `${moduleVerdictText(verdict).join('\n')}\n`);
    });
});
