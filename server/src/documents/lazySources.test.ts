/** Debug information is read once, with the first question, and the document then speaks of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { debugInfoOf } from '../../../core/debug/debugInfo.ts';
import { sourceOf } from '../../../core/debug/moduleSource.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { lazySources } from './lazySources.ts';

const C = join(import.meta.dirname, '../../../core/debug/cases/counter-c.wasm');
const FILE = '/build/counter/counter.c';

it('reads nothing before it is asked, and once', async () => {
  const module = decodeModule(readFileSync(C));
  let [reads, ready] = [0, 0];
  const lazy = lazySources(
    module,
    async () => {
      reads++;
      return {
        info: debugInfoOf(module),
        sourceOf: (file) => (file === FILE ? { uri: 'file:///ws/a.c', name: 'a.c', stale: 'newer' } : undefined),
      };
    },
    { ready: () => ready++, failed: assert.fail },
  );
  assert.equal(reads, 0);
  assert.equal(lazy.now().info.origin, 'none');
  assert.equal(lazy.now().info.origin, 'none');
  assert.equal(reads, 1);
  assert.equal(sourceOf(module), undefined);
  const found = await lazy.loaded();
  assert.equal(found.info.origin, 'dwarf');
  assert.equal(lazy.now(), found);
  assert.deepEqual([reads, ready], [1, 1]);
  assert.equal(sourceOf(module)?.pathOf?.(FILE), 'a.c');
  assert.deepEqual(sourceOf(module)?.notes?.(), ['a.c is newer than the module: its lines may have moved']);
});

it('reads nothing for a module without debug information', async () => {
  const module = decodeModule(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const lazy = lazySources(module, () => assert.fail(), { ready: assert.fail, failed: assert.fail });
  assert.equal((await lazy.loaded()).info.origin, 'none');
});

it('a defect is reported, and the module is spoken of by its binary', async () => {
  const module = decodeModule(readFileSync(C));
  const errors: unknown[] = [];
  const load = async (): Promise<never> => {
    throw new Error('a defect');
  };
  const lazy = lazySources(module, load, { ready: assert.fail, failed: (error) => errors.push(error) });
  assert.equal((await lazy.loaded()).info.origin, 'none');
  assert.equal(sourceOf(module), undefined);
  assert.match(String(errors), /a defect/);
});
