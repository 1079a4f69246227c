/** State between rounds: which words change, their hash, and what is restored. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { F32, F64 } from '../../wasm/types.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { emptyHash, keyOf, SharedState, type StateMemory } from './sharedState.ts';

function shared(pages = 1, floats?: StateMemory['floats']) {
  const memory = new wasmEngine.Memory({ initial: pages, maximum: 4 * pages, shared: true });
  const state = new SharedState([{ memory, nameOf: (byte) => `memory 0x${byte.toString(16)}`, floats }]);
  return { memory, state, words: new Int32Array(memory.buffer) };
}

const keyIn = (state: SharedState): number => {
  const hash = emptyHash();
  state.mixInto(hash);
  return keyOf(hash);
};

describe('words that change', () => {
  test('are learned once, restored, and determine the hash', () => {
    const { state, words } = shared();
    words[3] = 7;
    state.mark();
    const base = keyIn(state);
    for (const word of [3, 31, 32, 16383]) words[word] = -1;
    assert.equal(keyIn(state), base);
    assert.equal(state.learn(), true);
    assert.equal(state.learn(), false);
    const changed = keyIn(state);
    state.restore();
    assert.deepEqual([words[3], words[31], words[32], words[16383]], [7, 0, 0, 0]);
    assert.notEqual(keyIn(state), changed);
    const kept = state.values(10);
    words[32] = 5;
    assert.ok(kept !== undefined);
    assert.deepEqual(state.differences(kept, 'AB', 10), ['memory 0x80 is 5, 0 in serial order AB']);
    assert.equal(state.values(3), undefined);
  });

  test('may be all words of a memory', () => {
    const { state, words } = shared(1025);
    state.mark();
    words.fill(1);
    assert.equal(state.learn(), true);
    state.restore();
    assert.equal(words.indexOf(1), -1);
  });

  test('of dead stack are restored but not hashed', () => {
    const { state, words } = shared();
    state.mark();
    words.fill(1, 8, 12);
    state.learn();
    state.setDead(0, 8, 12);
    const before = keyIn(state);
    words[9] = 2;
    assert.equal(keyIn(state), before);
    state.restore();
    assert.equal(words[9], 0);
  });

  test('can be beyond the base if the memory grew', () => {
    const { memory, state } = shared();
    state.mark();
    memory.grow(1);
    assert.equal(state.grown(), true);
    new Int32Array(memory.buffer)[20_000] = 1;
    assert.equal(state.learn(), true);
    const kept = keyIn(state);
    new Int32Array(memory.buffer)[20_000] = 2;
    assert.notEqual(keyIn(state), kept);
    assert.deepEqual(state.sizes(), [65536]);
  });
});

test('the sign of a NaN without a payload does not count: it differs between the tiers of an engine', () => {
  const { state, words } = shared();
  state.mark();
  words.fill(-1, 0, 4);
  state.learn();
  const keys = [
    [0x7ff80000, 0x7fc00000],
    [0xfff80000, 0xffc00000],
    [0xfff80001, 0xffc00000],
    [-1, 0x7fffffff],
    [-1, -1],
  ].map((pair) => {
    words.set(pair, 1);
    return keyIn(state);
  });
  assert.equal(keys[0], keys[1]);
  assert.equal(new Set(keys).size, 4);
});

test('no payload of a NaN counts where only floats can be, and every other bit does', () => {
  const { memory, state, words } = shared(
    1,
    new Map([
      [16, F32],
      [32, F64],
    ] as const),
  );
  const view = new DataView(memory.buffer);
  state.mark();
  words.fill(-1, 0, 16);
  state.learn();
  const keyOfBits = (single: number, double: bigint): number => {
    view.setUint32(16, single, true);
    view.setBigUint64(32, double, true);
    return keyIn(state);
  };
  const nan = keyOfBits(0x7fc00000, 0x7ff8000000000000n);
  for (const single of [0x7fc00001, 0xffc00000, 0x7f800001, 0xffffffff])
    assert.equal(keyOfBits(single, 0x7ff8000000000000n), nan, single.toString(16));
  for (const double of [0xfff8000000000000n, 0x7ff8000000000001n, 0x7ff0000000000001n, 0xffffffffffffffffn])
    assert.equal(keyOfBits(0x7fc00000, double), nan, double.toString(16));
  const others = [
    keyOfBits(0x7f800000, 0x7ff8000000000000n),
    keyOfBits(0xff800000, 0x7ff8000000000000n),
    keyOfBits(0x7fc00000, 0x7ff0000000000000n),
    keyOfBits(0x7fc00000, 0xfff0000000000000n),
    keyOfBits(0x7fc00000, 0x3ff0000000000001n),
  ];
  assert.equal(new Set([nan, ...others]).size, 6);
});
