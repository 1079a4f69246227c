/** Each preset with a small module that speaks the protocol of its host. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { StressResult } from '../../explore/result.ts';
import type { ScenarioFile } from '../../scenario/scenario.ts';
import { explored, failure } from '../../testing/run.ts';

const ROUTER = readFileSync(join(import.meta.dirname, '../../explore/cases/router.wat'), 'utf8');

/** Results of the callers in the first outcome. */
const first = ({ outcomes }: StressResult): string[][] => outcomes.examples[0].results;
const alone = async (module: string, file: ScenarioFile): Promise<string[]> => first(await explored(module, file))[0];

describe('http-wasm', () => {
  const handle: ScenarioFile = { callers: [[['handle_request']], [['handle_request']]] };

  test('is recognised: each caller has a request of its own, and the response is observed', async () => {
    const result = await explored(ROUTER, { ...handle, model: 'isolated' });
    assert.deepEqual(first(result), [['0; response header route: /a'], ['0; response header route: /bb']]);
    assert.deepEqual(result.imports.presets, ['http-wasm']);
    assert.match(
      result.restsOn[0],
      /^`http_handler.get_uri` and `http_handler.set_header_value` were emulated by the preset http-wasm/,
    );
  });

  test('shows that two callers share one buffer', async () => {
    const result = await explored(ROUTER, handle);
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
    const wrong = result.outcomes.wrong.map(({ results }) => results.join('|'));
    assert.ok(
      wrong.some((text) => /route: \/b.?\|.*route: \/b|route: \/a\|.*route: \/a/.test(text)),
      wrong.join(' '),
    );
  });

  test('takes the requests of the scenario, and effects before its own', async () => {
    const imports = { preset: 'http-wasm', requests: [{ uri: '/one' }] };
    assert.deepEqual(await alone(ROUTER, { callers: [[['handle_request']]], imports }), [
      '0; response header route: /one',
    ]);
    const own = { ...imports, 'http_handler.get_uri': { writes: [{ at: '$0', utf8: '/x' }], returns: 2 } };
    assert.deepEqual(await alone(ROUTER, { callers: [[['handle_request']]], imports: own }), [
      '0; response header route: /x',
    ]);
  });

  const BODY = `(module
    (import "http_handler" "read_body" (func $read (param i32 i32 i32) (result i64)))
    (import "http_handler" "get_header_values" (func $values (param i32 i32 i32 i32 i32) (result i64)))
    (import "http_handler" "write_body" (func $write (param i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "X-Caller")
    (func (export "read") (result i64) (call $read (i32.const 0) (i32.const 64) (i32.const 4)))
    (func (export "values") (result i64)
      (call $values (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 64) (i32.const 64)))
    (func (export "write") (call $write (i32.const 1) (i32.const 64) (i32.const 2))))`;

  test('reads bodies in parts and headers whatever their case', async () => {
    const imports = { requests: [{ body: 'abcdef' }] };
    const results = await alone(BODY, { callers: [[['read'], ['write'], ['read'], ['values'], ['write']]], imports });
    assert.deepEqual(results, [
      '4',
      '(); response body "ab"',
      String((1n << 32n) | 2n),
      String((1n << 32n) | 2n),
      '(); response body "a\\u0000"',
    ]);
  });
});

describe('proxy-wasm', () => {
  const FILTER = `(module
    (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_send_local_response" (func $send (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_shared_data" (func $set (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_shared_data" (func $shared (param i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) ":path")
    (global $next (mut i32) (i32.const 1024))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32)
      (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
    (func (export "proxy_on_context_create") (param i32 i32))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (call $get (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 64) (i32.const 68)))
      (drop (call $send (i32.const 403) (i32.const 0) (i32.const 0)
        (i32.load (i32.const 64)) (i32.load (i32.const 68)) (i32.const 0) (i32.const 0) (i32.const -1)))
      (i32.const 1))
    (func (export "share") (param i32) (result i32)
      (call $set (i32.const 0) (i32.const 5) (i32.const 0) (local.get 0) (i32.const 0)))
    (func (export "shared") (result i32)
      (drop (call $shared (i32.const 0) (i32.const 5) (i32.const 64) (i32.const 68) (i32.const 72)))
      (i32.load (i32.const 68))))`;
  const headers = ['proxy_on_request_headers', 1, 0, 0] as [string, ...number[]];

  test("gives header values in memory of the guest's allocator", async () => {
    assert.deepEqual(await alone(FILTER, { callers: [[headers]] }), ['1; response 403 "/a"']);
  });

  test('shows that the streams share what the module keeps', async () => {
    const result = await explored(FILTER, {
      callers: [[headers], [headers]],
      compare: ['results'],
      budget: { schedules: 2000 },
    });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
  });

  test('keeps data that streams share, in the order of their calls', async () => {
    const result = await explored(FILTER, {
      callers: [[['share', 1]], [['share', 2]]],
      probe: [['shared']],
      compare: ['results'],
    });
    const probes = result.outcomes.examples.map(({ probe }) => probe[0]).sort();
    assert.deepEqual([result.verdict, probes], ['safe', ['1', '2']]);
  });
});

describe('Extism', () => {
  const PLUGIN = `(module
    (import "extism:host/env" "input_length" (func $length (result i64)))
    (import "extism:host/env" "input_load_u8" (func $input (param i64) (result i32)))
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
    (import "extism:host/env" "load_u8" (func $load (param i64) (result i32)))
    (import "extism:host/env" "output_set" (func $output (param i64 i64)))
    (import "extism:host/env" "var_get" (func $get (param i64) (result i64)))
    (import "extism:host/env" "var_set" (func $set (param i64 i64)))
    (global $kept (mut i64) (i64.const 0))
    ;; Puts out its input in upper case.
    (func (export "upper") (result i32) (local $i i64) (local $block i64)
      (local.set $block (call $alloc (call $length)))
      (block $end
        (loop $next
          (br_if $end (i64.ge_u (local.get $i) (call $length)))
          (call $store (i64.add (local.get $block) (local.get $i))
            (i32.and (call $input (local.get $i)) (i32.const 0xdf)))
          (local.set $i (i64.add (local.get $i) (i64.const 1)))
          (br $next)))
      (call $output (local.get $block) (call $length))
      (i32.const 0))
    ;; The same, but the block is kept in a global.
    (func (export "keep") (result i32)
      (global.set $kept (call $alloc (i64.const 1)))
      (call $store (global.get $kept) (call $input (i64.const 0)))
      (call $output (global.get $kept) (i64.const 1))
      (i32.const 0))
    ;; Counts in a variable of the plugin.
    (func (export "count") (result i32) (local $name i64) (local $value i64)
      (local.set $name (call $alloc (i64.const 1)))
      (call $store (local.get $name) (i32.const 110))
      (local.set $value (call $get (local.get $name)))
      (if (i64.eqz (local.get $value)) (then (local.set $value (call $alloc (i64.const 1)))))
      (call $store (local.get $value) (i32.add (call $load (local.get $value)) (i32.const 1)))
      (call $set (local.get $name) (local.get $value))
      (call $load (local.get $value)))
    (func (export "beyond") (result i32) (call $load (i64.const 7))))`;

  test('gives input and takes output', async () => {
    const imports = { requests: [{ body: 'lena' }, { body: 'mira' }] };
    const result = await explored(PLUGIN, { callers: [[['upper']], [['upper']]], imports });
    assert.deepEqual([result.verdict, first(result)], ['safe', [['0; output "LENA"'], ['0; output "MIRA"']]]);
  });

  test('shows that a block in a global is of the last caller', async () => {
    const result = await explored(PLUGIN, {
      callers: [[['keep']], [['keep']]],
      imports: { requests: [{ body: 'a' }, { body: 'b' }] },
    });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['race', true]);
  });

  test('has variables that all calls share: an update can be lost', async () => {
    const result = await explored(PLUGIN, { callers: [[['count']], [['count']]] });
    assert.deepEqual([result.verdict, result.wrongOutcome], ['non-atomic', true]);
    assert.ok(result.outcomes.wrong.some(({ results }) => results.join() === '1,1'));
  });

  test('has variables for each plugin: with an instance for each caller, nothing is shared', async () => {
    const result = await explored(PLUGIN, { callers: [[['count']], [['count']]], model: 'isolated' });
    assert.deepEqual([result.verdict, first(result)], ['safe', [['1'], ['1']]]);
  });

  test('ends a call that leaves its blocks', async () => {
    const [text] = await alone(PLUGIN, { callers: [[['beyond']]] });
    assert.match(text, /^trap: .*a load from 7, which is in no block/);
  });
});

describe('wasm-bindgen', () => {
  const BINDGEN = `(module
    (import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
    (import "wbg" "__wbindgen_string_new" (func $string (param i32 i32) (result i32)))
    (import "wbg" "__wbg___wbindgen_string_get_0123456789abcdef" (func $get (param i32 i32)))
    (import "wbg" "__wbindgen_object_drop_ref" (func $drop (param i32)))
    (import "wbg" "__wbindgen_is_undefined" (func $undefined (param i32) (result i32)))
    (import "wbg" "__wbindgen_init_externref_table" (func $init))
    (import "wbg" "__wbg_now_0123456789abcdef" (func $now (result f64)))
    (table (export "__wbindgen_export_2") 8 externref)
    (memory (export "memory") 1)
    (data (i32.const 16) "Lena")
    (global $next (mut i32) (i32.const 256))
    (func (export "__wbindgen_malloc") (param i32 i32) (result i32)
      (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
    (func (export "__wbindgen_start") (call $init))
    (func (export "throw") (call $throw (i32.const 16) (i32.const 4)) unreachable)
    (func (export "text") (result i32) (local $handle i32)
      (local.set $handle (call $string (i32.const 16) (i32.const 4)))
      (call $get (i32.const 8) (local.get $handle))
      (call $drop (local.get $handle))
      (i32.load8_u (i32.load (i32.const 8))))
    (func (export "size") (result i32) (table.size 0))
    (func (export "undefined") (result i32) (call $undefined (i32.const 128)))
    (func (export "now") (result f64) (call $now)))`;

  test('throws with the message', async () => {
    assert.deepEqual(await alone(BINDGEN, { callers: [[['throw']]] }), ['trap: wbg.__wbindgen_throw: Lena']);
  });

  test('gives text to the guest and takes it', async () => {
    assert.deepEqual(await alone(BINDGEN, { callers: [[['text'], ['undefined']]] }), [String('L'.charCodeAt(0)), '1']);
  });

  test('makes the table of references longer; other functions are stubs', async () => {
    const result = await explored(BINDGEN, { setup: [['__wbindgen_start']], callers: [[['size'], ['now']]] });
    assert.deepEqual(first(result), [['12', '0']]);
    assert.deepEqual(result.imports.stubbed, ['wbg.__wbg_now_0123456789abcdef']);
  });
});

describe('Emscripten', () => {
  const GLUE = `(module
    (type $v (func)) (type $ii (func (param i32) (result i32)))
    (import "env" "invoke_vi" (func $invoke (param i32 i32)))
    (import "env" "invoke_ii" (func $invoke_ii (param i32 i32) (result i32)))
    (import "env" "_emscripten_throw_longjmp" (func $throw))
    (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
    (import "env" "_abort_js" (func $abort))
    (import "env" "__assert_fail" (func $assert (param i32 i32 i32 i32)))
    (import "env" "emscripten_memcpy_js" (func $copy (param i32 i32 i32)))
    (import "env" "__syscall_openat" (func $open (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1 4)
    (table (export "__indirect_function_table") 3 funcref)
    (elem (i32.const 1) $jump $double)
    (global $threw (mut i32) (i32.const 0))
    (global $stack (mut i32) (i32.const 4096))
    (data (i32.const 16) "n > 0\\00") (data (i32.const 32) "main.c\\00")
    (func $jump (param i32) (global.set $stack (i32.const 1)) (call $throw))
    (func $double (param i32) (result i32) (i32.store (i32.const 64) (local.get 0)) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "setThrew") (param i32 i32) (global.set $threw (local.get 0)))
    (func (export "stackSave") (result i32) (global.get $stack))
    (func (export "stackRestore") (param i32) (global.set $stack (local.get 0)))
    (func (export "try") (result i32)
      (call $invoke (i32.const 1) (i32.const 7))
      (i32.add (global.get $threw) (global.get $stack)))
    (func (export "double") (param i32) (result i32) (call $invoke_ii (i32.const 2) (local.get 0)))
    (func (export "uncaught") (call $throw))
    (func (export "empty") (call $invoke (i32.const 0) (i32.const 7)))
    (func (export "grow") (param i32) (result i32) (drop (call $resize (local.get 0))) (memory.size))
    (func (export "refused") (param i32) (result i32) (call $resize (local.get 0)))
    (func (export "abort") (call $abort))
    (func (export "assert") (call $assert (i32.const 16) (i32.const 32) (i32.const 12) (i32.const 0)))
    (func (export "copy") (result i32) (call $copy (i32.const 128) (i32.const 16) (i32.const 5)) (i32.load8_u (i32.const 128)))
    (func (export "open") (result i32) (call $open (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))`;

  test('calls through the table, and keeps what is thrown there for the guest', async () => {
    assert.deepEqual(await alone(GLUE, { callers: [[['try'], ['double', 21]]] }), ['4097', '42']);
    assert.deepEqual(await alone(GLUE, { callers: [[['uncaught']], [['double', 1]]] }), ['trap: uncaught longjmp']);
  });

  test('explores the functions that are called through the table', async () => {
    const result = await explored(GLUE, { callers: [[['double', 1]], [['double', 2]]] });
    assert.equal(result.verdict, 'race');
    assert.ok(result.races.some(({ a, b }) => a.op === 'i32.store' && b.op === 'i32.store'));
  });

  test('really grows the memory, as far as it may', async () => {
    assert.deepEqual(
      await alone(GLUE, {
        callers: [
          [
            ['grow', 100_000],
            ['refused', 1 << 20],
          ],
        ],
      }),
      ['2', '0'],
    );
    const result = await explored(GLUE, { callers: [[['grow', 100_000]], [['copy']]] });
    assert.equal(result.verdict, 'host-hazard');
  });

  test('ends calls with a message, copies, and has no files', async () => {
    assert.deepEqual(await alone(GLUE, { callers: [[['abort']], [['double', 1]]] }), [
      'trap: env._abort_js: Aborted()',
    ]);
    assert.deepEqual(await alone(GLUE, { callers: [[['assert']], [['double', 1]]] }), [
      'trap: env.__assert_fail: assertion failed: n > 0, at main.c:12',
    ]);
    assert.deepEqual(await alone(GLUE, { callers: [[['copy'], ['open']]] }), ['110', '-52']);
  });
});

describe('AssemblyScript', () => {
  const SCRIPT = `(module
    (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 12) "\\04\\00\\00\\00n\\00o\\00") (data (i32.const 28) "\\08\\00\\00\\00a\\00.\\00t\\00s\\00")
    (func (export "check") (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (call $abort (i32.const 16) (i32.const 32) (i32.const 3) (i32.const 5)) unreachable))
      (local.get 0)))`;

  test('an exception ends the call with its message and place', async () => {
    assert.deepEqual(await alone(SCRIPT, { callers: [[['check', 0]], [['check', 1]]] }), [
      'trap: env.abort: no at a.ts:3:5',
    ]);
  });
});

describe('gojs', () => {
  const GO = `(module
    (import "gojs" "runtime.wasmExit" (func $exit (param i32)))
    (import "gojs" "runtime.nanotime1" (func $time (param i32)))
    (memory (export "mem") 1)
    (data (i32.const 8) "\\03\\00\\00\\00")
    (func (export "exit") (call $exit (i32.const 0)))
    (func (export "time") (result i64) (call $time (i32.const 0)) (i64.load (i32.const 8))))`;

  test('ends with an exit code, and has a clock that stands still', async () => {
    assert.deepEqual(await alone(GO, { callers: [[['time'], ['time']], [['time']]] }), ['0', '0']);
    assert.deepEqual(await alone(GO, { callers: [[['exit']], [['time']]] }), ['trap: exit(3)']);
  });
});

describe('the choice of presets', () => {
  const scenario = (imports: ScenarioFile['imports']): ScenarioFile => ({ callers: [[['handle_request']]], imports });

  test('stubs, and none', async () => {
    for (const imports of ['stub', { preset: 'none' }] as const) {
      const result = await explored(ROUTER, scenario(imports));
      assert.deepEqual([result.imports.presets, result.imports.stubbed.length], [undefined, 2]);
    }
  });

  test('one that does not fit is an error that names those that do', async () => {
    assert.equal(
      (await failure(ROUTER, scenario({ preset: 'extism' }))).message,
      'the preset extism does not fit the module, which imports none of its functions; http-wasm would fit',
    );
    assert.equal(
      (await failure('(module (func (export "handle_request")))', scenario({ preset: ['gojs'] }))).message,
      'the preset gojs does not fit the module, which imports none of its functions; no preset fits it',
    );
  });
});
