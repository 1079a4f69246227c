/** The life of a module runs before the callers, once for what instances share, and is no matter of the callers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explored, failure } from '../testing/run.ts';

/** The second call of `_initialize` traps, as in wasi-libc. */
const REACTOR = `
  (func (export "_initialize")
    (if (i32.load (i32.const 16)) (then (unreachable)))
    (i32.store (i32.const 16) (i32.const 1))
    (i32.atomic.store (i32.const 20) (i32.const 100)))
  (func (export "next") (result i32) (i32.atomic.rmw.add (i32.const 20) (i32.const 1)))
  (func (export "last") (result i32) (i32.atomic.load (i32.const 20)))`;
const OWN = `(module (memory (export "memory") 1 1 shared) ${REACTOR})`;
const COMMON = `(module (import "env" "memory" (memory 1 1 shared)) ${REACTOR})`;
const NEXT: [string][][] = [[['next']], [['next']]];

for (const [name, source, model] of [
  ['shared-instance', OWN, 'shared-instance'],
  ['shared-memory', COMMON, 'shared-memory'],
  ['isolated', OWN, 'isolated'],
] as const)
  test(`a reactor is initialised once over its memory under ${name}`, async () => {
    const { verdict, outcomes } = await explored(source, { model, callers: NEXT, probe: [['last']] });
    assert.equal(verdict, 'safe');
    const probes = outcomes.examples.map(({ probe }) => probe);
    assert.deepEqual(probes, model === 'isolated' ? [['101']] : [['102'], ['102']].slice(0, probes.length));
  });

test('a setup or caller that initialises the module itself is left to it', async () => {
  const setup = await explored(OWN, { setup: [['_initialize']], callers: NEXT });
  assert.equal(setup.verdict, 'safe');
  const caller = await explored(OWN, { callers: [[['_initialize'], ['next']]] });
  assert.deepEqual(caller.outcomes.examples[0].results, [['()', '100']]);
});

test('no life', async () => {
  const { outcomes } = await explored(OWN, { life: 'none', callers: [[['next']]] });
  assert.deepEqual(outcomes.examples[0].results, [['0']]);
});

test('a life that the scenario lists, with names for later steps', async () => {
  const { outcomes } = await explored(OWN, {
    life: [['_initialize'], { call: 'next', as: 'first' }, { expect: '$first == 100' }],
    callers: [[['next']]],
  });
  assert.deepEqual(outcomes.examples[0].results, [['101']]);
});

test('a program that exits successfully has initialised the module', async () => {
  const source = (code: number) => `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (i32.store (i32.const 16) (i32.const 7)) (call $exit (i32.const ${code})))
    (func (export "get") (result i32) (i32.load (i32.const 16))))`;
  const { outcomes } = await explored(source(0), { callers: [[['get']], [['get']]] });
  assert.deepEqual(outcomes.examples[0].results, [['7'], ['7']]);
  const { kind, message } = await failure(source(3), { callers: [[['get']]] });
  assert.equal(kind, 'setup');
  assert.equal(
    message,
    'the initialiser _start() ended with a trap: exit(3). If the module does not need it, write "life": "none" in the scenario (--life none) or list the steps that it needs. It runs before the callers because the module is a command that exports further functions, and its main program initialises the runtime',
  );
});

test('each further instance over one memory gets thread-local storage of its own', async () => {
  const source = `(module (import "env" "memory" (memory 1 1 shared))
    (global $tls (export "__tls_base") (mut i32) (i32.const 64)) (global (export "__tls_size") i32 (i32.const 16))
    (global $heap i32 (i32.const 1024))
    (func (export "__wasm_init_tls") (param i32) (global.set $tls (local.get 0)))
    (func (export "malloc") (param i32) (result i32)
      (i32.add (global.get $heap) (i32.atomic.rmw.add (i32.const 0) (local.get 0))))
    (func (export "echo") (param i32) (result i32)
      (i32.store (global.get $tls) (local.get 0))
      (i32.load (global.get $tls))))`;
  const callers: [string, number][][] = [[['echo', 1]], [['echo', 2]], [['echo', 3]]];
  const own = await explored(source, { model: 'shared-memory', callers });
  assert.equal(own.verdict, 'safe');
  assert.deepEqual(own.outcomes.examples[0].results, [['1'], ['2'], ['3']]);
  // What a thread counts for itself is no defect of a module that is built for threads.
  const counted = await explored(
    source.replace(
      '(local.get 0))\n      (i32.load',
      '(i32.add (i32.load (global.get $tls)) (i32.const 1)))\n      (i32.load',
    ),
    { model: 'shared-memory', callers },
  );
  assert.equal(counted.verdict, 'safe');
  assert.ok(
    counted.notes.some((note) => note.startsWith('Each instance has its own thread-local storage')),
    counted.notes.join(' '),
  );
  const none = await explored(source, { model: 'shared-memory', callers, life: 'none' });
  assert.notEqual(none.verdict, 'safe');
});

test('a caller that instantiates the module is told which calls its instance has not had', async () => {
  const source = `(module (import "env" "memory" (memory 1 1 shared)) (global $base (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $base (i32.const 64)))
    (func (export "next") (result i32) (i32.atomic.rmw.add (global.get $base) (i32.const 1))))`;
  const { notes } = await explored(source, {
    model: 'shared-memory',
    callers: [[['next']], [['$instantiate'], ['next']]],
  });
  assert.ok(
    notes.some((note) =>
      note.startsWith('Callers that begin with $instantiate have an instance without the calls _init'),
    ),
    notes.join(' '),
  );
});
