/** Lines that were written are known, compared and restored, in memories of every kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type WasmMemory, wasmEngine } from '../../../wasm/webAssembly.ts';
import { LINE_BYTES } from '../../instrument/hooks.ts';
import { MemoryState } from '../memoryState.ts';

const KINDS = {
  plain: { shared: false, is64: false },
  shared: { shared: true, is64: false },
  'of 64 bits': { shared: false, is64: true },
} as const;

function stateOf({ shared, is64 }: { shared: boolean; is64: boolean }, pages = 1): MemoryState {
  const size = (n: number): number | bigint => (is64 ? BigInt(n) : n);
  const memory: WasmMemory = new wasmEngine.Memory({
    ...{ initial: size(pages), maximum: size(16), shared },
    ...(is64 ? { address: 'i64' } : {}),
  });
  const about = { index: 0, name: 'memory', shared, is64, pageBytes: 65_536, maxPages: 16, callers: 2 };
  return new MemoryState(memory, about);
}

/** Writes a byte as guest code does, after the engine has learnt of it. */
function write(state: MemoryState, at: number, value: number): void {
  state.dirties(Math.floor(at / LINE_BYTES));
  state.view[at] = value;
}

const place = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65_535 }), fc.constant(65_535));
const writes = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 3 })), { maxLength: 40 });

for (const [name, kind] of Object.entries(KINDS)) {
  test(`a memory, ${name}: the base is restored, and states have one hash exactly if they are equal`, () => {
    const state = stateOf(kind);
    for (let at = 0; at < 65_536; at += 7) state.view[at] = at & 3;
    state.mark(false);
    const base = state.view.slice();
    const known = new Map<string, string>();
    fc.assert(
      fc.property(writes, (list) => {
        for (const [at, value] of list) write(state, at, value);
        const changed = [...new Set(list.map(([at]) => at))].filter((at) => state.view[at] !== base[at]).sort();
        const contents = changed.map((at) => `${at}=${state.view[at]}`).join();
        const hash = state.hash(0, 0);
        assert.equal(known.get(hash) ?? contents, contents);
        known.set(hash, contents);
        assert.equal(state.hash(0, 0), hash);
        state.restore();
        assert.equal(Buffer.compare(state.view, base), 0);
        for (const [at] of list) write(state, at, base[at]);
        assert.equal(state.hash(0, 0), '65536:0', 'what was written is what was there');
        for (const part of contents.split(',').reverse()) {
          const [at, value] = part.split('=').map(Number);
          if (part !== '') write(state, at, value);
        }
        assert.equal(state.hash(0, 0), hash, 'the order of writes does not matter');
        state.restore();
      }),
      { numRuns: 200, seed: 7 },
    );
    assert.equal(new Set(known.values()).size, known.size);
  });
}

test('bytes that do not count do not change the hash, and those beside them do', () => {
  fc.assert(
    fc.property(writes, fc.nat(300), fc.nat(300), (list, start, length) => {
      const [deadStart, deadEnd] = [start & ~15, (start & ~15) + (length & ~15)];
      const isDead = (at: number): boolean => at >= deadStart && at < deadEnd;
      const [all, live] = [stateOf(KINDS.plain), stateOf(KINDS.plain)];
      for (const state of [all, live]) state.mark(false);
      for (const [at, value] of list) {
        write(all, at, value);
        if (!isDead(at)) write(live, at, value);
      }
      assert.equal(all.hash(deadStart, deadEnd), live.hash(deadStart, deadEnd));
      assert.equal(live.hash(deadStart, deadEnd), live.hash(0, 0));
      for (const at of [deadStart - 1, deadEnd]) {
        if (at < 0) continue;
        const before = all.hash(deadStart, deadEnd);
        write(all, at, all.view[at] + 1);
        if (deadStart < deadEnd) assert.notEqual(all.hash(deadStart, deadEnd), before);
      }
    }),
    { numRuns: 100, seed: 3 },
  );
});

test('one changed bit in any two places gives another hash each time', () => {
  const state = stateOf(KINDS.plain);
  state.mark(false);
  const hashes = new Set<string>();
  const bits = Array.from({ length: 96 }, (_, i) => i * 43);
  for (const a of bits) {
    for (const b of bits) {
      if (b <= a) continue;
      for (const bit of [a, b]) write(state, bit >> 3, state.view[bit >> 3] ^ (1 << (bit & 7)));
      hashes.add(state.hash(0, 0));
      state.restore();
    }
  }
  assert.equal(hashes.size, (bits.length * (bits.length - 1)) / 2);
});

test('a memory that is saved as a whole has the hashes of one whose writes are known', () => {
  const [known, whole] = [stateOf(KINDS.plain), stateOf(KINDS.plain)];
  known.mark(false);
  whole.mark(true);
  for (const at of [0, 1, 4000, 65_535]) {
    write(known, at, 9);
    whole.view[at] = 9;
  }
  assert.equal(whole.hash(0, 16), known.hash(0, 16));
  assert.equal(whole.hash(0, 0), known.hash(0, 0));
  whole.restore();
  assert.ok(whole.view.every((byte) => byte === 0));
});

test('a memory that grows in the middle of an execution keeps what was saved, and its size is in the hash', () => {
  const state = stateOf(KINDS.plain);
  for (let at = 0; at < 65_536; at++) state.view[at] = at % 251;
  state.mark(false);
  const base = state.view.slice();
  for (let at = 0; at < 65_536; at += LINE_BYTES) write(state, at, 255);
  const before = state.hash(0, 0);
  assert.ok(state.reserve(4 * 65_536));
  state.bytes = state.real;
  assert.notEqual(state.hash(0, 0), before);
  for (let at = 65_536; at < 4 * 65_536; at += LINE_BYTES) write(state, at, 1);
  assert.equal(state.written().length, (4 * 65_536) / LINE_BYTES);
  state.restore();
  assert.equal(state.bytes, 65_536);
  assert.equal(Buffer.compare(state.view.subarray(0, 65_536), base), 0);
  assert.ok(state.view.subarray(65_536).every((byte) => byte === 0));
  assert.equal(state.hash(0, 0), '65536:0');
});

test('another base forgets what was saved', () => {
  const state = stateOf(KINDS.plain);
  state.mark(false);
  write(state, 70, 1);
  state.mark(false);
  assert.equal(state.written().length, 0);
  write(state, 70, 2);
  state.restore();
  assert.equal(state.view[70], 1);
});
