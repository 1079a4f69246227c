/** The command line as it is shipped: one file, run by Node 24, and by Node 20 if installed. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { hasUnseen } from '../core/harmless/invisible.ts';
import { validSarif } from '../core/report/testing/sarif/validSarif.ts';
import { build } from './build/bundle.ts';
import { nodes } from './package/testing/nodes.ts';
import { TEST_FIXTURES } from './paths.ts';

const fixture = (name: string): string => join(TEST_FIXTURES, `${name}.wasm`);

let directory: string;
let cli: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wasm-hazards-bundle-'));
  await build({ production: true, outputRoot: join(directory, 'built'), log: () => {} });
  // Alone in a folder, so that it cannot use other files of the repository.
  await mkdir(join(directory, 'alone'));
  cli = join(directory, 'alone', 'cli.js');
  await copyFile(join(directory, 'built', 'dist', 'cli.js'), cli);
  assert.deepEqual(readdirSync(join(directory, 'alone')), ['cli.js']);
});
after(() => rm(directory, { recursive: true, force: true }));

for (const [version, node] of nodes()) {
  const run = (args: string[], input?: Uint8Array) => {
    const { status, stdout, stderr } = spawnSync(node, [cli, ...args], { encoding: 'utf8', input, cwd: directory });
    return { status, stdout, stderr };
  };

  describe(`dist/cli.js on Node ${version}`, () => {
    test('text and JSON of every fixture', () => {
      const files = readdirSync(TEST_FIXTURES).filter((name) => name.endsWith('.wasm'));
      const text = run(['check', ...files.map((name) => join(TEST_FIXTURES, name))]);
      assert.deepEqual({ status: text.status, stderr: text.stderr }, { status: 1, stderr: '' });
      const json = run(['check', '--format', 'json', ...files.map((name) => join(TEST_FIXTURES, name))]);
      assert.equal(JSON.parse(json.stdout).modules.length, files.length);
    });

    test('SARIF, with the pages of the rules, which are inside', () => {
      const { status, stdout } = run(['check', '--format', 'sarif', fixture('counter-global')]);
      assert.equal(status, 1);
      const [{ tool, results }] = validSarif(stdout).runs;
      assert.equal(results.length, 2);
      for (const { id, help } of tool.driver.rules) assert.match(help.markdown ?? '', new RegExp(`^# ${id}\n`));
    });

    test('a module that is not valid, with and without proposals that the engine may lack', async () => {
      const faulty = ['', '(memory 1) (memory 1)', '(type $s (struct)) (func (param (ref null $s)))'];
      for (const [i, fields] of faulty.entries()) {
        const file = join(directory, `faulty${i}.wasm`);
        writeFileSync(file, await parse(`(module ${fields} (func (export "f") (result i32) (i64.const 1)))`));
        const { status, stdout, stderr } = run(['check', file]);
        assert.deepEqual({ status, stdout }, { status: 2, stdout: '' }, fields);
        assert.match(stderr, /: not valid: in function \d: type .*i32.*i64.* \(offset 0x[0-9a-f]+\)\n$/);
      }
    });

    test('tools for agents', async () => {
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(new StdioClientTransport({ command: node, args: [cli, 'mcp'], cwd: directory }));
      const call = (name: string, args: object) => client.callTool({ name, arguments: { ...args } });
      const { structuredContent } = await call('check', { file: fixture('counter-global') });
      const [{ verdict }] = (structuredContent as { modules: { verdict: string }[] }).modules;
      assert.equal(verdict, 'not-safe');
      const stressed = await call('stress', {
        file: fixture('counter-global'),
        calls: ['increment()'],
        allowRun: true,
      });
      assert.match(
        JSON.stringify(stressed.content),
        Number(version.slice(1)) < 24 ? /use Node\.js 24/ : /wrong outcome/,
      );
      await client.close();
    });

    test('sources: findings by line and column, and what does not compile', () => {
      const found = run(['check', join(TEST_FIXTURES, 'counter-global.wat')]);
      assert.deepEqual({ status: found.status, stderr: found.stderr }, { status: 1, stderr: '' });
      assert.match(found.stdout, /global\.set at \S+counter-global\.wat:\d+:\d+ \(0x/);
      const files = readdirSync(TEST_FIXTURES).filter((name) => name.endsWith('.wat'));
      const json = run(['check', '--format', 'json', ...files.map((name) => join(TEST_FIXTURES, name))]);
      assert.equal(json.stderr, '');
      assert.equal(JSON.parse(json.stdout).modules.length, files.length);
      const wrong = run(['check', '-'], new TextEncoder().encode('(module\n  (func (foo)))'));
      const stderr = 'standard input:2:10: unknown operator or unexpected token\n';
      assert.deepEqual(wrong, { status: 2, stdout: '', stderr });
    });

    test('modules with their sources: lines that a terminal makes links of', async () => {
      const samples = join(directory, 'source');
      await cp(join(TEST_FIXTURES, 'source'), samples, { recursive: true });
      const found = run(['check', join(samples, 'rust', 'counter.wasm')]);
      assert.deepEqual({ status: found.status, stderr: found.stderr }, { status: 1, stderr: '' });
      assert.match(found.stdout, /counter::COUNTER .*bump -> i32\.store at source\/rust\/src\/lib\.rs:31:9 \(0x/);
      const mapped = run(['check', join(samples, 'assemblyscript', 'gate.wasm')]);
      assert.match(mapped.stdout, /global\.set at source\/assemblyscript\/assembly\/gate\.ts:20:3 \(0x/);
      const stress = run(['stress', join(samples, 'c', 'visits.wasm'), '--call', 'visit()']);
      if (version === 'v20') assert.match(stress.stderr, /Node\.js 24/);
      else assert.match(stress.stdout, / visits\.c:17 visits = 1 .*0x/);
    });

    test('standard input through a pipe', () => {
      const good = run(['check', '-'], readFileSync(fixture('pure')));
      assert.deepEqual({ status: good.status, stderr: good.stderr }, { status: 0, stderr: '' });
      const none = run(['check', '-'], new Uint8Array(0));
      assert.deepEqual(none, { status: 2, stdout: '', stderr: 'standard input: the file is empty (offset 0x0)\n' });
    });

    test('stress runs, in a worker thread of the same file, or one sentence on what is missing', () => {
      const wat = join(TEST_FIXTURES, 'counter-global.wat');
      const { status, stdout, stderr } = run(['stress', wat, '--call', 'increment()', '--format', 'json']);
      if (Number(version.slice(1)) < 24) {
        assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
        assert.match(stderr, /^wasm-hazards: Stress runs need .*: use Node\.js 24 or later.*\n$/);
        return;
      }
      assert.deepEqual({ status, stderr }, { status: 1, stderr: '' });
      const { verdict, schedule } = JSON.parse(stdout);
      assert.equal(verdict, 'race');
      const again = run(['replay', wat, '--call', 'increment()', '--schedule', schedule]);
      assert.deepEqual({ status: again.status, stderr: again.stderr }, { status: 1, stderr: '' });
      // The worker loads the JavaScript of a scenario.
      writeFileSync(join(directory, 'given.mjs'), 'export const env = { log() { return 0; } };');
      writeFileSync(
        join(directory, 'given.stress.json'),
        JSON.stringify({ callers: [[['increment']]], imports: { module: 'given.mjs' } }),
      );
      const given = run(['stress', wat, '--scenario', join(directory, 'given.stress.json')]);
      assert.deepEqual({ status: given.status, stderr: given.stderr }, { status: 0, stderr: '' });
    });

    test('names, keys and paths send nothing to the terminal', { skip: process.platform === 'win32' }, () => {
      const evil = '\u001b]0;title\u0007\u001b[2J\u009b31m\u202e\u3164';
      const name = [...new TextEncoder().encode(`a${evil}`)]
        .map((byte) => `\\${byte.toString(16).padStart(2, '0')}`)
        .join('');
      const file = join(directory, `m${evil}.wat`);
      const text = `(module (import "${name}" "${name}" (func $f)) (memory 1) (global $g (mut i32) (i32.const 0))
        (func (export "${name}") (call $f) (global.set $g (i32.const 1))))`;
      writeFileSync(file, text);
      writeFileSync(join(directory, `broken${evil}.wat`), '(module (func (foo)))');
      const scenario = join(directory, `s${evil}.stress.json`);
      writeFileSync(scenario, JSON.stringify({ module: file, [`key${evil}`]: 1, callers: [[[`a${evil}`]]] }));
      const steps = join(directory, 'steps.stress.json');
      writeFileSync(steps, JSON.stringify({ module: file, callers: [[[`none${evil}`]]] }));
      const commands = [
        ['check', file],
        ['check', '--format', 'json', file],
        ['check', join(directory, `broken${evil}.wat`)],
        ['check', join(directory, `missing${evil}.wat`)],
        ['wrap', file, '--kind', 'pool'],
        ['wrap', file, '--kind', 'test', '--host', 'wasmtime'],
        ['stress', file, '--seconds', '1'],
        ['stress', file, '--seconds', '1', '--format', 'json'],
        ['stress', scenario],
        ['stress', steps],
        ['stress', file, '--call', `a${evil}(1`],
        [`check${evil}`],
        ['check', `--${evil}`],
      ];
      for (const command of commands) {
        const { stdout, stderr } = run(command);
        assert.ok(stdout + stderr !== '', command.join(' '));
        for (const line of (stdout + stderr).split('\n'))
          assert.ok(!hasUnseen(line.replaceAll('\t', '')), `${command.join(' ')}: ${JSON.stringify(line)}`);
      }
      const json = JSON.parse(run(['check', '--format', 'json', file]).stdout);
      assert.equal(json.modules[0].exports[0].name, `a${evil}`);
    });

    test('help, version, and a wrong command line', () => {
      assert.match(run(['--version']).stdout, /^wasm-hazards \d+\.\d+\.\d+\n$/);
      assert.equal(run(['check', '--help']).status, 0);
      assert.deepEqual(run(['check', '--bad']).status, 2);
    });

    test('a reader that closes the pipe early', async () => {
      const child = spawn(node, [cli, 'check', '--format', 'json', ...new Array(200).fill(fixture('bump-allocator'))]);
      let stderr = '';
      child.stderr.on('data', (text) => {
        stderr += text;
      });
      child.stdout.once('data', () => child.stdout.destroy());
      const status = await new Promise((resolve) => child.on('close', resolve));
      assert.deepEqual({ status, stderr }, { status: 1, stderr: '' });
    });

    test('a full disk is one line and code 2', { skip: !existsSync('/dev/full') }, () => {
      const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
      const { status, stderr } = spawnSync(node, [cli, 'check', fixture('pure')], {
        encoding: 'utf8',
        stdio: [...stdio],
      });
      assert.equal(status, 2);
      assert.match(stderr, /^wasm-hazards: cannot write the report: .*\n$/);
    });
  });
}
