import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analysisBytes, analysisFrom } from '../../../node/analysisBytes.ts';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { stressModule } from './stressModule.ts';

test('bytes, host, exports with their places and partners', async () => {
  const doc = await documentOf(COUNTER);
  const platform = { packed: analysisBytes };
  const { bytes, analysis, host, model, exports } = stressModule(doc, platform);
  assert.deepEqual(new Uint8Array(Buffer.from(bytes, 'base64')), doc.module.bytes);
  assert.ok(analysis !== null);
  const unpacked = analysisFrom(new Uint8Array(Buffer.from(analysis, 'base64')), doc.module);
  assert.deepEqual(
    unpacked.exports.map(({ name, conflictCount }) => [name, conflictCount]),
    doc.analysis.exports.map(({ name, conflictCount }) => [name, conflictCount]),
  );
  const partial = { ...doc.analysis, partial: 'Functions were left out.' };
  assert.equal(stressModule({ module: doc.module, analysis: partial }, platform).analysis, null);
  assert.equal(stressModule(doc, { packed: () => undefined }).analysis, null);
  assert.deepEqual([host, model], ['wazero', 'shared-instance']);
  assert.equal(exports.length, doc.analysis.exports.length);
  const increment = exports.find(({ name }) => name === 'increment');
  assert.ok(increment);
  assert.ok(increment.partners.includes('increment') && increment.partners.includes('reset'));
  assert.equal(increment.offset, doc.module.exports.find(({ name }) => name === 'increment')?.offset);
  assert.deepEqual(exports.find(({ name }) => name === 'add')?.partners, []);
});
