/** The npm package as users get it: installed into an empty folder without a network, and run by name. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { npm } from '../npm.ts';
import { ROOT, TEST_FIXTURES } from '../paths.ts';
import { type PackedNpm, packNpm } from './npmPackage.ts';
import { nodes } from './testing/nodes.ts';

/** Characters of an error that an assertion shows. */
const MOST_SHOWN = 2000;

describe('the npm package', () => {
  let folder: string;
  let packed: PackedNpm;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-npm-'));
    packed = await packNpm({ output: join(folder, 'first.tgz'), log: () => undefined });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('contains the program, its page, its changelog and the licences', () => {
    assert.deepEqual(packed.files, [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.txt',
      'dist/cli.js',
      'package.json',
    ]);
  });

  it('is the same, byte for byte, whenever and wherever it is packed', async () => {
    const umask = process.umask(0o077);
    try {
      const again = await packNpm({ output: join(folder, 'second.tgz'), log: () => undefined });
      assert.ok((await readFile(again.file)).equals(await readFile(packed.file)));
    } finally {
      process.umask(umask);
    }
  });

  describe('installed', () => {
    let project: string;
    const bin = (): string => join(project, 'node_modules', '.bin', 'wasm-hazards');
    before(async () => {
      project = join(folder, 'project');
      await mkdir(project);
      await copyFile(join(TEST_FIXTURES, 'counter-global.wasm'), join(project, 'x.wasm'));
      await writeFile(join(project, 'package.json'), '{ "private": true }');
      // An empty cache and no registry: whatever else had to be fetched would fail. No standard input: nothing asks.
      const args = ['install', '--offline', '--no-audit', '--no-fund', '--cache', join(folder, 'cache')];
      await npm([...args, join('..', basename(packed.file))], project);
    });

    it('has no dependencies and no scripts', async () => {
      const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8'));
      assert.deepEqual(Object.keys(lock.packages), ['', 'node_modules/wasm-hazards']);
      const manifest = JSON.parse(await readFile(join(project, 'node_modules/wasm-hazards/package.json'), 'utf8'));
      assert.deepEqual(manifest.engines, { node: '>=20' });
      const source = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
      assert.equal(manifest.version, source.version);
      assert.match(manifest.description, /WebAssembly/);
      for (const name of ['scripts', 'dependencies', 'devDependencies', 'private'])
        assert.equal(manifest[name], undefined);
    });

    for (const [version, node] of nodes()) {
      const run = (...args: string[]) => {
        const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
        try {
          // `.bin` is what npx runs; its first line asks for the Node that is first on the PATH.
          const out = execFileSync(bin(), args, {
            cwd: project,
            env,
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'pipe'],
          });
          return { status: 0, out, err: '' };
        } catch (error) {
          const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
          // A crash prints a line of the bundle, of which a comparison of texts would take gigabytes.
          return { status, out: stdout, err: stderr.slice(0, MOST_SHOWN) };
        }
      };

      it(`checks and wraps on Node ${version}`, { skip: process.platform === 'win32' && 'needs a shell' }, () => {
        const checked = run('check', 'x.wasm');
        assert.deepEqual({ status: checked.status, err: checked.err }, { status: 1, err: '' });
        assert.match(checked.out, /increment/);
        const wrapped = run('wrap', 'x.wasm', '--kind', 'pool', '--host', 'wazero');
        assert.deepEqual({ status: wrapped.status, err: wrapped.err }, { status: 0, err: '' });
        assert.match(wrapped.out, /package /);
      });

      it(`runs stress tests on Node ${version}, or says which one they need`, {
        skip: process.platform === 'win32' && 'needs a shell',
      }, () => {
        const stressed = run('stress', 'x.wasm', '--call', 'increment()');
        if (Number(version.slice(1)) >= 24) {
          assert.deepEqual({ status: stressed.status, err: stressed.err }, { status: 1, err: '' });
          assert.match(stressed.out, /race|serial/);
          const replayed = run('replay', 'x.wasm', '--call', 'increment()', '--schedule', 'A2B3A1');
          assert.deepEqual({ status: replayed.status, err: replayed.err }, { status: 1, err: '' });
          const hammered = run('hammer', 'x.wasm', '--call', 'increment()', '--seconds', '1');
          assert.deepEqual({ status: hammered.status, err: hammered.err }, { status: 1, err: '' });
        } else {
          assert.equal(stressed.status, 2);
          assert.match(stressed.err, /Node\.js 24/);
        }
      });
    }

    it('runs by name', async () => {
      assert.match(
        await npm(['exec', '--offline', '--no', '--', 'wasm-hazards', '--version'], project),
        /^wasm-hazards \d/,
      );
    });
  });
});
