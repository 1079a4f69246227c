import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeModule } from '../wasm/decode.ts';
import { BASE_MASK, Base } from './abstractValue.ts';
import { scanModule } from './scan.ts';
import { warmUpModule } from './warmUp.ts';

test('the body that prepares the engine is read to its end, and has every base of an address', () => {
  const module = decodeModule(warmUpModule());
  assert.deepEqual(module.errors, []);
  const scan = scanModule(module);
  assert.deepEqual(scan.errors, []);
  const bases = new Set(scan.table.effects.filter((e) => e.kind === 'memory').map((e) => e.base & BASE_MASK));
  const { Unknown, Constant, Parameter, Mutable, Immutable, ThroughParameter, Contents } = Base;
  assert.deepEqual(
    [...bases].sort((a, b) => a - b),
    [Unknown, Constant, Parameter, Mutable, Immutable, ThroughParameter, Contents],
  );
  assert.ok(scan.symbolic.open.length > 0);
});
