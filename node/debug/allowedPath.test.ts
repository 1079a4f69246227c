/** Which files may be opened because a module names them. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { allowedPath, isInside } from './allowedPath.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-paths-')));
after(() => rmSync(root, { recursive: true, force: true }));

/** `ws` is the workspace; `out` holds what no module may reach; `free` is a folder outside with a module. */
const at = (...parts: string[]): string => join(root, ...parts);
for (const folder of ['ws/build', 'ws/maps', 'ws/we ird', 'out', 'free/sub', 'ws-other'])
  mkdirSync(at(folder), { recursive: true });
for (const file of [
  'ws/build/a.map',
  'ws/maps/b.map',
  'ws/we ird/c d.map',
  'out/secret.map',
  'free/m.map',
  'free/sub/n.map',
  'ws-other/x.map',
])
  writeFileSync(at(file), file);
const canLink = tryLinks();

const scope = { module: at('ws/build/m.wasm'), roots: [at('ws')] };
const outside = { module: at('free/m.wasm'), roots: [at('ws')] };

/** The path relative to the temporary folder, or why there is none. */
function ask(name: string, from = scope): string {
  const found = allowedPath(name, from);
  return 'path' in found ? found.path.slice(root.length + 1).replaceAll('\\', '/') : `- ${found.problem}`;
}

describe('a file that a module names', () => {
  it('is opened beside the module, and anywhere in the workspace', () => {
    assert.equal(ask('a.map'), 'ws/build/a.map');
    assert.equal(ask('./a.map'), 'ws/build/a.map');
    assert.equal(ask('../maps/b.map'), 'ws/maps/b.map');
    assert.equal(ask(at('ws/maps/b.map')), 'ws/maps/b.map');
    assert.equal(ask(pathToFileURL(at('ws/maps/b.map')).href), 'ws/maps/b.map');
  });

  it('may be escaped as in a URL', () => {
    assert.equal(ask('../we%20ird/c%20d.map'), 'ws/we ird/c d.map');
    assert.equal(ask('../we ird/c d.map'), 'ws/we ird/c d.map');
    assert.match(ask('%zz'), /does not exist/);
    assert.equal(ask('..%5Cmaps%5Cb.map'), 'ws/maps/b.map');
  });

  it('outside of the workspace is left alone', () => {
    for (const name of [
      '../../out/secret.map',
      '../maps/../../out/secret.map',
      '..%2F..%2Fout%2Fsecret.map',
      '..\\..\\out\\secret.map',
      at('out/secret.map'),
      pathToFileURL(at('out/secret.map')).href,
      '/etc/passwd',
      '../../ws-other/x.map',
      '../..',
      '/',
    ])
      assert.match(ask(name), /^- .*(outside of the workspace, so it was not opened|does not exist)$/, name);
    assert.doesNotMatch(ask('/etc/passwd'), /does not exist/);
  });

  it('on another computer or behind a URL is left alone', () => {
    for (const name of [
      '\\\\server\\share\\a.map',
      '//server/share/a.map',
      '\\\\?\\C:\\a.map',
      '\\\\.\\pipe\\x',
      '%5C%5Cserver%5Ca',
    ])
      assert.match(ask(name), /^- .*(on another computer|outside|does not exist)/, name);
    for (const name of ['https://example.org/a.map', 'HTTP://example.org/a', 'ftp://x/y', 'vscode-remote://x/a.map'])
      assert.match(ask(name), /^- .* is a URL, and nothing is fetched$/, name);
    assert.match(ask('file://server/share/a.map'), /another computer/);
    assert.match(ask('a\0.map'), /not a file name/);
  });

  it('of a module outside of the workspace is opened beside that module only', () => {
    assert.equal(ask('m.map', outside), 'free/m.map');
    assert.equal(ask('sub/n.map', outside), 'free/sub/n.map');
    assert.match(ask('../out/secret.map', outside), /outside of the workspace/);
  });

  it('is a file, not a folder', () => {
    assert.match(ask('../maps'), /is not a file/);
    assert.match(ask('nothing.map'), /does not exist/);
  });

  it('behind a link is opened only where the link stays inside', {
    skip: !canLink && 'no permission to make links',
  }, () => {
    assert.equal(ask('inner.map'), 'ws/maps/b.map');
    assert.match(ask('leak.map'), /leads out of the workspace/);
    assert.match(ask('leaking/secret.map'), /leads out of the workspace/);
    assert.match(ask('loop.map'), /does not exist/);
    // A workspace that is itself behind a link.
    assert.equal(ask('a.map', { module: at('linked/build/m.wasm'), roots: [at('linked')] }), 'ws/build/a.map');
  });

  it('with any name is inside or refused', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e%2e',
      '%2f',
      'maps',
      'out',
      'secret.map',
      '//',
      'file:',
      'C:',
      '\0',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 9 }).map((parts) => parts.join('')),
        ),
        (name) => {
          const found = allowedPath(name, scope);
          if ('path' in found) assert.ok(isInside(found.path, [at('ws')]), name);
          else assert.equal(typeof found.problem, 'string');
        },
      ),
    );
  });
});

/** False where links cannot be made (Windows without the right to). */
function tryLinks(): boolean {
  try {
    symlinkSync(at('ws/maps/b.map'), at('ws/build/inner.map'));
    symlinkSync(at('out/secret.map'), at('ws/build/leak.map'));
    symlinkSync(at('out'), at('ws/build/leaking'), 'junction');
    symlinkSync(at('ws/build/loop.map'), at('ws/build/loop.map'));
    symlinkSync(at('ws'), at('linked'), 'junction');
    return true;
  } catch {
    return false;
  }
}
