/** Debug information is read once, with the first question, and the document gets a new state. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { emptyLayer } from '../../../core/debug/layer.ts';
import { type DocumentSources, lazySources, NO_SOURCES } from './lazySources.ts';

const sources = (origin: 'dwarf' | 'none'): DocumentSources => ({
  info: { ...emptyLayer(), origin },
  sourceOf: () => undefined,
});

it('reads nothing before it is asked, and once', async () => {
  let reads = 0;
  let ready = 0;
  const lazy = lazySources(
    async () => {
      reads++;
      return sources('dwarf');
    },
    () => ready++,
  );
  assert.equal(reads, 0);
  assert.equal(lazy.now().info.origin, 'none');
  assert.equal(lazy.now().info.origin, 'none');
  assert.equal(reads, 1);
  const found = await lazy.loaded();
  assert.equal(found.info.origin, 'dwarf');
  assert.equal(lazy.now(), found);
  assert.deepEqual([reads, ready], [1, 1]);
});

it('a module without debug information gets no new state', async () => {
  const lazy = lazySources(
    async () => sources('none'),
    () => assert.fail(),
  );
  await lazy.loaded();
  assert.equal(NO_SOURCES.now().info.origin, 'none');
});
