/** WASI alone, on bytes instead of a guest: what calls return, what they write, and that no call ends a run. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WASI_FUNCTIONS } from '../../analysis/host/wasi.ts';
import { type Random, random } from '../../testing/random.ts';
import { I32, I64 } from '../../wasm/types.ts';
import type { WasiGrants } from '../scenario/scenario.ts';
import { GuestExit } from './hostFunction.ts';
import { createWasi } from './wasi.ts';

const SUCCESS = 0;
const BAD_FILE = 8;
const FAULT = 21;
const INVALID = 28;

/** Parameters of all of preview 1: `i` is i32, `I` i64. https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md */
const SIGNATURES: Readonly<Record<string, string>> = {
  args_get: 'ii',
  args_sizes_get: 'ii',
  environ_get: 'ii',
  environ_sizes_get: 'ii',
  clock_res_get: 'ii',
  clock_time_get: 'iIi',
  fd_advise: 'iIIi',
  fd_allocate: 'iII',
  fd_close: 'i',
  fd_datasync: 'i',
  fd_fdstat_get: 'ii',
  fd_fdstat_set_flags: 'ii',
  fd_fdstat_set_rights: 'iII',
  fd_filestat_get: 'ii',
  fd_filestat_set_size: 'iI',
  fd_filestat_set_times: 'iIIi',
  fd_pread: 'iiiIi',
  fd_prestat_get: 'ii',
  fd_prestat_dir_name: 'iii',
  fd_pwrite: 'iiiIi',
  fd_read: 'iiii',
  fd_readdir: 'iiiIi',
  fd_renumber: 'ii',
  fd_seek: 'iIii',
  fd_sync: 'i',
  fd_tell: 'ii',
  fd_write: 'iiii',
  path_create_directory: 'iii',
  path_filestat_get: 'iiiii',
  path_filestat_set_times: 'iiiiIIi',
  path_link: 'iiiiiii',
  path_open: 'iiiiiIIii',
  path_readlink: 'iiiiii',
  path_remove_directory: 'iii',
  path_rename: 'iiiiii',
  path_symlink: 'iiiii',
  path_unlink_file: 'iii',
  poll_oneoff: 'iiii',
  proc_exit: 'i',
  proc_raise: 'i',
  random_get: 'ii',
  sched_yield: '',
  sock_accept: 'iii',
  sock_recv: 'iiiiii',
  sock_send: 'iiiii',
  sock_shutdown: 'ii',
};

type Host = Parameters<typeof createWasi>[0]['host'];

/** A memory of `bytes`, and calls of WASI on it. */
function guest(
  wasi: WasiGrants = {},
  { bytes = 65536, host = 'wazero' as Host, module = 'wasi_snapshot_preview1' } = {},
) {
  const memory = new Uint8Array(bytes);
  let now = 1000n;
  const draw = random(7);
  const shim = createWasi(
    { host, wasi },
    { nanoseconds: () => now++, random: (target) => void target.set(target.map(() => draw(256))) },
  );
  const functionOf = (name: string) => {
    const found = shim.functionOf(module, name, name === 'proc_exit' ? [] : [I32]);
    assert.ok(found, name);
    return found;
  };
  const view = { buffer: () => memory.buffer };
  const data = new DataView(memory.buffer);
  return {
    memory,
    data,
    shim,
    functionOf,
    call: (name: string, ...args: unknown[]) => functionOf(name).call(args, view, 0),
    callAs: (caller: number, name: string, ...args: unknown[]) => functionOf(name).call(args, view, caller),
    ranges: (name: string, ...args: unknown[]) => functionOf(name).ranges(args, view) ?? [],
    /** A list of buffers at `at`. */
    vectors(at: number, ...buffers: [start: number, size: number][]) {
      for (const [i, value] of buffers.flat().entries()) data.setUint32(at + 4 * i, value, true);
    },
  };
}

describe('calls', () => {
  test('writes to standard streams of any length succeed and are discarded', () => {
    const { call, vectors, data } = guest();
    vectors(0, [100, 5], [200, 60000]);
    for (let i = 0; i < 100; i++) assert.equal(call('fd_write', 1 + (i % 2), 0, 2, 16), SUCCESS);
    assert.equal(data.getUint32(16, true), 60005);
  });

  test('the input is at its end and takes nothing', () => {
    const { call, vectors, data } = guest();
    vectors(0, [100, 5]);
    data.setUint32(16, 77, true);
    assert.equal(call('fd_read', 0, 0, 1, 16), SUCCESS);
    assert.equal(data.getUint32(16, true), 0);
    assert.equal(call('fd_write', 0, 0, 1, 16), BAD_FILE);
    assert.notEqual(call('fd_allocate', 0, 0n, 3_000_000_000n), SUCCESS);
  });

  test('there are no directories and no files', () => {
    const { call } = guest();
    assert.equal(call('fd_prestat_get', 3, 0), BAD_FILE);
    assert.equal(call('path_open', 3, 0, 16, 5, 0, 0n, 0n, 0, 400), BAD_FILE);
    assert.notEqual(call('path_open', 0, 0, 16, 5, 1, 0n, 0n, 0, 400), SUCCESS);
  });

  test('pointers outside the memory are an error of the guest', () => {
    const { call } = guest();
    for (const at of [65532, 70000, -8]) {
      assert.equal(call('random_get', at, 16), FAULT, `random_get at ${at}`);
      assert.equal(call('clock_time_get', 0, 0n, at), FAULT);
      assert.equal(call('fd_write', 1, at, 2, 0), FAULT);
    }
  });

  test('pointers in the upper half of a 4 GiB memory are not negative', () => {
    const { functionOf } = guest();
    const ranges = functionOf('random_get').ranges([-2147483648, 16], { buffer: () => new ArrayBuffer(8) });
    assert.deepEqual(ranges, [{ access: 'write', start: 2147483648, size: 16 }]);
  });

  test('lists of buffers have a bound', () => {
    assert.equal(guest().call('fd_write', 1, 0, 1_000_000, 16), INVALID);
    assert.equal(guest().call('poll_oneoff', 0, 4096, 1_000_000, 16), INVALID);
  });

  test('sleeping returns at once, with an event for each subscription', () => {
    const { call, data } = guest();
    for (const [i, type] of [0, 1].entries()) {
      data.setBigUint64(48 * i, BigInt(70 + i), true);
      data.setUint8(48 * i + 8, type);
      data.setBigUint64(48 * i + 24, 1n << 62n, true);
    }
    assert.equal(call('poll_oneoff', 0, 1000, 2, 2000), SUCCESS);
    assert.equal(data.getUint32(2000, true), 2);
    const events = [0, 1].map((i) => [data.getBigUint64(1000 + 32 * i, true), data.getUint8(1000 + 32 * i + 10)]);
    assert.deepEqual(events, [
      [70n, 0],
      [71n, 1],
    ]);
  });

  test('the first version of WASI has other sizes', () => {
    const old = guest({}, { module: 'wasi_unstable' });
    old.memory.fill(0xff);
    assert.equal(old.call('fd_filestat_get', 1, 0), SUCCESS);
    assert.deepEqual([old.memory[55], old.memory[56]], [0, 0xff]);
    const subscriptions = old.ranges('poll_oneoff', 0, 1000, 2, 2000)[0];
    assert.equal(subscriptions.size, 112);
    assert.equal(guest().ranges('poll_oneoff', 0, 1000, 2, 2000)[0].size, 96);
  });

  test('exit ends the call', () => {
    assert.throws(
      () => guest().call('proc_exit', 3),
      (error) => error instanceof GuestExit && error.message === 'exit(3)',
    );
  });

  test('arguments and environment are those that are granted, as UTF-8', () => {
    const { call, data, memory } = guest({ args: ['a', 'ü'], env: { KEY: 'v' } });
    call('args_sizes_get', 0, 4);
    assert.deepEqual([data.getUint32(0, true), data.getUint32(4, true)], [2, 5]);
    call('args_get', 16, 32);
    assert.equal(new TextDecoder().decode(memory.subarray(32, 37)), 'a\0ü\0');
    call('environ_get', 16, 64);
    assert.equal(new TextDecoder().decode(memory.subarray(64, 70)), 'KEY=v\0');
  });

  test('arguments of the wrong type are reported', () => {
    assert.throws(() => guest().call('fd_write', 1, 0n, 1n, 8n), /64-bit memories/);
  });
});

describe('functions', () => {
  test('all of preview 1 exist, no others, and none with other results', () => {
    const { shim } = guest();
    for (const name of Object.keys(SIGNATURES))
      assert.ok(shim.functionOf('wasi_snapshot_preview1', name, name === 'proc_exit' ? [] : [I32]), name);
    assert.equal(shim.functionOf('wasi_snapshot_preview1', 'toString', [I32]), undefined);
    assert.equal(shim.functionOf('wasi_snapshot_preview1', 'sched_yield', [I64]), undefined);
    assert.equal(shim.functionOf('env', 'fd_write', [I32]), undefined);
  });

  test('what they touch of the host: random bytes of wazero have no lock', () => {
    const states = (host: Host) =>
      ['random_get', 'clock_time_get', 'args_get', 'poll_oneoff', 'proc_exit', 'fd_write', 'fd_close'].map(
        (name) => guest({}, { host }).functionOf(name).state,
      );
    assert.deepEqual(states('wazero'), ['racy', 'none', 'none', 'none', 'none', 'guarded', 'guarded']);
    assert.equal(states('wasmtime')[0], 'none');
  });
});

describe('state', () => {
  test('open files are restored to those at the mark', () => {
    const { call, shim } = guest();
    assert.equal(call('fd_close', 1), SUCCESS);
    shim.mark();
    assert.equal(call('fd_close', 2), SUCCESS);
    assert.equal(call('fd_close', 2), BAD_FILE);
    shim.reset();
    assert.equal(call('fd_close', 1), BAD_FILE);
    assert.equal(call('fd_close', 2), SUCCESS);
  });

  test('nothing granted: no randomness, and a clock that stands still', () => {
    const { call, memory, data } = guest();
    memory.fill(0xff);
    call('random_get', 0, 8);
    call('clock_time_get', 0, 0n, 16);
    const first = data.getBigUint64(16, true);
    call('clock_time_get', 0, 0n, 16);
    assert.deepEqual([data.getBigUint64(0, true), data.getBigUint64(16, true)], [0n, first]);
  });

  test('granted: every execution sees the same clock and bytes in any order of callers', () => {
    const { callAs, data, shim } = guest({ clock: true, random: true });
    callAs(0, 'clock_time_get', 0, 0n, 0);
    callAs(0, 'random_get', 8, 8);
    const before = [data.getBigUint64(0, true), data.getBigUint64(8, true)];
    shim.mark();
    const read = (order: number[]) => {
      const seen: [bigint, bigint][][] = [[], []];
      shim.reset();
      for (const caller of order) {
        callAs(caller, 'clock_time_get', 0, 0n, 0);
        callAs(caller, 'random_get', 8, 8);
        seen[caller].push([data.getBigUint64(0, true), data.getBigUint64(8, true)]);
      }
      return seen;
    };
    const first = read([0, 0, 1]);
    const each = [before, ...first.flat()];
    assert.equal(new Set(each.map(([time]) => time)).size, 4);
    assert.equal(new Set(each.map(([, bytes]) => bytes)).size, 4);
    assert.deepEqual(read([1, 0, 0]), first);
    assert.deepEqual(read([0, 1, 0]), first);
  });
});

describe('ranges', () => {
  test("paths and buffers are read at the guest's pointers", () => {
    const { ranges, vectors } = guest();
    vectors(0, [100, 5], [200, 6]);
    assert.deepEqual(ranges('fd_write', 1, 0, 2, 16), [
      { access: 'read', start: 0, size: 16 },
      { access: 'read', start: 100, size: 5 },
      { access: 'read', start: 200, size: 6 },
      { access: 'write', start: 16, size: 4 },
    ]);
    assert.deepEqual(ranges('path_rename', 3, 100, 5, 3, 200, 6), [
      { access: 'read', start: 100, size: 5 },
      { access: 'read', start: 200, size: 6 },
    ]);
    assert.deepEqual(ranges('args_get', 0, 100), [
      { access: 'write', start: 0, size: 4 },
      { access: 'write', start: 100, size: 7 },
    ]);
  });

  for (const module of ['wasi_snapshot_preview1', 'wasi_unstable'] as const)
    test(`${module}: calls with any arguments answer or exit, and write nowhere else than they say`, () => {
      const next = random(1);
      let written = 0;
      for (let round = 0; round < 150; round++) {
        const one = guest({ random: true, clock: true, args: ['a', 'bcd'], env: { K: 'v' } }, { module, bytes: 4096 });
        for (const [name, signature] of Object.entries(SIGNATURES)) {
          if (!Object.hasOwn(WASI_FUNCTIONS[module], name)) continue;
          const args = [...signature].map((type) => (type === 'I' ? BigInt(argument(next)) : argument(next)));
          for (let i = 0; i < one.memory.length; i += 4)
            one.data.setUint32(i, next(8) === 0 ? next(2 ** 32) : next(4096), true);
          const before = one.memory.slice();
          const text = `${name}(${args.join(', ')}) in round ${round}`;
          const ranges = one.ranges(name, ...args);
          try {
            assert.equal(typeof one.call(name, ...args), 'number', text);
          } catch (error) {
            assert.ok(error instanceof GuestExit, `${text}: ${error}`);
          }
          for (let i = 0; i < before.length; i++) {
            if (before[i] === one.memory[i]) continue;
            written++;
            const covered = ranges.some((r) => r.access === 'write' && r.start <= i && i < r.start + r.size);
            assert.ok(covered, `${text} wrote byte ${i}`);
          }
        }
      }
      assert.ok(written > 10_000, `${written} bytes written`);
    });
});

/** File descriptors, small counts, pointers, and arbitrary numbers. */
function argument(next: Random): number {
  switch (next(8)) {
    case 0:
      return next(2 ** 32) | 0;
    case 1:
    case 2:
      return next(4096);
    default:
      return next(4) === 0 ? 4090 + next(12) : next(64);
  }
}
