/** Modules inside scripts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embeddedModule } from './embedded.ts';

const bytes = Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), Buffer.alloc(100, 7)]);

test('a module is found between quotes, with any padding', () => {
  for (const size of [106, 107, 108]) {
    const module = bytes.subarray(0, size);
    const script = `const name = "AGFz"; const data = '${module.toString('base64')}'; run(data);`;
    assert.deepEqual(embeddedModule(script), new Uint8Array(module));
  }
});

test('a script without a module has none', () => {
  assert.equal(embeddedModule('const data = "AGFzbQ==";'), undefined);
});
