/** Files are found by name, in folders that people write in, and never through links. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { workspaceFiles, workspaceFilesNow } from './workspaceFiles.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-walk-')));
after(() => rmSync(root, { recursive: true, force: true }));

for (const folder of ['ws/src/deep', 'ws/node_modules/x', 'ws/target/debug', 'ws/.git', 'out']) {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'a.c'), '');
}
let linked = true;
try {
  symlinkSync(join(root, 'out'), join(root, 'ws/out'), 'junction');
  symlinkSync(join(root, 'ws'), join(root, 'ws/src/loop'), 'junction');
  symlinkSync(join(root, 'out/a.c'), join(root, 'ws/a.c'));
} catch {
  linked = false;
}

const found = async (names: string[], roots = ['ws']): Promise<string[]> => {
  const folders = roots.map((one) => join(root, one));
  const now = workspaceFilesNow(folders, new Set(names));
  assert.deepEqual(await workspaceFiles(folders, new Set(names)), now);
  return now.map((path) => path.slice(root.length + 1)).sort();
};

it('in folders of sources, each once', async () => {
  const deep = 'ws/src/deep/a.c';
  assert.deepEqual(await found(['a.c']), [deep]);
  assert.deepEqual(await found(['a.c'], ['ws', 'ws/src', 'ws']), [deep]);
  assert.deepEqual(await found(['b.c']), []);
  assert.deepEqual(await found(['a.c'], ['nowhere']), []);
  assert.deepEqual(await found([]), []);
});

it('not through links', { skip: !linked && 'no permission to make links' }, async () => {
  assert.deepEqual(await found(['a.c']), ['ws/src/deep/a.c']);
});
