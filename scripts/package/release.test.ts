import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../paths.ts';
import { picturesOf, type ReleaseFiles, releaseFaults } from './release.ts';

const ICON = readFileSync(join(ROOT, 'images/icon.png'));

const READY: ReleaseFiles = {
  manifest: {
    name: 'n',
    displayName: 'N',
    description: 'd',
    publisher: 'p',
    license: 'MIT',
    icon: 'icon.png',
    homepage: 'https://example.com',
    repository: { url: 'https://example.com/n.git' },
    bugs: { url: 'https://example.com/issues' },
    engines: { vscode: '^1.100.0', node: '>=20' },
    categories: ['Linters'],
    version: '1.2.3',
  },
  lockfile: { lockfileVersion: 3, version: '1.2.3', packages: { '': {}, 'node_modules/a': { integrity: 'sha512-x' } } },
  changelog: '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-30\n\n### Added\n\n- A thing.\n',
  readme: '![a picture](a.png)',
  read: (path) => (path === 'icon.png' ? ICON : new Uint8Array(1)),
};

const faults = (change: Partial<ReleaseFiles>): string[] => releaseFaults({ ...READY, ...change });
const withManifest = (change: Record<string, unknown>): string[] =>
  faults({ manifest: { ...READY.manifest, ...change } });

describe('what is missing for a release', () => {
  it('is nothing where all is there', () => assert.deepEqual(faults({}), []));

  it('names fields of the manifest', () => {
    const change = { homepage: undefined, repository: {}, bugs: undefined, engines: { vscode: '1' }, categories: [] };
    assert.deepEqual(withManifest(change), [
      'package.json has no homepage',
      'package.json has no repository.url',
      'package.json has no bugs.url',
      'package.json has no engines.node',
      'package.json has no categories',
    ]);
  });

  it('names versions that differ or have no section in the changelog', () => {
    assert.deepEqual(withManifest({ version: '1.3.0' }), [
      'package-lock.json has version 1.2.3, package.json 1.3.0: run npm install',
      'CHANGELOG.md has no section for version 1.3.0',
    ]);
    assert.deepEqual(withManifest({ version: '1.3.0-beta.1' }), ['version 1.3.0-beta.1 is not of the form 1.2.3']);
    assert.deepEqual(faults({ changelog: '## [Unreleased]\n\n- A thing.\n\n## [1.2.3]\n' }), [
      'CHANGELOG.md: the heading of version 1.2.3 has no date, as in "## [1.2.3] - 2026-11-30"',
      'CHANGELOG.md: move the entries below [Unreleased] to version 1.2.3',
    ]);
  });

  it('names icons and pictures that cannot be shown', () => {
    assert.deepEqual(faults({ read: (path) => (path.endsWith('.png') ? undefined : new Uint8Array(1)) }), [
      'the icon icon.png does not exist',
      'README.md shows a.png, which does not exist',
    ]);
    assert.deepEqual(faults({ read: () => new Uint8Array(30) }), ['the icon icon.png is not a PNG']);
    const small = new Uint8Array(ICON.subarray(0, 24));
    small.fill(0, 16).set([64], 19);
    small.set([64], 23);
    assert.deepEqual(faults({ read: (path) => (path === 'icon.png' ? small : new Uint8Array(1)) }), [
      'the icon icon.png is 64x64 pixels, smaller than 128x128',
    ]);
  });

  it('names packages without a hash', () => {
    const lockfile = { lockfileVersion: 3, version: '1.2.3', packages: { 'node_modules/a': {} } };
    assert.deepEqual(faults({ lockfile }), ['package-lock.json: node_modules/a has no SHA-512 in integrity']);
  });

  it('finds pictures in Markdown and in HTML', () => {
    const page = '<source media="x" srcset="dark.png"><img alt="a" src="light.png">\n![b](b.png "title") [no](c.png)';
    assert.deepEqual(picturesOf(page), ['b.png', 'light.png', 'dark.png']);
  });
});
