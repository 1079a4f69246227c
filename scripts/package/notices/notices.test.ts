import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cratesIn } from './crates.ts';
import { noticesFor } from './notices.ts';
import { bundledPackages } from './packages.ts';

const MIT = 'MIT License\n\nCopyright (c) somebody';

describe('notices', () => {
  let root: string;
  const install = async (name: string, manifest: object, files: Record<string, string>): Promise<string> => {
    const folder = join(root, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
    return join(folder, 'lib', 'index.js');
  };
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'notices-'));
  });
  after(() => rm(root, { recursive: true }));

  it('have each package once, with its licence and its own notices', async () => {
    const a = await install(
      '@scope/a',
      { license: 'MIT', repository: { url: 'git+https://example.com/a.git' } },
      {
        'LICENSE.txt': MIT,
        'thirdpartynotices.txt': 'from elsewhere',
        'license.js': 'no text',
      },
    );
    const b = await install('b', { license: '(Apache-2.0 WITH LLVM-exception)' }, { LICENCE: 'terms\r\nof b' });
    const inputs = [a, a.replace('index', 'other'), b, join(root, 'own', 'code.ts')];
    const found = bundledPackages(inputs);
    assert.deepEqual(
      found.map(({ name, url }) => [name, url]),
      [
        ['@scope/a', 'https://example.com/a'],
        ['b', undefined],
      ],
    );
    assert.deepEqual(found[0].inputs, [a, a.replace('index', 'other')]);
    const text = noticesFor(inputs);
    assert.match(text, /code of 2 other packages/);
    for (const part of [MIT, 'from elsewhere', 'terms\nof b', '@scope/a 1.0.0 (MIT)'])
      assert.ok(text.includes(part), part);
  });

  it('refuse a package without a licence text, or with a licence that nobody has read', async () => {
    const bare = await install('bare', { license: 'MIT' }, { 'README.md': 'MIT' });
    assert.throws(() => noticesFor([bare]), /bare 1\.0\.0 has no licence text/);
    const strange = await install('strange', { license: 'AGPL-3.0-only' }, { LICENSE: 'terms' });
    assert.throws(() => noticesFor([strange]), /strange 1\.0\.0 has the licence AGPL-3\.0-only/);
    const none = await install('none', {}, { LICENSE: 'terms' });
    assert.throws(() => noticesFor([none]), /none 1\.0\.0 has the licence undefined/);
  });

  it('name the crates inside WebAssembly, and refuse one without a licence', async () => {
    const paths =
      '/home/x/.cargo/registry/src/index-1/wast-259.0.0/src/a.rs\0C:\\y\\serde-1.0.228\\src\\b.rs\0wast-259.0.0/src/c.rs';
    assert.deepEqual(cratesIn(Buffer.from(paths)), [
      { name: 'serde', version: '1.0.228' },
      { name: 'wast', version: '259.0.0' },
    ]);
    await install(
      'rusty',
      { license: 'MIT' },
      { LICENSE: MIT, 'a.wasm': paths, 'b.wasm': '/made-up-1.0.0/src/lib.rs' },
    );
    const file = (name: string): string => join(root, 'node_modules', 'rusty', name);
    assert.match(
      noticesFor([file('a.wasm')]),
      / {2}wast 259\.0\.0 \(Apache-2\.0 WITH LLVM-exception\)[\s\S]*Apache License/,
    );
    assert.throws(() => noticesFor([file('b.wasm')]), /crate made-up 1\.0\.0 has no licence/);
  });

  it('know the crates of the packages that are bundled', () => {
    const resolve = createRequire(import.meta.url).resolve;
    const tools = join(
      dirname(resolve('@bytecodealliance/jco-transpile/wasm-tools')),
      '../vendor/wasm-tools.core.wasm',
    );
    const text = noticesFor([tools, resolve('gecko-profiler-demangle/index_bg.wasm')]);
    for (const crate of ['wast', 'wasmparser', 'icu_normalizer', 'msvc-demangler'])
      assert.match(text, new RegExp(`${crate} \\d`));
    assert.match(text, /UNICODE LICENSE V3/);
    assert.match(text, /University of Illinois/);
  });
});
