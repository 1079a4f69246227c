/** An existing analysis is reused if it fits, and gives the same answers as a new one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { conflictOf, partnersOf } from './queries.ts';
import { analysisFor, analysisUnder } from './reuse.ts';

const fixture = (name: string) =>
  decodeModule(new Uint8Array(readFileSync(join(import.meta.dirname, `../../test-fixtures/${name}.wasm`))));

test('no new analysis for the same host and sharing model, named or the default', () => {
  const module = fixture('counter-global');
  const known = analyse(module, { host: 'wazero', model: 'auto' });
  assert.equal(analysisFor(module, { host: 'wazero', model: 'auto' }, known), known);
  assert.equal(analysisFor(module, { host: 'wazero', model: known.model }, known), known);
});

test('another host or sharing model is analysed', () => {
  const module = fixture('counter-global');
  const known = analyse(module, { host: 'wazero', model: 'isolated' });
  for (const options of [
    { host: 'wazero', model: 'auto' },
    { host: 'wasmtime', model: 'isolated' },
  ] as const) {
    const other = analysisFor(module, options, known);
    assert.notEqual(other, known);
    assert.deepEqual(other, analyse(module, options));
  }
});

test('conflicts under another sharing model are those of an analysis under it', () => {
  for (const name of ['counter-global', 'growable-memory', 'table-slot', 'shadow-stack', 'bump-allocator']) {
    const module = fixture(name);
    const expected = analyse(module, { host: 'wazero', model: 'shared-instance' });
    const changed = analysisUnder(analyse(module, { host: 'wazero', model: 'isolated' }), 'shared-instance');
    assert.equal(changed.model, 'shared-instance');
    for (const [a] of expected.exports.entries()) {
      assert.deepEqual(partnersOf(changed, a), partnersOf(expected, a), name);
      for (const b of partnersOf(expected, a))
        assert.deepEqual(conflictOf(changed, a, b, 10), conflictOf(expected, a, b, 10), name);
    }
  }
});
