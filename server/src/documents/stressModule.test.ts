import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { stressModule } from './stressModule.ts';

test('bytes, host, exports with their places and partners', async () => {
  const doc = await documentOf(COUNTER);
  const { bytes, host, model, exports } = stressModule(doc, (raw) => Buffer.from(raw).toString('base64'));
  assert.deepEqual(new Uint8Array(Buffer.from(bytes, 'base64')), doc.module.bytes);
  assert.deepEqual([host, model], ['wazero', 'shared-instance']);
  assert.equal(exports.length, doc.analysis.exports.length);
  const increment = exports.find(({ name }) => name === 'increment');
  assert.ok(increment);
  assert.ok(increment.partners.includes('increment') && increment.partners.includes('reset'));
  assert.equal(increment.offset, doc.module.exports.find(({ name }) => name === 'increment')?.offset);
  assert.deepEqual(exports.find(({ name }) => name === 'add')?.partners, []);
});
