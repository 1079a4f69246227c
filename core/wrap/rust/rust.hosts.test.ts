/** Rust wrappers on the real Wasmtime: clippy, and use by many threads and tasks. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_FOLDER, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { type TestModule, testModules } from '../testing/modules.ts';
import { type RustCrate, rustCrate, rustMissing } from './testing/crate.ts';
import { RUN_SOURCES } from './testing/sources.ts';
import { useModule } from './testing/useModule.ts';

const RUN = join(import.meta.dirname, 'testing/run');

/** Modules whose size says nothing new and costs minutes. */
const LARGE = ['wasm-tools.core.wasm', 'wasm-tools.core2.wasm', 'many.wasm'];

/** Modules with known verdicts are much alike, and each costs seconds: one in three is hammered. */
const isHammered = ({ file }: TestModule): boolean => {
  const number = /^c(\d+)_/.exec(file)?.[1];
  return number === undefined || Number(number) % 3 === 0;
};

async function modules(): Promise<TestModule[]> {
  const fixtures = readdirSync(FIXTURES)
    .filter((file) => file.endsWith('.wasm'))
    .map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(FIXTURES, file))) }));
  const verdicts = readdirSync(join(WAZERO_FOLDER, 'modules')).map(async (file) => ({
    file: file.replace('.wat', '.wasm'),
    bytes: await wazeroModule(file),
  }));
  const run = Object.entries(RUN_SOURCES).map(async ([file, text]) => ({ file, bytes: await parse(text) }));
  const all = [...fixtures, ...(await testModules()), ...(await Promise.all([...verdicts, ...run]))];
  return [...new Map(all.map((one) => [one.file, one])).values()].filter(({ file }) => !LARGE.includes(file));
}

describe('Rust wrappers, on Wasmtime', { skip: rustMissing() }, () => {
  let crate: RustCrate;
  before(async () => {
    crate = rustCrate('wrapped');
    const lines: string[] = [];
    for (const module of await modules()) lines.push(useModule(crate, module, isHammered(module)));
    for (const file of readdirSync(RUN)) {
      crate.write(`src/${file}`, readFileSync(join(RUN, file)));
      lines.push(`#[cfg(test)]\nmod ${file.replace('.rs', '')};\n`);
    }
    crate.write('src/lib.rs', lines.join(''));
  });

  it('have nothing that clippy finds', () => {
    crate.cargo(['clippy', '--locked', '--quiet', '--lib', '--', '-D', 'warnings']);
  });

  it('do what they promise', () => {
    const { text } = crate.outcome([
      'test',
      '--locked',
      '--quiet',
      '--lib',
      '--',
      '_run::',
      '_use::',
      '--format=pretty',
    ]);
    assert.match(text, /^test result: ok\. \d{2,} passed; 0 failed/m, text.slice(-10_000));
  });

  it('have hammer tests that pass, or say which calls never returned', () => {
    const { text } = crate.outcome(['test', '--locked', '--quiet', '--lib', '--', '_hammer::', '--format=pretty']);
    assert.match(text, /^test result: /m, text.slice(-10_000));
    assert.deepEqual(unexpected(text), []);
    assert.match(text, /^test m_counter_hammer::one_instance_behind_a_lock \.\.\. /m);
  });

  it('have a hammer test that fails where calls race on a shared memory', () => {
    const args = ['test', '--locked', '--quiet', '--lib', '--', '--ignored', 'm_common_hammer::', '--nocapture'];
    const { passed, text } = crate.outcome(args);
    assert.ok(!passed, text);
    assert.match(text, /plain_add, round \d+: serial and concurrent results differ/);
  });
});

/** Failed tests whose message is not about calls that never returned. */
function unexpected(text: string): string[] {
  const reports = [...text.matchAll(/^---- (\S+) stdout ----\n(.*?)(?=^----|^failures:)/gms)];
  return reports.filter(([, , why]) => !why.includes('calls that never returned')).map(([whole]) => whole);
}
