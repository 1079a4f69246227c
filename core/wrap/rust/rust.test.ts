/** Rust wrappers as text: formatted as rustfmt does, names, what is said. That they work is tested with `npm run test:hosts`. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { type TestModule, testModule, testModules } from '../testing/modules.ts';
import { missing, ran, temporary } from '../testing/tools.ts';
import { generateWrapper } from '../wrapper.ts';
import { use } from './layout.ts';
import { FORMS } from './testing/forms.ts';

const NO_FORMAT = missing('the format of generated Rust wrappers', 'rustfmt');

/** Imports a function, a global and a table: the `use` line is as long as a line may be. */
const importing = async (): Promise<TestModule> => ({
  file: 'imports.wasm',
  bytes: await parse(readFileSync(`${import.meta.dirname}/../testing/cases/imports-of-each-kind.wat`, 'utf8')),
});

it('Rust wrappers are formatted as rustfmt does', { skip: NO_FORMAT }, async () => {
  const folder = temporary();
  const files: string[] = [];
  for (const { file, bytes } of [...(await testModules()), await importing()]) {
    const module = decodeModule(bytes);
    const analysis = analyse(module, { host: 'wasmtime', model: 'auto' });
    for (const [form, options] of Object.entries(FORMS)) {
      for (const typeName of [undefined, 'Codec']) {
        const wrapped = generateWrapper(module, analysis, { ...options, typeName, moduleFile: file });
        if ('refusal' in wrapped) continue;
        files.push(join(folder, `${typeName ?? 'plain'}_${file.replace(/\W/g, '_')}_${form}.rs`));
        writeFileSync(files[files.length - 1], wrapped.text);
      }
    }
  }
  // The order of imports that differ in case alone is another one before 2024.
  for (const edition of ['2021', '2024']) ran('rustfmt', ['--edition', edition, '--check', ...files], { cwd: folder });
});

it('Rust wrappers: `use` lines of every length are as rustfmt leaves them', { skip: NO_FORMAT }, () => {
  const folder = temporary();
  const files = Array.from({ length: 60 }, (_, n) => join(folder, `use_${n}.rs`));
  // Lists that are cut into one more line at a column each, and lists that just fit into one.
  for (const [n, file] of files.entries()) {
    const names = Array.from(
      { length: 4 + (n % 3) * 6 },
      (_, i) => `Name${String.fromCharCode(97 + i)}${'x'.repeat(i % 4)}`,
    );
    writeFileSync(file, `${use('wasmtime', [`Aa${'a'.repeat(n)}`, ...names])}\n`);
  }
  for (const edition of ['2021', '2024']) ran('rustfmt', ['--edition', edition, '--check', ...files], { cwd: folder });
});

it('Rust wrappers: every export of a module with hostile names has its own method', async () => {
  const { text } = wrap(await testModule('hostile.wasm'), 'wasmtime', 'pool');
  const methods = [...text.matchAll(/^ {4}\/\/\/ Calls the export .*\n {4}pub fn (\w+)\(/gm)].map(([, name]) => name);
  assert.equal(methods.length, HOSTILE_NAMES.length);
  assert.equal(new Set(methods).size, methods.length);
});

it('Rust wrappers: a pool has slots of fixed size where each memory declares how large it becomes', async () => {
  const made = async (memory: string): Promise<string> =>
    wrap(
      { file: 'm.wasm', bytes: await parse(`(module ${memory} (table 3 funcref) (func (export "f")))`) },
      'wasmtime',
      'pool',
    ).text;
  const bounded = await made('(memory 1 2)');
  assert.match(bounded, /slots\.max_memory_size\(131072\);/);
  assert.match(bounded, /slots\.table_elements\(20000\);/);
  for (const memory of ['(memory 1)', '(memory i64 1 2)', '(import "env" "m" (memory 1 2))', '(memory 1 2 shared)'])
    assert.doesNotMatch(await made(memory), /PoolingAllocationConfig/);
});

it('Rust wrappers: the features of the crate are those that the module needs', async () => {
  const needs = async (body: string): Promise<string> => {
    const bytes = await parse(`(module ${body} (func (export "f")))`);
    return wrap({ file: 'm.wasm', bytes }, 'wasmtime', 'pool').text.replaceAll('\n// ', ' ');
  };
  assert.match(await needs(''), /--features cranelift,parallel-compilation,pooling-allocator,runtime,std,threads$/m);
  for (const body of ['(table 1 externref)', '(tag)', '(type (struct (field i32)))'])
    assert.match(await needs(body), /--features cranelift,gc,gc-drc,parallel/);
});
