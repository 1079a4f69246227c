import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../paths.ts';
import { type Lockfile, lockfileFaults } from './lockfile.ts';

/** Lock files of the repository, without those of installed packages. */
const lockfiles = globSync('**/package-lock.json', {
  cwd: ROOT,
  exclude: ['**/node_modules', '.cache', 'out', '.vscode-test'],
});

describe('lock files', () => {
  for (const path of lockfiles) {
    it(`${path} has a hash for every package, of every platform`, () => {
      assert.deepEqual(lockfileFaults(JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Lockfile), []);
    });
  }

  it('without a hash are refused', () => {
    const packages = {
      '': {},
      'node_modules/a': {},
      'node_modules/b': { integrity: 'sha1-x' },
      'node_modules/c': { integrity: 'sha512-x', resolved: 'https://registry.example/c.tgz' },
      'node_modules/d': { link: true },
      'node_modules/e': { integrity: 'sha512-x', optionalDependencies: { f: '1', g: '1', h: '1' } },
      'node_modules/e/node_modules/f': { integrity: 'sha512-x' },
      'node_modules/g': { integrity: 'sha512-x' },
    };
    assert.deepEqual(lockfileFaults({ lockfileVersion: 3, packages }), [
      'node_modules/a has no SHA-512 in integrity',
      'node_modules/b has no SHA-512 in integrity',
      'node_modules/c names a registry in resolved',
      'node_modules/e needs h on some platform, which has no entry',
    ]);
  });

  it('are found', () => assert.ok(lockfiles.includes('package-lock.json')));
});
