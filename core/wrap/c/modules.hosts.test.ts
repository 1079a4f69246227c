/** Hammer programs in C on the real Wasmtime: fixtures, modules made for tests, and the modules with known verdicts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type TestModule, testModules } from '../testing/modules.ts';
import { missing, temporary } from '../testing/tools.ts';
import { built, written } from './testing/compile.ts';
import { type CHost, wasmtimeC } from './testing/hosts.ts';

/** Modules whose races are known from runs on another host. */
const KNOWN = join(import.meta.dirname, '../../analysis/testing/wazero/modules');

/** Not to be hammered, too large for a test of seconds, or with a memory of 4 GiB. */
const LEFT_OUT = /^(?:command|many|wasm-tools\.core2?|wide-shared)\.wasm$/;
/** Of these no call returns: one imports what C has no type for, the others trap on guessed arguments. */
const SILENT = ['c19_table_set.wasm', 'plugin-table.wasm', 'wasi.wasm'];
/** Two at a time: a program has eight threads for a short time, and one for the rest. */
const AT_ONCE = 2;

async function known(): Promise<TestModule[]> {
  const files = readdirSync(KNOWN).filter((file) => file.endsWith('.wat'));
  return Promise.all(
    files.map(async (file) => ({
      file: file.replace('.wat', '.wasm'),
      bytes: await parse(readFileSync(join(KNOWN, file), 'utf8')),
    })),
  );
}

/** How the hammer program of a module ended. */
async function hammered(host: CHost, module: TestModule): Promise<{ status: unknown; text: string }> {
  const source = written(temporary(), module, host.name, 'test');
  const program = built(host, 'gcc', [source]);
  return new Promise((resolve) => {
    execFile(program, [join(dirname(source), module.file)], { timeout: 300_000 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : (error.code ?? error.signal), text: `${stdout}${stderr}` }),
    );
  });
}

const host = missing('the C of generated wrappers', 'gcc') ?? wasmtimeC();
describe('C wrappers on Wasmtime: hammer programs', { skip: typeof host === 'string' ? host : undefined }, () => {
  if (typeof host === 'string') return;
  it('find nothing wrong with a lock, or with separate instances', async () => {
    const silent: string[] = [];
    const left = [...(await testModules()), ...(await known())].filter(({ file }) => !LEFT_OUT.test(file));
    const work = async (): Promise<void> => {
      for (let module = left.shift(); module !== undefined; module = left.shift()) {
        const { status, text } = await hammered(host, module);
        assert.ok(status === 0 || status === 2, `${module.file}: ${status}\n${text}`);
        if (!/ calls returned, no result was wrong$/m.test(text)) silent.push(module.file);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    assert.deepEqual(silent.sort(), SILENT);
  });
});
