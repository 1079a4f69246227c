import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { packModule, unpackModule } from './moduleTransfer.ts';

describe('moduleTransfer', () => {
  it('changes nothing', () => {
    for (const file of globSync('**/*.wasm', { cwd: FIXTURES })) {
      const module = decodeModule(readFileSync(join(FIXTURES, file)));
      assert.deepEqual(unpackModule(structuredClone(packModule(module))), structuredClone(module), file);
    }
  });

  it('keeps what the fixtures do not have', () => {
    const module = decodeModule(new Uint8Array());
    module.names.functions = new Map([
      [3, 'a\0b'],
      [7, ''],
      [8, 'ü𝒳'],
    ]);
    module.names.locals = new Map([[3, [10, 20]]]);
    module.exports = [
      { name: '', kind: 'tag', index: 3, offset: 9 },
      { name: 'a', kind: 'func', index: 0, offset: 12, symbol: 'ü𝒳' },
    ];
    module.data = [
      { mode: 'active', memory: 1, offsetExpr: { start: 0, end: 4 }, start: 5, end: 9, offset: 2 },
      { mode: 'passive', memory: 0, offsetExpr: undefined, start: 5, end: 9, offset: 2 },
    ];
    assert.deepEqual(unpackModule(structuredClone(packModule(module))), structuredClone(module));
  });
});
