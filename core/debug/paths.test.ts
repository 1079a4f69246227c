/** Which file of the workspace a path of the build is; and when it is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lastPart, pathBySetting, sourcesInWorkspace } from './paths.ts';

/** The files that paths of a build are, in a workspace with these files and the module `/ws/app/out/app.wasm`. */
function found(paths: string[], files: string[], module = '/ws/app/out/app.wasm'): (string | undefined)[] {
  const map = sourcesInWorkspace(paths, { files, module });
  return paths.map((path) => map.get(path));
}

describe('a path of the build', () => {
  it('is the file with which it shares most at its end', () => {
    const files = ['/ws/app/src/lib.rs', '/ws/app/crates/core/src/lib.rs', '/ws/app/src/main.rs'];
    assert.deepEqual(found(['/home/ci/app/src/lib.rs', '/home/ci/app/crates/core/src/lib.rs'], files), [
      '/ws/app/src/lib.rs',
      '/ws/app/crates/core/src/lib.rs',
    ]);
  });

  it('may be of any system, relative, or a URL of a bundler', () => {
    const files = ['/ws/app/src/a.ts'];
    for (const path of [
      'C:\\build\\app\\src\\a.ts',
      '\\\\server\\share\\src\\a.ts',
      './src/a.ts',
      '../src/a.ts',
      'src/x/../a.ts',
      'webpack:///./src/a.ts',
      'file:///build/src/a.ts',
      'a.ts',
    ])
      assert.deepEqual(found([path], files), files, path);
  });

  it('is none when another file could be meant as well', () => {
    assert.deepEqual(found(['/build/util.c'], ['/ws/app/a/util.c', '/ws/app/b/util.c']), [undefined]);
    assert.deepEqual(found(['/build/x/util.c'], ['/ws/1/x/util.c', '/ws/2/x/util.c'], '/ws/a.wasm'), [undefined]);
    assert.deepEqual(found(['/build/x/util.c'], ['/ws/1/x/util.c', '/ws/2/x/util.c'], '/ws/2/a.wasm'), [
      '/ws/2/x/util.c',
    ]);
    assert.deepEqual(found(['/build/x/util.c'], ['/ws/app/util.cc', '/ws/app/Util.c']), [undefined]);
  });

  it('of a dependency or a toolchain is never the file of the workspace that has its name', () => {
    const files = [
      '/ws/app/src/lib.rs',
      '/ws/app/src/mod.rs',
      '/ws/app/rt/stub.ts',
      '/ws/app/stdio.h',
      '/ws/app/proc.go',
    ];
    const foreign = [
      '/home/u/.cargo/registry/src/index.example.org-6f17d22bba15001f/serde-1.0.1/src/lib.rs',
      '/home/u/.cargo/git/checkouts/foo-123/abc/src/lib.rs',
      '/rustc/90b35a6239c3d8bdabc530a6a0816f7ff89a0aaf/library/core/src/ptr/mod.rs',
      '/root/.rustup/toolchains/stable-x86_64/lib/rustlib/src/rust/library/std/src/lib.rs',
      '/home/u/go/pkg/mod/example.org/x@v1.2.3/src/lib.rs',
      '/usr/local/go/src/runtime/proc.go',
      '/usr/include/x86/stdio.h',
      '/usr/include/stdio.h',
      '~lib/stub.ts',
      '/emsdk/emscripten/system/lib/libc/musl/src/stdio.h',
      '/build/node_modules/x/src/lib.rs',
    ];
    assert.deepEqual(
      found(foreign, files),
      foreign.map(() => undefined),
    );
    assert.deepEqual(found(['~lib/rt/stub.ts', '~lib/util/stub.ts'], files), ['/ws/app/rt/stub.ts', undefined]);
    const vendored = '/ws/app/vendor/serde-1.0.1/src/lib.rs';
    assert.deepEqual(found([foreign[0], '/ci/app/src/lib.rs'], [...files, vendored]), [vendored, '/ws/app/src/lib.rs']);
  });

  it('and another one never are one file, unless they are spellings of one path', () => {
    const files = ['/ws/app/src/lib.rs'];
    assert.deepEqual(found(['/x/own/src/lib.rs', '/x/dep/src/lib.rs'], files), [undefined, undefined]);
    assert.deepEqual(found(['/x/app/src/lib.rs', '/x/dep/src/lib.rs'], files), [files[0], undefined]);
    assert.deepEqual(found(['/x/app/src/lib.rs', 'src/lib.rs', 'lib.rs'], files), [files[0], files[0], files[0]]);
    assert.deepEqual(found(['/x/own/src/lib.rs', 'own/src/lib.rs'], files), [files[0], files[0]]);
  });

  it('with a drive', () => {
    assert.deepEqual(found(['/home/ci/src/a.c'], ['C:/ws/src/a.c'], 'C:/ws/a.wasm'), ['C:/ws/src/a.c']);
  });

  it('is found among very many, or not at all', () => {
    const files = Array.from({ length: 20_000 }, (_, at) => `/ws/${at}/deep/a.c`);
    const paths = Array.from({ length: 60_000 }, (_, at) => `/build/${at}/deep/a.c`);
    const map = sourcesInWorkspace(paths, { files, module: '/ws/m.wasm' });
    assert.equal(map.get('/build/7/deep/a.c'), '/ws/7/deep/a.c');
    assert.equal(map.get('/build/30000/deep/a.c'), undefined);
    assert.equal(sourcesInWorkspace(new Array(60_000).fill('a.c'), { files, module: '/ws/m.wasm' }).size, 0);
  });

  it('of any form is never more than a file that was given', () => {
    const path = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('a', 'b', '..', '.', '', 'C:', 'x.c')).map((one) => one.join('/')),
    );
    const files = ['/ws/a/x.c', '/ws/b/x.c', '/ws/b/a/x.c'];
    fc.assert(
      fc.property(fc.array(path), (paths) => {
        const map = sourcesInWorkspace(paths, { files, module: '/ws/m.wasm' });
        for (const [from, to] of map) assert.ok(paths.includes(from) && files.includes(to) && lastPart(from) === 'x.c');
      }),
    );
  });
});

describe('the setting', () => {
  const folders = { '/build/app': '/ws/app', '/build': '/other', 'C:\\src\\': 'local', 'webpack:///': '/ws' };

  it('replaces the longest beginning that ends between folders', () => {
    assert.equal(pathBySetting('/build/app/src/a.c', folders), '/ws/app/src/a.c');
    assert.equal(pathBySetting('/build/application/a.c', folders), '/other/application/a.c');
    assert.equal(pathBySetting('C:\\src\\x\\a.c', folders), 'local/x/a.c');
    assert.equal(pathBySetting('webpack:///./a.ts', folders), '/ws/a.ts');
    assert.equal(pathBySetting('/elsewhere/a.c', folders), undefined);
    assert.equal(pathBySetting('/build/app', { '/build/app': '/ws' }), undefined);
  });

  it('never leads out of its folder', () => {
    assert.equal(pathBySetting('/build/app/../../etc/passwd', folders), undefined);
    assert.equal(pathBySetting('/build/..', folders), undefined);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', 'a', '', '\\..\\', 'b')), (parts) => {
        const path = pathBySetting(['/build', ...parts].join('/'), { '/build': '/ws' });
        assert.ok(path === undefined || (path.startsWith('/ws/') && !path.split('/').includes('..')));
      }),
    );
  });
});
