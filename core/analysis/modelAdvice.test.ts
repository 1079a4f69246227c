/** What is advised over a shared memory: stacks of instances, and no lock that excludes nobody. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOST_IDS, HOST_PROFILES, type HostId } from '../hosts/index.ts';
import { exportAdvice } from './exportText.ts';
import { analyseWat } from './testing/facts.ts';

const STACK = (pointer: string, more = '') => `(module (import "env" "memory" (memory 2 2 shared)) ${pointer} ${more}
  (func (export "frame") (param i32) (local $f i32)
    (global.set $sp (local.tee $f (i32.sub (global.get $sp) (i32.const 16))))
    (i32.store (local.get $f) (local.get 0))
    (global.set $sp (i32.add (local.get $f) (i32.const 16)))))`;
const PRIVATE = '(global $sp (mut i32) (i32.const 65536))';

async function advised(text: string, host: HostId = 'wasmtime'): Promise<string> {
  const { module, analysis } = await analyseWat(text, { host, model: 'shared-memory' });
  return exportAdvice({ module, analysis, profile: HOST_PROFILES[host] }, 0)
    .map((one) => one.text)
    .join(' ');
}

describe('stacks of instances over one memory', () => {
  test('overlap where nobody can set the pointer', async () => {
    assert.match(
      await advised(STACK(PRIVATE)),
      /no host can set it, so their stacks overlap\. Build the module for threads/,
    );
  });

  test('rest on the host where the pointer is exported: that is said, and how to set it', async () => {
    const exported = STACK('(global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))');
    assert.match(
      await advised(exported),
      /overlap unless the host sets it: set the global `__stack_pointer` of each instance, before its first call, to the upper end of an area that no other instance uses/,
    );
  });

  test('rest on a thread initialiser, which is named', async () => {
    const initialiser =
      '(func $init (param i32) (global.set $sp (local.get 0))) (export "wasi_thread_start" (func $init))';
    const { module, analysis } = await analyseWat(STACK(PRIVATE, initialiser), {
      host: 'wasmtime',
      model: 'shared-memory',
    });
    const position = analysis.exports.findIndex(({ name }) => name === 'frame');
    assert.equal(analysis.exports[position].conflictCount, 0);
    const texts = exportAdvice({ module, analysis, profile: HOST_PROFILES.wasmtime }, position).map(({ text }) => text);
    assert.match(
      texts.join(' '),
      /separate only because `wasi_thread_start` sets .*; call it in each new instance before any other export/,
    );
  });
});

test('no host advises a lock around one instance where each thread has its own', async () => {
  const text = `(module (import "env" "memory" (memory 1 1 shared))
    (func (export "put") (i32.store (i32.const 8) (i32.const 1))))`;
  for (const host of HOST_IDS)
    assert.match(await advised(text, host), /a lock around one instance excludes nobody/, host);
});
