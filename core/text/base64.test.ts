import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromBase64, toBase64 } from './base64.ts';

describe('base64', () => {
  it('is what Node.js writes, for any bytes of any length', () => {
    for (const length of [0, 1, 2, 3, 255, 0x8000, 0x8001, 100_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 7)) & 255);
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    }
  });

  it('refuses what is not base64', () => {
    assert.throws(() => fromBase64('a*b='));
  });
});
