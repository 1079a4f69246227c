import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { ROOT, TEST_FIXTURES } from '../paths.ts';
import { filesOfManifest, filesToPack } from './files.ts';
import { pack } from './pack.ts';
import { type Manifest, writeVsix } from './vsix.ts';

/** The text-to-binary component is 2.4 MB before compression; the pictures of the README are 0.2 MB each. */
const LARGEST = 5_900_000;

const manifest: Manifest = {
  name: 'n',
  publisher: 'p',
  version: '1.2.3',
  displayName: 'a < b',
  description: '"quoted" & more',
  engines: { vscode: '^1.100.0' },
};

describe('files of the package', () => {
  it('are users files: no dependency, source, test or source map', () => {
    const files = filesToPack(ROOT);
    assert.ok(files.includes('package.json'));
    for (const path of files) {
      assert.match(
        path,
        /^(package(\.nls(\.zh-cn)?)?\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE|icon\.png|language-configuration.*\.json|(dist|schemas|syntaxes)\/.+|images\/.+\.(png|svg)|docs\/.+\.md|samples\/.+\.wat)$/,
      );
      assert.doesNotMatch(path, /node_modules|\.ts$|\.map$|\.test\./);
    }
  });

  it('follow .vscodeignore', async (t) => {
    const root = await mkdtemp(join(tmpdir(), 'pack-'));
    t.after(() => rm(root, { recursive: true }));
    const files = [
      'dist/a.js',
      'dist/a.js.map',
      'src/a.ts',
      'node_modules/m/index.js',
      'dist/node_modules/x.js',
      'README.md',
      '.secret',
    ];
    for (const file of files) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), '');
    }
    await writeFile(join(root, '.vscodeignore'), '/src/\n*.map\n.*\n');
    assert.deepEqual(filesToPack(root), ['README.md', 'dist/a.js']);
  });

  it('are complete: the manifest names them with relative paths', () => {
    const contributes = {
      languages: [{ id: 'x', configuration: './l.json' }],
      jsonValidation: [{ url: './schemas/s.json' }],
      title: 'no ./path',
    };
    assert.deepEqual(filesOfManifest({ main: './dist/extension.js', icon: 'icon.png', contributes }), [
      'dist/extension.js',
      'icon.png',
      'l.json',
      'schemas/s.json',
    ]);
  });
});

describe('the package', () => {
  it('is small, whole without node_modules, and the same bytes wherever it is packed', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'pack-'));
    t.after(() => rm(directory, { recursive: true }));
    const packed = await pack({ production: true, output: join(directory, 'x.vsix'), log: () => undefined });
    const bytes = await readFile(packed.file);
    const zone = process.env.TZ;
    t.after(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    process.env.TZ = 'Asia/Tokyo';
    const again = await pack({ production: true, output: join(directory, 'again.vsix'), log: () => undefined });
    assert.ok(bytes.equals(await readFile(again.file)));
    const entries = unzipSync(bytes);
    assert.equal(Object.keys(entries).length, packed.files.size + 2);
    assert.ok(packed.files.has('dist/extension.js'));
    const nameless = Object.keys(entries).filter((path) => !/\.\w+$/.test(path));
    assert.deepEqual(nameless, [], 'files without a type');
    const xml = strFromU8(entries['extension.vsixmanifest']);
    for (const part of [
      'Content.License" Path="extension/LICENSE.txt"',
      'Links.GitHub"',
      'Links.Support"',
      'Icons.Default"',
    ])
      assert.ok(xml.includes(part), part);
    const notices = strFromU8(entries['extension/THIRD-PARTY-NOTICES.txt']);
    for (const name of ['vscode-languageclient', 'vscode-jsonrpc', 'preact', 'gecko-profiler-demangle', 'semver'])
      assert.match(notices, new RegExp(`^${name} \\d`, 'm'), name);
    for (const path of ['package.nls.json', 'package.nls.zh-cn.json', 'dist/l10n/bundle.l10n.zh-cn.json'])
      assert.ok(packed.files.has(path), path);
    assert.deepEqual(
      Object.keys(entries).filter((path) => /node_modules|\.ts$|\.map$/.test(path)),
      [],
    );
    assert.ok(packed.bytes < LARGEST, `${packed.bytes} bytes`);
    const folder = join(directory, 'installed');
    for (const [path, content] of Object.entries(entries)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    // The command line inside uses what is beside it.
    const checked = spawnSync(
      process.execPath,
      [join(folder, 'extension/dist/cli.js'), 'check', join(TEST_FIXTURES, 'counter-global.wat'), '--format', 'html'],
      { cwd: directory, encoding: 'utf8' },
    );
    assert.deepEqual({ status: checked.status, err: checked.stderr }, { status: 1, err: '' });
    assert.match(checked.stdout, /<!DOCTYPE html>[\s\S]*increment/i);
    const manifest = JSON.parse(strFromU8(entries['extension/package.json']));
    assert.equal(manifest.main, './dist/extension.js');
    assert.equal(manifest.dependencies, undefined);
  });
});

describe('writeVsix', () => {
  it('writes a zip with content types, manifest and files; the same for the same input', () => {
    const files = new Map([
      ['package.json', new Uint8Array([1])],
      ['README.md', new Uint8Array([2])],
      ['dist/a.wasm', new Uint8Array([3])],
    ]);
    const bytes = writeVsix(manifest, files);
    assert.deepEqual(bytes, writeVsix(manifest, files));
    const entries = unzipSync(bytes);
    assert.deepEqual(Object.keys(entries).sort(), [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/README.md',
      'extension/dist/a.wasm',
      'extension/package.json',
    ]);
    assert.match(strFromU8(entries['[Content_Types].xml']), /Extension="\.wasm" ContentType="application\/wasm"/);
    const xml = strFromU8(entries['extension.vsixmanifest']);
    assert.match(xml, /Id="n" Version="1\.2\.3" Publisher="p"/);
    assert.match(xml, /<DisplayName>a &lt; b</);
    assert.match(xml, /Content\.Details" Path="extension\/README\.md"/);
    assert.doesNotMatch(xml, /Changelog/);
  });
});
