/** What is said where instances have no memory in common. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PROFILES } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { verdictsOf } from './exportText.ts';
import { nothingShared } from './nothingShared.ts';
import { analyseWat } from './testing/facts.ts';

const said = async (memory: string, model: SharingModel = 'shared-memory') => {
  const { module, analysis } = await analyseWat(
    `(module ${memory} (global $n (mut i32) (i32.const 0)) (func (export "add") (global.set $n (i32.add (global.get $n) (i32.const 1)))))`,
    { host: 'wasmtime', model },
  );
  const [verdict] = verdictsOf({ module, analysis, profile: HOST_PROFILES.wasmtime }, 0);
  const why = nothingShared(analysis);
  if (why !== undefined) assert.equal(verdict.text, `no conflict found; ${why}`);
  return why;
};

test('a memory that instances have in common needs no words', async () => {
  assert.equal(await said('(memory (import "env" "memory") 1 1 shared)'), undefined);
  assert.equal(await said('(memory 1)', 'shared-instance'), undefined);
});

test('a memory that the module defines, or imports unshared, is told', async () => {
  assert.match(
    (await said('(memory 1 1 shared)')) ?? '',
    /^the module defines its shared memory instead of importing it/,
  );
  assert.match((await said('(memory 1)')) ?? '', /^the module defines its memory instead of importing a shared one/);
  assert.match((await said('(memory (import "env" "memory") 1)')) ?? '', /is not declared shared/);
  assert.match((await said('')) ?? '', /has no memory/);
});
