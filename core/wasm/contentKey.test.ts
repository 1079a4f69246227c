import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentKey } from './contentKey.ts';

test('equal contents share a key, and every single change makes another one', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i * 7);
  assert.equal(contentKey(bytes), contentKey(bytes.slice()));
  const keys = new Set([contentKey(bytes)]);
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 0x80]) {
      const changed = bytes.slice();
      changed[at] ^= bit;
      keys.add(contentKey(changed));
    }
  }
  keys.add(contentKey(bytes.subarray(0, 299)));
  keys.add(contentKey(new Uint8Array()));
  assert.equal(keys.size, 1 + 600 + 2);
});
