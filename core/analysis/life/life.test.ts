/** What modules need before their API works, for each kind of toolchain. Steps are `call(args) per [likely]`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../../wasm/decode.ts';
import { analyse } from '../analyse.ts';
import { lifeOf } from './life.ts';
import type { Life } from './lifeModel.ts';
import { lifeText } from './lifeText.ts';

/** `symbols`: names in the source by name of the export, as the JavaScript beside a module gives them. */
async function life(source: string, symbols: Readonly<Record<string, string>> = {}): Promise<Life> {
  const decoded = decodeModule(await parse(source));
  const exports = decoded.exports.map((one) => ({ ...one, symbol: symbols[one.name] }));
  const module = { ...decoded, exports };
  return lifeOf(module, analyse(module, { host: 'wazero', model: 'auto' }));
}

const texts = ({ steps }: Life): string[] =>
  steps.map(
    ({ call, args, as, per, sure }) =>
      `${as === undefined ? '' : `${as} = `}${call}(${args.join(', ')}) ${per}${sure === 'likely' ? ' likely' : ''}`,
  );

const MEMORY = '(memory (export "memory") 1)';
const SHARED = '(import "env" "memory" (memory 1 4 shared))';
const SET = '(i32.store (i32.const 16) (i32.const 1))';
const API = '(func (export "api") (result i32) (i32.load (i32.const 16)))';

const CASES: Readonly<Record<string, { source: string; steps: string[] }>> = {
  'a module without life': { source: `${MEMORY} ${API} (func (export "init") ${SET})`, steps: [] },
  'a reactor': { source: `${MEMORY} (func (export "_initialize") ${SET}) ${API}`, steps: ['_initialize() instance'] },
  'a reactor over a shared memory is initialised once': {
    source: `${SHARED} (func (export "_initialize") ${SET}) ${API}`,
    steps: ['_initialize() memory'],
  },
  'an initialiser that sets globals only belongs to each instance': {
    source: `${SHARED} (global $g (mut i32) (i32.const 0)) (func (export "_initialize") (global.set $g (i32.const 1)))
      (func (export "api") (result i32) (global.get $g))`,
    steps: ['_initialize() instance'],
  },
  'a command that exports an API': {
    source: `${MEMORY} (func (export "_start") ${SET}) ${API}`,
    steps: ['_start() instance'],
  },
  'a program has no API': {
    source: `${MEMORY} (func (export "_start") ${SET}) (func (export "__main_void") (result i32) (i32.const 0))`,
    steps: [],
  },
  'a reactor is not started, too': {
    source: `${MEMORY} (func (export "_start") ${SET}) (func (export "_initialize") ${SET}) ${API}`,
    steps: ['_initialize() instance'],
  },
  'constructors that nothing calls': {
    source: `${MEMORY} (func (export "__wasm_call_ctors") ${SET}) ${API}`,
    steps: ['__wasm_call_ctors() instance'],
  },
  'constructors that the initialiser calls': {
    source: `${MEMORY} (func $ctors (export "__wasm_call_ctors") ${SET}) (func (export "_initialize") (call $ctors)) ${API}`,
    steps: ['_initialize() instance'],
  },
  'constructors that the initialiser does not call come first': {
    source: `${MEMORY} (func (export "__wasm_call_ctors") ${SET}) (func (export "_initialize") ${SET}) ${API}`,
    steps: ['__wasm_call_ctors() instance', '_initialize() instance'],
  },
  'constructors that the start function calls': {
    source: `${MEMORY} (func $ctors (export "__wasm_call_ctors") ${SET}) (start $ctors) ${API}`,
    steps: [],
  },
  'constructors that each export of a command calls': {
    source: `${MEMORY} (func $ctors (export "__wasm_call_ctors") ${SET}) (func $api (result i32) (i32.const 1))
      (func (export "api") (result i32) (call $ctors) (call $api))`,
    steps: [],
  },
  'constructors without anything to do': {
    source: `${MEMORY} (func (export "__wasm_call_ctors")) ${API}`,
    steps: [],
  },
  'minified constructors': {
    source: `(import "a" "a" (func $abort)) (memory (export "b") 1) (func $own ${SET})
      (func (export "c") (call $own)) (func (export "d") (result i32) (call $abort) (i32.load (i32.const 16)))`,
    steps: ['c() instance likely'],
  },
  'short names of an author are not minified': {
    source: `(memory (export "memory") 1) (func (export "a") ${SET}) (func (export "b") (result i32) (i32.load (i32.const 16)))`,
    steps: [],
  },
  'short names out of order are not minified': {
    source: `(import "a" "x" (func)) (memory (export "m") 1) (func (export "inc") ${SET}) (func (export "get") (result i32) (i32.const 1))`,
    steps: [],
  },
  'a minified function that is called inside is no constructor': {
    source: `(import "a" "a" (func $abort)) (memory (export "b") 1) (func $c (export "c") ${SET})
      (func (export "d") (result i32) (call $c) (call $abort) (i32.const 0))`,
    steps: [],
  },
  'the bindings of wasm-bindgen': {
    source: `${MEMORY} (func (export "__wbindgen_start") ${SET}) ${API}`,
    steps: ['__wbindgen_start() instance'],
  },
  'the bindings of wasm-bindgen for threads': {
    source: `${SHARED} (func (export "__wbindgen_start") (param i32) ${SET}) ${API}`,
    steps: ['__wbindgen_start(0) instance'],
  },
  'the start function is run by the engine': {
    source: `${SHARED} (func $init (export "__wasm_init_memory") ${SET}) (start $init) ${API}`,
    steps: [],
  },
  'thread-local storage from the allocator': {
    source: `${SHARED} (global (export "__tls_size") i32 (i32.const 40)) (global (export "__tls_align") i32 (i32.const 4))
      (func (export "__wasm_init_tls") (param i32) ${SET}) (func (export "malloc") (param i32) (result i32) (i32.const 4096)) ${API}`,
    steps: ['life_tls = malloc(40) thread', '__wasm_init_tls($life_tls) thread'],
  },
  'thread-local storage of wide alignment': {
    source: `${SHARED} (global (export "__tls_size") i32 (i32.const 40)) (global (export "__tls_align") i32 (i32.const 64))
      (func (export "__wasm_init_tls") (param i32) ${SET}) (func (export "malloc") (param i32) (result i32) (i32.const 4096)) ${API}`,
    steps: ['life_tls = malloc(104) thread', '__wasm_init_tls(($life_tls + 63) & 4294967232) thread'],
  },
  'thread-local storage without anything in it': {
    source: `${SHARED} (global (export "__tls_size") i32 (i32.const 0)) (func (export "__wasm_init_tls") (param i32) ${SET}) ${API}`,
    steps: [],
  },
  'thread-local storage of a module for one thread': {
    source: `${MEMORY} (global (export "__tls_size") i32 (i32.const 40)) (func (export "__wasm_init_tls") (param i32) ${SET})
      (func (export "malloc") (param i32) (result i32) (i32.const 4096)) ${API}`,
    steps: [],
  },
  'a plugin of proxy-wasm': {
    source: `${MEMORY} (func (export "_initialize") ${SET}) (func (export "main") (param i32 i32) (result i32) ${SET} (i32.const 0))
      (func (export "proxy_abi_version_0_2_0")) ${API}`,
    steps: ['_initialize() instance', 'main(0, 0) instance'],
  },
  'the runtime of Haskell': {
    source: `${MEMORY} (func (export "_initialize") ${SET}) (func (export "hs_init") (param i32 i32) ${SET}) ${API}`,
    steps: ['_initialize() instance', 'hs_init(0, 0) instance'],
  },
};

for (const [name, { source, steps }] of Object.entries(CASES))
  test(name, async () => {
    assert.deepEqual(texts(await life(`(module ${source})`)), steps);
  });

test('initialisers are no API', async () => {
  const { exports } = await life(
    `(module ${MEMORY} (func (export "_initialize") ${SET}) (func (export "stackSave") (result i32) (i32.const 0)) ${API})`,
  );
  assert.deepEqual([...exports], ['_initialize', 'stackSave']);
});

test('names of the glue are used in place of minified ones', async () => {
  const source = `(module (import "a" "a" (func $abort)) (memory (export "b") 1) (func (export "c") (call $abort) ${SET})
    (func (export "d") ${SET}) (func (export "e") (result i32) (i32.load (i32.const 16))))`;
  const known = await life(source, { d: '__wasm_call_ctors' });
  assert.deepEqual(texts(known), ['d() instance']);
  assert.match(lifeText(known) ?? '', /`__wasm_call_ctors \(d\)` once in each instance/);
  assert.deepEqual(texts(await life(source, { c: 'sqlite3_open' })), []);
});

test('what no host can give', async () => {
  const { missing } = await life(`(module ${SHARED} (global $__stack_pointer (mut i32) (i32.const 4096))
    (func (export "__wasm_init_tls") (param i32) ${SET})
    (func (export "api") (local $p i32)
      (global.set $__stack_pointer (local.tee $p (i32.sub (global.get $__stack_pointer) (i32.const 16))))
      (i32.store (local.get $p) (i32.const 1))
      (global.set $__stack_pointer (i32.add (local.get $p) (i32.const 16)))))`);
  assert.deepEqual(missing, [
    'Instances need thread-local storage of their own (`__wasm_init_tls`), and the host cannot give it: the module does not export its size (wasm-ld --export=__tls_size).',
    'No export lets the host give an instance a stack of its own: $__stack_pointer is neither exported nor imported.',
  ]);
});

test('the life in words', async () => {
  assert.equal(
    lifeText(await life(`(module ${MEMORY} (func (export "_initialize") ${SET}) ${API})`)),
    'Before its API works: `_initialize` once in each instance (the module is a reactor, which has to be initialised before other calls).',
  );
  assert.equal(lifeText(await life(`(module ${MEMORY} ${API})`)), undefined);
});
