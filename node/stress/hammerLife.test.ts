/** The life of a module on real threads: before the rounds, once for what instances share. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failed, hammered } from './testing/hammer.ts';

/** The second call of `_initialize` over one memory traps, as in wasi-libc. */
const REACTOR = `
  (func (export "_initialize")
    (if (i32.load (i32.const 16)) (then (unreachable)))
    (i32.store (i32.const 16) (i32.const 1))
    (i32.atomic.store (i32.const 20) (i32.const 100)))
  (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 20) (i32.const 1)))
  (func (export "get") (result i32) (i32.atomic.load (i32.const 20)))`;

for (const [model, memory] of [
  ['shared-instance', '(memory (export "memory") 1 1 shared)'],
  ['shared-memory', '(import "env" "memory" (memory 1 1 shared))'],
] as const)
  test(`a reactor is initialised once over its memory under ${model}`, async () => {
    const file = { model, callers: [[['add']], [['add']]], probe: [['get']] } satisfies Parameters<typeof hammered>[1];
    const { verdict, outcomes } = await hammered(`(module ${memory} ${REACTOR})`, { ...file });
    assert.equal(verdict, 'none-seen');
    assert.ok(outcomes.length > 0 && outcomes.every(({ probe }) => probe.join() === '102'), JSON.stringify(outcomes));
  });

test('each further thread gets thread-local storage of its own', async () => {
  const source = `(module (import "env" "memory" (memory 1 1 shared))
    (global $tls (export "__tls_base") (mut i32) (i32.const 64)) (global (export "__tls_size") i32 (i32.const 16))
    (func (export "__wasm_init_tls") (param i32) (global.set $tls (local.get 0)))
    (func (export "malloc") (param i32) (result i32)
      (i32.add (i32.const 1024) (i32.atomic.rmw.add (i32.const 0) (local.get 0))))
    (func (export "where") (result i32) (global.get $tls)))`;
  const { outcomes } = await hammered(source, { model: 'shared-memory', callers: [[['where']], [['where']]] });
  assert.deepEqual(
    outcomes.map(({ results }) => results),
    [[['64'], ['1024']]],
  );
});

test('an initialiser that traps is named, with the reason why it was called', async () => {
  const source = `(module (memory (export "memory") 1) (func (export "_start") (i32.store (i32.const 0) (i32.const 1)) unreachable)
    (func (export "get") (result i32) (i32.load (i32.const 0))))`;
  const { kind, message } = await failed(source, { callers: [[['get']], [['get']]] });
  assert.equal(kind, 'setup');
  assert.match(message, /the initialiser _start\(\) ended with a trap: unreachable\. .*write "life": "none"/);
  const { outcomes } = await hammered(source, { life: 'none', callers: [[['get']], [['get']]] });
  assert.deepEqual(outcomes[0].results, [['0'], ['0']]);
});
