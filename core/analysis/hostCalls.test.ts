/** Calls of functions whose descriptions are known: what they do to memory, and which of them are findings. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { HostId } from '../hosts/index.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import type { Analysis } from './model.ts';
import { conflictOf, effectsOf } from './queries.ts';

async function analysed(wat: string, host: HostId = 'wazero', symbols: Record<string, string> = {}): Promise<Analysis> {
  const module = decodeModule(await parse(wat));
  for (const one of module.imports) if (Object.hasOwn(symbols, one.name)) one.symbol = symbols[one.name];
  return analyse(module, { host, model: 'shared-instance' });
}

const positionOf = ({ exports }: Analysis, name: string): number => exports.findIndex((one) => one.name === name);
const meet = (analysis: Analysis, a: string, b: string): boolean =>
  conflictOf(analysis, positionOf(analysis, a), positionOf(analysis, b), 1) !== undefined;

/** Accesses of memory by an export: `write 8-16`, `read`, which is anywhere else. */
const accesses = (analysis: Analysis, name: string): string[] =>
  effectsOf(analysis, analysis.exports[positionOf(analysis, name)].func)
    .map((id) => analysis.effects[id])
    .filter(({ cell }) => cell.kind === 'memory')
    .map(({ access, cell: { address } }) =>
      address?.base === 'static' ? `${access} ${address.start}-${address.end}` : access,
    )
    .sort();

const hostFindings = (analysis: Analysis): string[] =>
  analysis.exports.flatMap(({ name, hazards }) => (hazards.some(({ rule }) => rule === 'host-call') ? [name] : []));

/** A module with one imported function and one export `run` that calls it. */
const calling = (from: string, name: string, type: string, args: string, result = true): string =>
  `(module (import "${from}" "${name}" (func $f ${type})) (memory (export "memory") 1)
    (func (export "run") ${result ? `(drop (call $f ${args}))` : `(call $f ${args})`}))`;

const numbers = (...values: number[]): string => values.map((value) => `(i32.const ${value})`).join(' ');
const P1 = 'wasi_snapshot_preview1';

describe('memory', () => {
  const cases: [what: string, wat: string, expected: string[]][] = [
    [
      'a path is read, the result written',
      calling(
        P1,
        'path_open',
        '(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)',
        `${numbers(3, 0, 100, 7, 0)} (i64.const 0) (i64.const 0) ${numbers(0, 400)}`,
      ),
      ['read 100-107', 'write 400-404'],
    ],
    [
      'a list of buffers is read, and its buffers filled',
      calling(P1, 'fd_read', '(param i32 i32 i32 i32) (result i32)', numbers(0, 16, 2, 64)),
      ['read 16-32', 'write', 'write 64-68'],
    ],
    [
      'a list of buffers is read, and its buffers too',
      calling(
        P1,
        'fd_pwrite',
        '(param i32 i32 i32 i64 i32) (result i32)',
        `${numbers(1, 16, 1)} (i64.const 0) (i32.const 64)`,
      ),
      ['read', 'read 16-24', 'write 64-68'],
    ],
    [
      'subscriptions and events',
      calling(P1, 'poll_oneoff', '(param i32 i32 i32 i32) (result i32)', numbers(0, 1000, 2, 2000)),
      ['read 0-96', 'write 1000-1064', 'write 2000-2004'],
    ],
    [
      'subscriptions of the first version',
      calling('wasi_unstable', 'poll_oneoff', '(param i32 i32 i32 i32) (result i32)', numbers(0, 1000, 1, 2000)),
      ['read 0-56', 'write 1000-1032', 'write 2000-2004'],
    ],
    [
      'an offset in two halves, as JavaScript without BigInt gets it',
      calling(P1, 'fd_seek', '(param i32 i32 i32 i32 i32) (result i32)', numbers(3, 0, 0, 0, 512)),
      ['write 512-520'],
    ],
    [
      'a type that no function of the name has: anywhere',
      calling(P1, 'fd_seek', '(param i32 i32) (result i32)', numbers(3, 512)),
      ['read', 'write'],
    ],
    [
      'pointers of 64 bits: anywhere',
      calling(P1, 'clock_time_get', '(param i32 i64 i64) (result i32)', '(i32.const 0) (i64.const 0) (i64.const 8)'),
      ['read', 'write'],
    ],
    [
      'a copy',
      calling('env', 'emscripten_memcpy_js', '(param i32 i32 i32)', numbers(100, 200, 16), false),
      ['read 200-216', 'write 100-116'],
    ],
    [
      'the parts of a time, whose 64 bits come in two halves',
      calling('env', '_localtime_js', '(param i32 i32 i32)', numbers(1, 0, 300), false),
      ['write 300-344'],
    ],
    ['a message', calling('wbg', '__wbindgen_throw', '(param i32 i32)', numbers(40, 5), false), ['read 40-45']],
    ['a function of the user', calling('env', 'mine', '(param i32)', numbers(40), false), []],
  ];
  for (const [what, wat, expected] of cases)
    test(what, async () => assert.deepEqual(accesses(await analysed(wat), 'run'), expected));

  const MEMORY = '(memory (export "memory") 1)';
  const texts = (name: string, params: string, args: string, state: string): string => `(module
    (import "env" "${name}" (func $f (param ${params}))) ${state}
    (func (export "run") (call $f ${args})))`;
  const assertion = (state: string): string =>
    texts('__assert_fail', 'i32 i32 i32 i32', numbers(100, 200, 1, 300), state);

  test('texts that are constants end where the data says', async () => {
    const data = '(data (i32.const 100) "x\\00") (data (i32.const 200) "ab.c\\00zz") (data (i32.const 296) "mainrun")';
    const read = ['read 100-102', 'read 200-205'];
    assert.deepEqual(accesses(await analysed(assertion(MEMORY + data)), 'run'), [...read, 'read 300-304']);
    // The third one is followed by a zero only where the memory begins with zeros.
    const imported = `(import "env" "memory" (memory 1)) ${data}`;
    assert.deepEqual(accesses(await analysed(assertion(imported)), 'run'), ['read', ...read]);
  });

  test('texts that the data does not hold go anywhere', async () => {
    const base = '(import "env" "base" (global $base i32))';
    for (const state of [
      MEMORY,
      // One segment overwrites another.
      `${MEMORY} (data (i32.const 100) "x\\00") (data (i32.const 101) "y")`,
      `${base} ${MEMORY} (data (i32.const 100) "x\\00") (data (global.get $base) "x\\00")`,
    ])
      assert.deepEqual(accesses(await analysed(assertion(state)), 'run'), ['read'], state);
  });

  test('texts of AssemblyScript have their length before them', async () => {
    const abort = (data: string) => texts('abort', 'i32 i32 i32 i32', numbers(104, 204, 1, 2), MEMORY + data);
    const [message, file] = [
      '(data (i32.const 100) "\\04\\00\\00\\00a\\00b\\00")',
      '(data (i32.const 196) "1234\\02\\00\\00\\00f\\00")',
    ];
    assert.deepEqual(accesses(await analysed(abort(message + file)), 'run'), ['read 100-108', 'read 200-206']);
    assert.deepEqual(accesses(await analysed(abort(message)), 'run'), ['read', 'read 100-108']);
    const endless = '(data (i32.const 100) "\\ff\\ff\\ff\\ffa\\00b\\00")';
    assert.deepEqual(accesses(await analysed(abort(endless + file)), 'run'), ['read', 'read 200-206']);
  });

  test('texts that are written meanwhile are found where they are known to be, and no further', async () => {
    // What breaks when a constant is none: with the zero at 101 gone, the text goes on to 104, which `next` writes.
    const analysis = await analysed(`(module (import "env" "emscripten_console_log" (func $log (param i32)))
      (memory (export "memory") 1) (data (i32.const 100) "x\\00yz\\00")
      (func (export "say") (call $log (i32.const 100)))
      (func (export "change") (i32.store8 (i32.const 101) (i32.const 65)))
      (func (export "next") (i32.store8 (i32.const 102) (i32.const 65))))`);
    assert.deepEqual([meet(analysis, 'say', 'change'), meet(analysis, 'say', 'next')], [true, false]);
  });

  test('as many bytes as an argument says: a range that arguments of callers give', async () => {
    const analysis = await analysed(`(module
      (import "${P1}" "random_get" (func $f (param i32 i32) (result i32))) ${MEMORY}
      (func $fill (export "fill") (param i32 i32) (drop (call $f (local.get 0) (local.get 1))))
      (func (export "run") (call $fill ${numbers(100, 8)})))`);
    assert.deepEqual(accesses(analysis, 'run'), ['write 100-108']);
    const { func } = analysis.exports[positionOf(analysis, 'fill')];
    const ranges = effectsOf(analysis, func).map((id) => analysis.effects[id].cell.address);
    assert.ok(ranges.some((one) => one?.base === 'parameter' && one.parameter === 0 && one.length === 1));
  });

  test('functions go by their names in the source', async () => {
    const wat = calling('a', 'b', '(param i32 i32) (result i32)', numbers(100, 8));
    assert.deepEqual(accesses(await analysed(wat, 'javascript', { b: 'random_get' }), 'run'), ['write 100-108']);
    assert.deepEqual(accesses(await analysed(wat, 'javascript'), 'run'), []);
  });

  test('functions work on the memory that the module exports under that name', async () => {
    const { effects } = await analysed(`(module
      (import "${P1}" "random_get" (func $f (param i32 i32) (result i32)))
      (memory 1) (memory (export "memory") 1)
      (func (export "run") (drop (call $f ${numbers(100, 8)}))))`);
    const memories = effects.filter(({ cell }) => cell.kind === 'memory').map(({ cell }) => cell.index);
    assert.deepEqual(new Set(memories), new Set([1]));
  });
});

describe('the rule host-call', () => {
  const two = (first: string, second: string): string => `(module ${first} ${second} (memory 1)
    (func (export "one") (drop (call $one))) (func (export "two") (drop (call $two))))`;
  const clock = '(import "env" "emscripten_get_now" (func $one (result f64)))';

  test('is silent about functions whose descriptions leave nothing open', async () => {
    for (const wat of [
      calling(P1, 'clock_time_get', '(param i32 i64 i32) (result i32)', '(i32.const 0) (i64.const 0) (i32.const 8)'),
      calling('env', 'emscripten_get_now', '(result f64)', ''),
      calling('env', 'abort', '', '', false),
      calling('env', 'abort', '(param i32 i32 i32 i32)', numbers(0, 0, 1, 1), false),
      calling('env', '_tzset_js', '(param i32 i32 i32 i32)', numbers(0, 4, 8, 32), false),
      calling('wbg', '__wbg___wbindgen_throw_b855445ff6a94295', '(param i32 i32)', numbers(0, 4), false),
    ])
      assert.deepEqual(hostFindings(await analysed(wat)), [], wat);
  });

  test('speaks where something remains: state of the host, another type, a name of the user', async () => {
    for (const wat of [
      calling(P1, 'fd_close', '(param i32) (result i32)', numbers(1)),
      calling(P1, 'fd_tell', '(param i32 i32) (result i32)', numbers(1, 8)),
      calling(P1, 'clock_time_get', '(result i32)', ''),
      calling('env', 'abort', '(param i32)', numbers(1), false),
      calling('env', 'toString', '(param i32)', numbers(1), false),
      calling(P1, 'toString', '(param i32)', numbers(1), false),
      calling('mine', 'emscripten_get_now', '(result f64)', ''),
      calling('env', '__syscall_dup', '(param i32) (result i32)', numbers(1)),
      calling('wbg', '__wbindgen_object_drop_ref', '(param i32)', numbers(40), false),
    ])
      assert.deepEqual(hostFindings(await analysed(wat)), ['run'], wat);
  });

  test('random bytes: where the host does not guard its source', async () => {
    const wat = calling(P1, 'random_get', '(param i32 i32) (result i32)', numbers(100, 8));
    assert.deepEqual(hostFindings(await analysed(wat, 'wazero')), ['run']);
    const elsewhere = await analysed(wat, 'wasmtime');
    assert.deepEqual(hostFindings(elsewhere), []);
    assert.equal(elsewhere.exports[0].class, 'stateful');
  });

  test('a clock meets nothing, also not a function of the same module that changes something', async () => {
    const analysis = await analysed(two(clock, '(import "env" "mine" (func $two (result i32)))'));
    assert.deepEqual(
      analysis.exports.map(({ class: one }) => one),
      ['pure', 'host-dependent'],
    );
    assert.deepEqual([meet(analysis, 'one', 'two'), meet(analysis, 'two', 'two')], [false, true]);
  });

  test('both versions of WASI work on the same files', async () => {
    const close = (name: string, version: string) =>
      `(import "${version}" "sock_shutdown" (func ${name} (param i32 i32) (result i32)))`;
    const analysis = await analysed(`(module ${close('$one', P1)} ${close('$two', 'wasi_unstable')}
      (func (export "one") (drop (call $one ${numbers(3, 0)}))) (func (export "two") (drop (call $two ${numbers(3, 0)}))))`);
    assert.ok(meet(analysis, 'one', 'two'));
  });

  test('a call that answers at once interrupts nobody', async () => {
    const analysis = analyse(decodeModule(await parse(two(clock, '(import "env" "mine" (func $two (result i32)))'))), {
      host: 'javascript',
      model: 'cooperative',
    });
    assert.deepEqual(analysis.sharing.suspending, [false, true]);
  });
});

describe('growth by the host', () => {
  const module = (limits: string): string => `(module
    (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
    (import "env" "emscripten_get_now" (func $now (result f64)))
    (memory (export "memory") ${limits})
    (func (export "malloc") (drop (call $resize (i32.const 200000))))
    (func (export "read") (drop (i32.load (i32.const 0))))
    (func (export "time") (drop (call $now))))`;

  test('is that of the function that asks for it: it meets every access', async () => {
    const analysis = await analysed(module('1 100'));
    assert.deepEqual(
      analysis.exports.map((one) => `${one.name}: ${one.class}, ${one.growth}`),
      ['malloc: grows, own-body', 'read: reads-only, none', 'time: pure, none'],
    );
    assert.ok(meet(analysis, 'malloc', 'malloc') && meet(analysis, 'malloc', 'read'));
    assert.ok(analysis.exports[0].hazards.some(({ rule }) => rule === 'memory-grow'));
    assert.deepEqual(hostFindings(analysis), []);
  });

  test('is refused where the memory is at its maximum', async () => {
    const { exports } = await analysed(module('1 1'));
    assert.deepEqual(exports[0].growth, 'none');
  });
});

describe('calls from the host', () => {
  const invoking = (slot: string, more = ''): string => `(module
    (type $taken (func (param i64) (result i32)))
    (type $other (func (param f32) (result i32)))
    (import "env" "invoke_ij" (func $invoke (param i32 ${slot}) (result i32)))
    (memory (export "memory") 1) (table (export "__indirect_function_table") 3 funcref) (elem (i32.const 1) $writes $reads)
    (global $thrown (mut i32) (i32.const 0))
    (func $writes (type $taken) (i32.store (i32.const 64) (i32.const 1)) (i32.const 0))
    (func $reads (type $other) (i32.load (i32.const 128)))
    (func (export "setThrew") (param i32 i32) (global.set $thrown (i32.const 1)))
    (func (export "run") (drop (call $invoke (i32.const 1) ${slot === 'i64' ? '(i64.const 0)' : '(i32.const 0) (i32.const 0)'})))
    (func (export "get") (result i32) (i32.load (i32.const 64))) ${more})`;

  test('through the table reach functions of the type that the name spells, and what keeps exceptions', async () => {
    for (const slot of ['i64', 'i32 i32']) {
      const analysis = await analysed(invoking(slot));
      assert.deepEqual(accesses(analysis, 'run'), ['write 64-68']);
      assert.ok(meet(analysis, 'run', 'get') && meet(analysis, 'run', 'setThrew'));
      assert.deepEqual(hostFindings(analysis), ['run']);
    }
  });

  test('that pass text reach the allocator', async () => {
    const analysis = await analysed(`(module (import "wbg" "__wbindgen_string_get" (func $get (param i32 i32)))
      (memory (export "memory") 1) (global $top (mut i32) (i32.const 8))
      (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (global.set $top (i32.const 16)) (i32.const 8))
      (func (export "run") (call $get (i32.const 0) (i32.const 1))))`);
    assert.ok(meet(analysis, 'run', '__wbindgen_malloc'));
  });
});
