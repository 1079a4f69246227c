import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assetsFrom, readOnce, serveAssets } from './assets.ts';

it('a worker gets files through its port, and is told of those that are missing', async () => {
  const port = serveAssets(async (name) => {
    if (name === 'gone') throw new Error('there is no such file');
    return new TextEncoder().encode(name);
  });
  const load = assetsFrom(port);
  try {
    const found = await Promise.all(['a', 'b', 'a'].map(load));
    assert.deepEqual(
      found.map((bytes) => new TextDecoder().decode(bytes)),
      ['a', 'b', 'a'],
    );
    await assert.rejects(load('gone'), /gone: there is no such file/);
  } finally {
    port.close();
  }
});

it('files are read once, and again after a failure', async () => {
  let reads = 0;
  const load = readOnce(async (name) => {
    if (++reads === 1) throw new Error(name);
    return new Uint8Array(reads);
  });
  await assert.rejects(load('x'));
  assert.equal(await load('x'), await load('x'));
  assert.equal(reads, 2);
});
