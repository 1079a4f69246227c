/** The conflict relation: it is symmetric, all queries agree on it, and it follows the specification of each cell. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { HOST_PROFILES, type HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { bitsOf, hasBit } from './bits.ts';
import {
  type AccessKind,
  type Address,
  type Cell,
  type CellKind,
  cellOf,
  type Effect,
  isAtomic,
  isWrite,
} from './cells.ts';
import { conflictOfEffects, type Sharing } from './conflicts.ts';
import { meetAlways } from './groups.ts';
import type { Analysis, ModuleSharing } from './model.ts';
import { conflictOf, conflictsUnder, effectsOf, partnersOf, sharingUnder } from './queries.ts';
import { analyseWat } from './testing/facts.ts';

const MODELS: readonly SharingModel[] = ['shared-instance', 'shared-memory', 'isolated'];
const HOSTS: readonly HostId[] = ['wazero', 'wasmtime', 'javascript', 'wasi-threads'];

const cell = (kind: CellKind, index?: number, more: Partial<Cell> = {}): Cell => cellOf(kind, { index, ...more });
const at = (start: number, end: number, global?: number): Address => ({ base: 'static', start, end, global });

const CELLS: readonly Cell[] = [
  ...[
    at(0, 4),
    at(4, 8),
    at(2, 6),
    at(0, 4, 1),
    at(0, 4, 2),
    { base: 'stack' },
    { base: 'parameter', parameter: 0 },
    { base: 'parameter', parameter: 1, start: 0, end: 4 },
    { base: 'parameter', parameter: 0, scale: 4, start: 64, end: 68 },
    { base: 'parameter', parameter: 0, start: 0, end: 0, length: 1 },
    { base: 'parameter', parameter: 0, through: true },
    { base: 'static', start: 0, end: 64, stride: 8, width: 4 },
    { base: 'static', start: 2, end: 64, loose: true },
    { base: 'contents', start: 0, end: 4 },
    { base: 'fresh' },
    { base: 'unknown' },
  ].flatMap((address) => [
    cell('memory', 0, { address: address as Address }),
    cell('memory', 1, { address: address as Address }),
  ]),
  cell('memory', undefined, { address: { base: 'unknown' } }),
  cell('anything'),
  ...[0, 1].flatMap((i) => [cell('memory.grow', i), cell('global', i), cell('table.grow', i), cell('host', i)]),
  ...[0, 1].flatMap((i) => [cell('segment', i, { segment: 'data' }), cell('segment', i, { segment: 'element' })]),
  ...[at(0, 1), at(1, 2), { base: 'unknown' }].map((address) => cell('table', 0, { address: address as Address })),
  cell('global'),
  cell('heap'),
  cell('host-unknown'),
  cell('ref.func'),
  cell('stack-pointer', 2),
];
const ACCESSES: readonly AccessKind[] = ['read', 'write', 'atomic-read', 'atomic-write'];
const EFFECTS: readonly Effect[] = CELLS.flatMap((c) => ACCESSES.map((access) => ({ cell: c, access })));
/** Two memories, the first one common to all instances or not; nothing else is imported. */
const moduleSharing = (common: boolean): ModuleSharing => ({
  memories: [
    { shared: common, common },
    { shared: false, common: false },
  ],
  imported: { memory: [common, false], global: [false, false, false], table: [false] },
  hostStates: ['f', 'g'].map((name) => ({ state: 'env', use: 'changes', name })),
  suspending: [true, true],
  suspendingNamed: false,
  asyncify: false,
  asyncifyState: -1,
  asyncifyFunctions: [],
  framesApart: true,
  ownStacks: true,
  ownBlocks: true,
});
const sharings: Sharing[] = HOSTS.flatMap((host) =>
  MODELS.flatMap((model) =>
    [true, false].map((common) => ({
      model,
      profile: HOST_PROFILES[host],
      module: moduleSharing(common),
    })),
  ),
);

describe('conflicts of effects', () => {
  test('are symmetric', () => {
    for (const sharing of sharings) {
      for (const a of EFFECTS) {
        for (const b of EFFECTS) {
          const there = conflictOfEffects(a, b, sharing);
          assert.equal(there, conflictOfEffects(b, a, sharing), `${JSON.stringify([a, b])} under ${sharing.model}`);
        }
      }
    }
  });

  test('need a write, and an access that is not atomic', () => {
    for (const sharing of sharings) {
      for (const a of EFFECTS) {
        for (const b of EFFECTS) {
          if ((isWrite(a) || isWrite(b)) && !(isAtomic(a) && isAtomic(b))) continue;
          // Overlapping atomics of different widths are not atomic with respect to each other.
          if ((isWrite(a) || isWrite(b)) && JSON.stringify(a.cell) !== JSON.stringify(b.cell)) continue;
          assert.equal(conflictOfEffects(a, b, sharing), undefined, JSON.stringify([a, b]));
        }
      }
    }
  });

  const wazero: Sharing = {
    model: 'shared-instance',
    profile: HOST_PROFILES.wazero,
    module: moduleSharing(false),
  };
  const write = (c: Cell): Effect => ({ cell: c, access: 'write' });
  const between = (a: Cell, b: Cell, sharing = wazero) => conflictOfEffects(write(a), write(b), sharing);
  const memory = (address: Address, index = 0) => cell('memory', index, { address });

  test('bytes that overlap, in one memory', () => {
    assert.equal(between(memory(at(0, 4)), memory(at(3, 4))), 'definite');
    assert.equal(between(memory(at(0, 4)), memory(at(4, 8))), undefined);
    assert.equal(between(memory(at(0, 4)), memory(at(0, 4), 1)), undefined);
    assert.equal(between(memory(at(0, 4, 1)), memory(at(8, 12, 1))), undefined);
    assert.equal(between(memory(at(0, 4, 1)), memory(at(8, 12))), 'possible');
    assert.equal(between(memory({ base: 'parameter', parameter: 0 }), memory(at(0, 4))), 'possible');
    assert.equal(between(memory({ base: 'unknown' }), memory({ base: 'stack' })), 'possible');
  });

  test('growth conflicts with every access of that memory, if the host moves it', () => {
    const grow = cell('memory.grow', 0);
    assert.equal(between(grow, memory(at(0, 4))), 'definite');
    assert.equal(between(grow, memory(at(0, 4), 1)), undefined);
    assert.equal(
      conflictOfEffects(write(grow), { cell: memory(at(0, 4)), access: 'atomic-write' }, wazero),
      'definite',
    );
    assert.equal(conflictOfEffects({ cell: grow, access: 'atomic-write' }, write(memory(at(0, 4))), wazero), undefined);
    assert.equal(between(cell('table.grow', 0), cell('table', 0, { address: at(0, 1) })), 'definite');
  });

  test('unknown code conflicts with every cell that callers share, host functions included', () => {
    const anything = cell('anything');
    for (const c of CELLS) assert.equal(between(anything, c), 'possible', JSON.stringify(c));
  });

  test('model B: only the common memory and the host are shared', () => {
    const sharing: Sharing = {
      model: 'shared-memory',
      profile: HOST_PROFILES['wasi-threads'],
      module: moduleSharing(true),
    };
    assert.equal(between(memory(at(0, 4)), memory(at(0, 4)), sharing), 'definite');
    assert.equal(between(memory(at(0, 4), 1), memory(at(0, 4), 1), sharing), undefined);
    assert.equal(between(cell('global', 0), cell('global', 0), sharing), undefined);
    assert.equal(between(cell('host', 0), cell('host', 0), sharing), 'possible');
  });
});

/** Pairs of exports that conflict, from their effects alone. */
function naivePairs(analysis: Analysis): string[] {
  const sharing = sharingUnder(analysis, analysis.model);
  const effects = analysis.exports.map((e) => effectsOf(analysis, e.func).map((id) => analysis.effects[id]));
  return effects.flatMap((left, a) =>
    effects.flatMap((right, b) =>
      left.some((e) => right.some((f) => conflictOfEffects(e, f, sharing) !== undefined)) ? [`${a} ${b}`] : [],
    ),
  );
}

function checkConsistency(analysis: Analysis): number {
  const { exports } = analysis;
  const expected = naivePairs(analysis);
  const byPartners = exports.flatMap((_, a) => partnersOf(analysis, a).map((b) => `${a} ${b}`));
  assert.deepEqual(byPartners, expected);
  exports.forEach((e, a) => {
    assert.equal(e.conflictCount, expected.filter((pair) => pair.startsWith(`${a} `)).length);
    assert.equal(conflictsUnder(analysis, a, analysis.model), e.conflictCount);
    exports.forEach((_, b) => {
      const conflict = conflictOf(analysis, a, b, 1000);
      assert.equal(conflict !== undefined, expected.includes(`${a} ${b}`));
      assert.deepEqual(conflict, conflictOf(analysis, b, a, 1000));
      const always = meetAlways(analysis.groups[e.group], analysis.groups[exports[b].group]);
      assert.equal(conflict?.condition === 'always', always, `${e.name} with ${exports[b].name}`);
      if (conflict === undefined) return;
      assert.deepEqual([conflict.a, conflict.b], [Math.min(a, b), Math.max(a, b)]);
      const [left, right] = [conflict.a, conflict.b].map((i) => effectsOf(analysis, exports[i].func));
      for (const [e, f] of conflict.effects)
        assert.ok(left.includes(e) && right.includes(f), `${e} of ${a}, ${f} of ${b}`);
    });
  });
  for (let e = 0; e < analysis.effects.length; e++) {
    const row = bitsOf(analysis.conflictMask.subarray(e * analysis.words, (e + 1) * analysis.words));
    for (const f of row) assert.ok(hasBit(analysis.conflictMask, f * analysis.words, e), `${e} and ${f}`);
  }
  return expected.length;
}

describe('all queries about conflicts of exports agree', () => {
  for (const model of MODELS) {
    test(`of all fixtures, ${model}`, () => {
      let pairs = 0;
      for (const file of globSync('*.wasm', { cwd: FIXTURES })) {
        const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, file))));
        pairs += checkConsistency(analyse(module, { host: 'wazero', model }));
      }
      assert.ok(pairs > (model === 'shared-instance' ? 20 : 0), `${pairs} pairs`);
    });
  }

  test('with calls through tables', async () => {
    const text = `(module (type $v (func)) (global $g (mut i32) (i32.const 0)) (memory 1) (table 4 funcref) (elem (i32.const 0) func $grow $set)
      (func $grow (export "grow") (drop (memory.grow (i32.const 1)))) (func $set (global.set $g (i32.const 1)))
      (func (export "any") (call_indirect (type $v) (i32.const 0))) (func (export "load") (drop (i32.load (i32.const 0))))
      (func (export "get") (drop (global.get $g))) (func (export "pure")))`;
    const { analysis } = await analyseWat(text);
    checkConsistency(analysis);
    const index = (name: string) => analysis.exports.findIndex((e) => e.name === name);
    const sure = (a: string, b: string) => conflictOf(analysis, index(a), index(b), 1)?.confidence;
    assert.equal(sure('grow', 'load'), 'definite');
    assert.equal(sure('load', 'any'), 'likely');
    assert.equal(sure('get', 'any'), 'likely');
    assert.equal(sure('get', 'load'), undefined);
    assert.equal(sure('pure', 'any'), undefined);
  });

  // `conflictOf` knows direct calls from others, but not calls by type from calls into unknown code.
  test('what is reached through unknown code is at most possible', async () => {
    const text = `(module (type $v (func)) (global $g (mut i32) (i32.const 0)) (table (export "t") 4 funcref) (elem (i32.const 0) func $set)
      (func $set (global.set $g (i32.const 1)))
      (func (export "any") (call_indirect (type $v) (i32.const 0))) (func (export "get") (drop (global.get $g))))`;
    const { analysis } = await analyseWat(text);
    assert.equal(conflictOf(analysis, 0, 1, 1)?.confidence, 'possible');
  });
});
