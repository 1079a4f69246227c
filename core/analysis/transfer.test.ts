import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { packAnalysis, unpackAnalysis } from './transfer.ts';

test('a transfer changes nothing, whatever was found', () => {
  let findings = 0;
  for (const file of globSync('**/*.wasm', { cwd: FIXTURES })) {
    const module = decodeModule(readFileSync(join(FIXTURES, file)));
    const analysis = analyse(module, { host: 'wazero', model: 'auto' });
    const back = unpackAnalysis(structuredClone(packAnalysis(analysis)), module.exports);
    // Accessors become values, and both sides lose what a clone loses.
    const exports = back.exports.map((e) => ({
      ...e,
      hazards: e.hazards.map((h) => ({ ...h, cell: h.cell, path: h.path, callSites: h.callSites })),
    }));
    assert.deepEqual(structuredClone({ ...back, exports }), structuredClone(analysis), file);
    assert.equal(back.exports[0]?.hazards, back.exports[0]?.hazards);
    findings += analysis.exports.reduce((n, e) => n + e.hazards.length, 0);
  }
  assert.ok(findings > 30);
});
