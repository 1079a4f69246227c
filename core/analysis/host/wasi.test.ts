/** The table of WASI against its signatures, and against what an implementation does to memory. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  Directory,
  type Fd,
  File,
  type Inode,
  OpenFile,
  PreopenDirectory,
  WASI,
  WASIProcExit,
} from '@bjorn3/browser_wasi_shim';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { type Random, random } from '../../testing/random.ts';
import type { HostDescription, HostPointer } from './description.ts';
import { WASI_FUNCTIONS } from './wasi.ts';

const { wasi_snapshot_preview1: PREVIEW_1, wasi_unstable: UNSTABLE } = WASI_FUNCTIONS;

const ARGUMENTS = ['module', 'a', 'bcd'];
const ENVIRONMENT = ['KEY=value', 'X='];
const BYTES = 1024;

/** An implementation with files, directories and no state of other calls. */
function implementation(): WASI {
  const text = (content: string) => new File(new TextEncoder().encode(content));
  const files = (): Map<string, Inode> =>
    new Map<string, Inode>([
      ['a', text('some text in a file')],
      ['dir', new Directory(new Map([['b', text('more')]]))],
    ]);
  const fds: Fd[] = [
    new OpenFile(text('input of the program')),
    new OpenFile(text('')),
    new OpenFile(text('')),
    new PreopenDirectory('/preopened', files()),
    new PreopenDirectory('.', files()),
  ];
  return new WASI(ARGUMENTS, ENVIRONMENT, fds, { debug: false });
}

/** Runs one call on these bytes; answers what it returned or threw. */
function called(name: string, args: readonly (number | bigint)[], memory: Uint8Array): string {
  const wasi = implementation();
  wasi.inst = { exports: { memory: { buffer: memory.buffer } } } as unknown as WASI['inst'];
  try {
    return String((wasi.wasiImport[name] as (...args: unknown[]) => unknown)(...args));
  } catch (error) {
    return error instanceof WASIProcExit ? 'exit' : String(error).slice(0, 40);
  }
}

/** Ranges that a call reads or writes, by the table. */
function rangesOf(
  name: string,
  { pointers }: HostDescription,
  args: readonly (number | bigint)[],
  memory: Uint8Array,
  wanted: HostPointer['access'],
): [start: number, end: number][] {
  const view = new DataView(memory.buffer);
  const lists: Record<string, number[]> = {
    args_get: [4 * ARGUMENTS.length, ARGUMENTS.join(' ').length + 1],
    environ_get: [4 * ENVIRONMENT.length, ENVIRONMENT.join(' ').length + 1],
  };
  return pointers
    .filter(({ access }) => access === wanted)
    .flatMap(({ parameter, bytes, through }): [number, number][] => {
      const start = Number(args[parameter]);
      if (typeof bytes === 'string') return [[start, start + lists[name][parameter]]];
      const size = typeof bytes === 'number' ? bytes : Number(args[bytes.parameter]) * bytes.each;
      if (!through) return [[start, start + size]];
      const found: [number, number][] = [];
      for (let at = start; at < start + size && at + 8 <= memory.length; at += 8) {
        const first = view.getUint32(at, true);
        found.push([first, first + view.getUint32(at + 4, true)]);
      }
      return found;
    });
}

const within = (ranges: readonly [number, number][], byte: number): boolean =>
  ranges.some(([start, end]) => start <= byte && byte < end);

/** Bytes with paths of the files and lists of buffers among them. */
function contents(next: Random): Uint8Array {
  const memory = new Uint8Array(BYTES);
  const view = new DataView(memory.buffer);
  for (let at = 0; at < BYTES; at += 4) view.setUint32(at, next(4) === 0 ? next(BYTES) : next(64), true);
  for (let at = 0; at < 512; at += 16) memory.set(new TextEncoder().encode(['a', 'dir', 'dir/b', '.'][next(4)]), at);
  return memory;
}

/** Descriptors and small counts, addresses of paths, addresses, rarely anything. */
function argument(next: Random): number {
  switch (next(6)) {
    case 0:
      return 16 * next(32);
    case 1:
      return next(BYTES);
    case 2:
      return next(60) === 0 ? next(2 ** 32) : next(40);
    default:
      return next(6);
  }
}

describe('the table of WASI', () => {
  test('has every function of the implementation, with its parameters, and no other one', () => {
    const { wasiImport } = implementation();
    assert.deepEqual(Object.keys(PREVIEW_1).sort(), Object.keys(wasiImport).sort());
    assert.deepEqual(
      Object.keys(UNSTABLE).sort(),
      Object.keys(PREVIEW_1)
        .filter((name) => name !== 'sock_accept')
        .sort(),
    );
    for (const [name, { params }] of Object.entries(PREVIEW_1)) {
      const given = (wasiImport[name] as (...args: unknown[]) => unknown).length;
      // This implementation declares no more parameters of sockets and of waiting than it uses.
      if (name.startsWith('sock_') || name === 'poll_oneoff') assert.ok(given <= params.length, name);
      else assert.equal(params.length, given, name);
    }
  });

  test('names pointers and lengths that are parameters of 32 bits', () => {
    for (const table of [PREVIEW_1, UNSTABLE])
      for (const [name, { params, pointers }] of Object.entries(table))
        for (const { parameter, bytes } of pointers) {
          assert.equal(params[parameter], 'i', name);
          if (typeof bytes === 'object') assert.equal(params[bytes.parameter], 'i', name);
          if (typeof bytes === 'object') assert.notEqual(bytes.parameter, parameter, name);
        }
  });

  test('knows of each function that a host does not guard that it has state', () => {
    for (const { unguardedWasi } of Object.values(HOST_PROFILES))
      for (const name of unguardedWasi) assert.notEqual(PREVIEW_1[name].state, 'none', name);
  });

  test('the first version has records of other sizes', () => {
    const sizes = (table: typeof PREVIEW_1) =>
      [table.fd_filestat_get, table.path_filestat_get, table.poll_oneoff].map(({ pointers }) =>
        pointers.map((one) => one.bytes),
      );
    const [records, old] = [sizes(PREVIEW_1), sizes(UNSTABLE)];
    assert.deepEqual([records[0], old[0]], [[64], [56]]);
    assert.deepEqual([records[1][1], old[1][1]], [64, 56]);
    assert.deepEqual(
      [records[2][0], old[2][0]],
      [
        { parameter: 2, each: 48 },
        { parameter: 2, each: 56 },
      ],
    );
  });
});

/** Written contents are other ones each time: this implementation counts the files that it makes. */
const OTHER_EACH_TIME = new Set(['random_get', 'clock_time_get', 'fd_filestat_get', 'path_filestat_get', 'fd_readdir']);

describe('an implementation of WASI', () => {
  test('writes where the table says, and nothing else in memory decides what it does', () => {
    const next = random(3);
    const wrote = new Set<string>();
    const succeeded = new Set<string>();
    for (let round = 0; round < 200; round++) {
      for (const [name, known] of Object.entries(PREVIEW_1)) {
        // It waits for the clock in a loop.
        if (name === 'poll_oneoff') continue;
        const args = [...known.params].map((type) => (type === 'I' ? BigInt(argument(next)) : argument(next)));
        const text = `${name}(${args.join(', ')}) in round ${round}`;
        const before = contents(next);
        const after = before.slice();
        const answer = called(name, args, after);
        if (answer === '0') succeeded.add(name);
        const written = rangesOf(name, known, args, before, 'writes');
        for (let at = 0; at < BYTES; at++) {
          if (before[at] === after[at]) continue;
          wrote.add(name);
          assert.ok(within(written, at), `${text} wrote byte ${at}`);
        }

        // Everything else is different, and the call does the same.
        const read = rangesOf(name, known, args, before, 'reads');
        const scrambled = before.map((byte, at) => (within(read, at) ? byte : byte ^ (1 + next(255))));
        const same = scrambled.slice();
        assert.equal(called(name, args, same), answer, text);
        if (OTHER_EACH_TIME.has(name)) continue;
        for (let at = 0; at < BYTES; at++) {
          // What it wrote is the same as before, and what it left alone is as it was.
          const left = before[at] === after[at] && scrambled[at] === same[at];
          assert.ok(left || after[at] === same[at], `${text} read something else for byte ${at}`);
        }
      }
    }
    const results = Object.keys(PREVIEW_1).filter((name) =>
      PREVIEW_1[name].pointers.some(({ access }) => access === 'writes'),
    );
    const never = results.filter((name) => !wrote.has(name) && !name.startsWith('sock_') && name !== 'poll_oneoff');
    assert.deepEqual(never, ['path_readlink'], 'the files have no links');
    assert.ok(succeeded.size > 25, [...succeeded].join());
  });
});
