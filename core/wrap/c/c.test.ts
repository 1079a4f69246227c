/** Wrappers in C against a compiler, without a runtime. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { cString } from '../../harmless/code.ts';
import { WRAP_KINDS } from '../template.ts';
import { wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { testModule } from '../testing/modules.ts';
import { missing, ran, temporary } from '../testing/tools.ts';
import { STRICT, written } from './testing/compile.ts';
import { cachedHeaders, WAMR_DECLARATIONS } from './testing/hosts.ts';

const HEADERS = { 'wasmtime-c-api': cachedHeaders(), wamr: WAMR_DECLARATIONS };

/** Of every kind one; the tests on the real hosts compile all. */
const MODULES = [
  'hostile.wasm',
  'types.wasm',
  'wasi.wasm',
  'state.wasm',
  'plugin.wasm',
  'common.wasm',
  'shadow-stack.wasm',
];

describe('C wrappers', { skip: missing('the C of generated wrappers', 'gcc') }, () => {
  for (const host of ['wasmtime-c-api', 'wamr'] as const) {
    const include = HEADERS[host];
    // The tests on the real hosts fetch the headers, and compile everything in any case.
    if (include === undefined) continue;
    it(`compile without a warning: ${host}`, async () => {
      const folder = temporary();
      const sources: string[] = [];
      for (const file of MODULES) {
        const module = await testModule(file);
        for (const kind of WRAP_KINDS) sources.push(written(folder, module, host, kind));
      }
      ran('gcc', ['-fsyntax-only', ...STRICT, ...include, ...sources], { cwd: folder });
    });
  }
});

it('C wrappers: every export of a module with hostile names has its own function', async () => {
  const { text } = wrap(await testModule('hostile.wasm'), 'wasmtime-c-api', 'pool');
  const [declarations] = text.split('_IMPLEMENTATION\n');
  const functions = [...declarations.matchAll(/^\/\/ Calls the export .*\n(?:\/\/ .*\n)*hostile_status (\w+)\(/gm)];
  const names = functions.map(([, name]) => name);
  assert.equal(names.length, HOSTILE_NAMES.length);
  assert.equal(new Set(names).size, names.length);
});

it('C wrappers with names of their own fit into one program', {
  skip: missing('the C of generated wrappers', 'gcc'),
}, async () => {
  const folder = temporary();
  const module = await testModule('text.wasm');
  const texts = [
    wrap(module, 'wamr', 'pool').text,
    wrap(module, 'wamr', 'pool', { typeName: 'Codec' }).text,
    wrap(module, 'wamr', 'mutex', { typeName: 'OneCodec' }).text,
  ];
  const wanted = texts.map((text) => `#define ${/^#ifdef (\w+_IMPLEMENTATION)$/m.exec(text)?.[1]}\n`);
  assert.match(texts[2], /^typedef struct one_codec_lock one_codec_lock;$/m);
  // Each header is included a second time, as by another part of the program.
  const implementations = texts.map((text, i) => `${wanted[i]}${text}#undef ${wanted[i].slice('#define '.length)}`);
  writeFileSync(join(folder, 'program.c'), [...implementations, ...texts].join('\n'));
  ran('gcc', ['-fsyntax-only', ...STRICT, ...WAMR_DECLARATIONS, 'program.c'], { cwd: folder });
});

it('C wrappers of a module with the name of a library have another prefix', async () => {
  const { bytes } = await testModule('tally.wasm');
  for (const base of ['wasmtime', 'pthread', 'wasm']) {
    const { text } = wrap({ file: `${base}.wasm`, bytes }, 'wasmtime-c-api', 'pool');
    assert.match(text, new RegExp(`^typedef struct my_${base}_pool my_${base}_pool;$`, 'm'));
  }
});

it('string literals of C end nowhere early', () => {
  assert.equal(cString('a"b\\c??/\n\u00e91\0'), '"a\\"b\\\\c\\?\\?/\\n\\303\\2511\\000"');
});
