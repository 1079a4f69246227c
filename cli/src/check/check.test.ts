/** Exit codes, options and inputs of `check`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { type CliRun, runWith } from '../testing/cli.ts';

const scratch = await mkdtemp(join(tmpdir(), 'wasm-hazards-cli-'));
after(() => rm(scratch, { recursive: true, force: true }));

const fixture = (name: string): string => join(FIXTURES, `${name}.wasm`);

async function fileOf(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, contents);
  return path;
}

/** Code 2 and exactly one line on standard error, in both forms; JSON stays whole. */
async function trouble(file: string, expected: RegExp): Promise<void> {
  for (const format of ['text', 'json']) {
    const { code, err, out } = await runWith(['check', '--format', format, file]);
    assert.equal(code, 2);
    assert.equal(err.length, 1);
    assert.match(err[0], expected);
    assert.match(err[0], /\(offset 0x[0-9a-f]+(, and \d+ more)?\)$/);
    if (format === 'json') assert.ok(JSON.parse(out).modules[0].errors.length > 0);
  }
}

async function usage(args: string[], expected: RegExp): Promise<void> {
  const { code, out, err } = await runWith(args);
  assert.deepEqual({ code, out, lines: err.length }, { code: 2, out: '', lines: 1 });
  assert.match(err[0], expected);
}

test('exit codes by severity and --fail-on', async () => {
  const code = async (name: string, ...args: string[]): Promise<number> =>
    (await runWith(['check', ...args, fixture(name)])).code;
  assert.equal(await code('pure'), 0);
  assert.equal(await code('counter-global'), 1);
  assert.equal(await code('counter-global', '--fail-on', 'error'), 0);
  assert.equal(await code('bump-allocator', '--fail-on', 'error'), 1);
  assert.equal(await code('bump-allocator', '--fail-on', 'none'), 0);
  assert.equal(await code('host-import'), 0, 'a note is no warning');
  assert.equal(await code('counter-global', '--rule', 'global-write=information'), 0);
  assert.equal(await code('host-import', '--rule', 'host-call=error', '--fail-on', 'error'), 1);
});

test('a binary that the engine refuses is not valid', async () => {
  const file = join(import.meta.dirname, 'cases', 'invalid.wasm');
  await trouble(file, /: not valid: .+ \(offset 0x[0-9a-f]+\)$/);
  // There is nothing to say about exports that cannot be called.
  assert.equal((await runWith(['check', file])).out, '');
  const source = await fileOf('invalid.wat', '(module\n  (func (export "f") (result i32)\n    (i64.const 1)))');
  const { code, out, err: lines } = await runWith(['check', source]);
  assert.deepEqual({ code, out }, { code: 2, out: '' });
  assert.match(lines.join('\n'), /invalid\.wat:[23]:\d+: not valid: type error in fallthru/);
  const { err } = await runWith(['wrap', '--kind', 'pool', '--host', 'wazero', file]);
  assert.match(err.join(), /not valid: /);
});

test('findings follow from the host profile', async () => {
  const findings = async (host: string, ...args: string[]): Promise<string> =>
    (await runWith(['check', '--host', host, ...args, fixture('bump-allocator')])).out;
  const wasmedge = await findings('wasmedge');
  assert.match(wasmedge, / wasmedge, shared-instance\n/);
  assert.match(wasmedge, /error +memory-grow/);
  assert.match(wasmedge, /grows memory {2}Use a VM per thread/);
  const apart = await findings('wasmtime-c-api');
  assert.match(apart, / wasmtime-c-api, isolated\n/);
  assert.doesNotMatch(apart, /memory-grow/);
  const oneStore = await findings('wasmtime-c-api', '--model', 'shared-instance');
  assert.match(oneStore, /error +memory-grow/);
  assert.match(oneStore, /hold one lock for every use of the store/);
});

test('the worst of several files decides, and all are checked', async () => {
  const { code, out, err } = await runWith(['check', fixture('pure'), '/no/such.wasm', fixture('counter-global')]);
  assert.equal(code, 2);
  assert.match(out, /pure\.wasm[\s\S]*counter-global\.wasm[\s\S]*2 modules: 1 warning/);
  assert.deepEqual(err, ['/no/such.wasm: no such file (offset 0x0)']);
});

test('wrong command lines', async () => {
  await usage([], /no command/);
  await usage(['chekc'], /unknown command "chekc"/);
  await usage(['module.wasm'], /did you mean wasm-hazards check module\.wasm/);
  await usage(['check'], /no files/);
  await usage(['check', '--host', 'v8', 'a.wasm'], /--host cannot be "v8".*wazero/);
  await usage(['check', '--model', 'x', 'a.wasm'], /--model cannot be "x"/);
  await usage(['check', '--format', 'xml', 'a.wasm'], /text, json, html/);
  await usage(['check', '--fail-on', 'info', 'a.wasm'], /warning, error, none/);
  await usage(['check', '--rule', 'memory-grow', 'a.wasm'], /ID=SEVERITY/);
  await usage(['check', '--rule', 'no-such=off', 'a.wasm'], /--rule cannot be "no-such"/);
  await usage(['check', '--rule', 'memory-grow=loud', 'a.wasm'], /information/);
  await usage(['check', '--limit', '-1', 'a.wasm'], /limit/);
  await usage(['check', '--no-such-option', 'a.wasm'], /no-such-option/);
  await usage(['check', '-', '-'], /only once/);
});

test('help and version', async () => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['check', '--help'],
    ['help', 'check'],
    ['--version'],
    ['check', '--version'],
  ]) {
    const { code, out, err } = await runWith(args);
    assert.deepEqual({ code, err }, { code: 0, err: [] });
    assert.ok(out.length > 10 && out.endsWith('\n'));
  }
  const { out } = await runWith(['check', '--help']);
  for (const word of ['--fail-on', 'memory-grow', 'wazero', 'Exit codes']) assert.ok(out.includes(word), word);
  assert.ok(out.split('\n').every((line) => line.length <= 110));
});

test('inputs that are no modules', async () => {
  await trouble('/no/such/file.wasm', /: no such file /);
  await trouble(FIXTURES, /: is a directory/);
  await trouble(await fileOf('empty.wasm', ''), /: the file is empty/);
  await trouble(await fileOf('text.wasm', 'hello, world'), /not a WebAssembly module/);
  await trouble(await fileOf('empty.wat', ''), /: the file is empty/);
  await trouble(await fileOf('short.wasm', '\0asm'), /ends inside the header/);
  await trouble(await fileOf('component.wasm', '\0asm\x0d\0\x01\0'), /a component without core modules/);
  await trouble(await fileOf('version.wasm', '\0asm\x02\0\0\0'), /version 2/);
  await trouble(await fileOf('zeros.wasm', new Uint8Array(100e6)), /not a WebAssembly module/);
  await trouble('nul\0byte.wasm', /is not a file name/);
});

test('a truncated module is reported as far as it goes', async () => {
  const bytes = readFileSync(fixture('bump-allocator'));
  await trouble(await fileOf('cut.wasm', bytes.subarray(0, bytes.length >> 1)), /cut\.wasm: .*\(offset/);
});

test('file names and messages cannot forge lines', async () => {
  const { err } = await runWith(['check', 'a\nb\x1b[2J.wasm']);
  assert.equal(err.length, 1);
  assert.match(err[0], /^a\\u\{a\}b\\u\{1b\}\[2J\.wasm: /);
});

test('standard input', async () => {
  const bytes = readFileSync(fixture('counter-global'));
  const pieces = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
  const whole = await runWith(['check', '-'], { stdin: [bytes] });
  const drip = await runWith(['check', '-'], { stdin: pieces });
  assert.equal(whole.code, 1);
  assert.match(whole.out, /^standard input {2}wazero/);
  assert.deepEqual(drip, whole);
  const empty = await runWith(['check', '-'], { stdin: [] });
  assert.deepEqual(empty, { code: 2, out: '', err: ['standard input: the file is empty (offset 0x0)'] });
});

test('endless standard input is refused by its first bytes', async () => {
  let pieces = 0;
  const endless = (function* () {
    for (;;) {
      pieces++;
      yield new Uint8Array(65536);
    }
  })();
  const { code } = await runWith(['check', '-'], { stdin: endless });
  assert.equal(code, 2);
  assert.ok(pieces < 100, `${pieces} pieces were read`);
});

test('a reader that goes away does not change the exit code', async () => {
  const ran: CliRun = await runWith(['check', '--format', 'json', fixture('counter-global')], { readerLeavesAfter: 1 });
  assert.deepEqual({ code: ran.code, err: ran.err }, { code: 1, err: [] });
});

test('--host auto asks the nearest manifest', async () => {
  const repository = join(scratch, 'repository');
  await mkdir(join(repository, '.git'), { recursive: true });
  await mkdir(join(repository, 'rust', 'wasm'), { recursive: true });
  await writeFile(join(repository, 'go.mod'), 'module x\nrequire github.com/tetratelabs/wazero v1.9.0\n');
  await writeFile(join(repository, 'rust', 'Cargo.toml'), '[dependencies]\nwasmtime = "30"\n');
  const bytes = readFileSync(fixture('pure'));
  await writeFile(join(repository, 'rust', 'wasm', 'a.wasm'), bytes);
  await writeFile(join(repository, 'a.wasm'), bytes);
  await writeFile(join(scratch, 'a.wasm'), bytes);
  const hostOf = async (file: string): Promise<string> =>
    JSON.parse((await runWith(['check', '--host', 'auto', '--format', 'json', file])).out).modules[0].host;
  assert.equal(await hostOf(join(repository, 'a.wasm')), 'wazero');
  assert.equal(await hostOf(join(repository, 'rust', 'wasm', 'a.wasm')), 'wasmtime');
  // As in the editor: node/hostDetection.test.ts has the same project.
  await mkdir(join(repository, 'web'));
  await writeFile(join(repository, 'web', 'package.json'), '{}');
  await writeFile(join(repository, 'web', 'a.wasm'), bytes);
  assert.equal(await hostOf(join(repository, 'web', 'a.wasm')), 'javascript');
  assert.equal(await hostOf(join(repository, 'a.wasm')), 'wazero');
  const { out } = await runWith(['check', '--host', 'auto', join(repository, 'a.wasm')]);
  assert.match(out, /host: go\.mod requires github\.com\/tetratelabs\/wazero/);
});
