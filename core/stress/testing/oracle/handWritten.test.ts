/** Engine and oracle on programs in which an operation that is checked, torn or copied meets what changes under it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from './compare.ts';
import type { Instruction, MemoryShape, Place, Program } from './program.ts';

const at = (memory: number, address: number): Place => ({ memory, at: address, offset: 0 });
const program = (memories: MemoryShape[], tableMax: number, ...callers: Instruction[][]): Program => ({
  model: 'shared-instance',
  host: 'wazero',
  memories,
  tableMax,
  callers: callers.map((steps) => [steps.map((step) => ({ ...step, guarded: false }))]),
});
const U: MemoryShape = { shared: false, is64: false, max: 3 };
const S: MemoryShape = { ...U, shared: true };

const CASES: Readonly<Record<string, Program>> = {
  'fill torn with growth': program(
    [U],
    3,
    [{ op: 'memory.fill', memory: 0, at: 62, count: 3, value: 7 }],
    [{ op: 'memory.grow', memory: 0, by: 1 }],
    [{ op: 'load', width: 4, atomic: false, ...at(0, 62) }],
  ),
  'fill beyond, growth': program(
    [U],
    3,
    [{ op: 'memory.fill', memory: 0, at: 65534, count: 3, value: 7 }],
    [
      { op: 'memory.grow', memory: 0, by: 1 },
      { op: 'load', width: 4, atomic: false, ...at(0, 65532) },
    ],
  ),
  'table.init beside elem.drop': program(
    [U],
    3,
    [
      { op: 'table.init', table: 0, slot: 0, from: 0, count: 1 },
      { op: 'call_indirect', table: 0, slot: 0 },
    ],
    [{ op: 'elem.drop' }, { op: 'call_indirect', table: 0, slot: 0 }],
  ),
  'table.init, drop, grow': program(
    [U],
    3,
    [{ op: 'table.init', table: 0, slot: 2, from: 0, count: 1 }],
    [{ op: 'elem.drop' }],
    [{ op: 'table.grow', table: 0, by: 1, item: 2 }],
  ),
  'growths of a table that others made smaller': program(
    [U],
    4,
    [{ op: 'table.grow', table: 0, by: 2, item: 1 }],
    [{ op: 'table.grow', table: 0, by: 1, item: 0 }],
    [{ op: 'table.grow', table: 0, by: 1, item: 2 }],
  ),
  'rmw unshared beside growth': program(
    [U],
    3,
    [{ op: 'add', width: 4, value: 3, ...at(0, 64) }],
    [{ op: 'memory.grow', memory: 0, by: 1 }],
    [{ op: 'add', width: 4, value: 5, ...at(0, 64) }],
  ),
  'rmw unshared beyond beside growth': program(
    [U],
    3,
    [{ op: 'add', width: 8, value: 3, ...at(0, 65544) }],
    [
      { op: 'memory.grow', memory: 0, by: 1 },
      { op: 'load', width: 8, atomic: false, ...at(0, 65544) },
    ],
  ),
  'copy between two memories, both grow': program(
    [U, U],
    3,
    [{ op: 'memory.copy', to: 1, at: 65534, from: 0, fromAt: 65535, count: 3 }],
    [{ op: 'memory.grow', memory: 0, by: 1 }],
    [{ op: 'memory.grow', memory: 1, by: 1 }],
  ),
  'copy between shared and unshared': program(
    [S, U],
    3,
    [{ op: 'memory.copy', to: 1, at: 4, from: 0, fromAt: 5, count: 3 }],
    [{ op: 'store', width: 4, atomic: false, value: 9, mixes: true, ...at(0, 4) }],
    [{ op: 'memory.grow', memory: 1, by: 1 }],
  ),
  'overlapping copy with growth': program(
    [U],
    3,
    [
      { op: 'store', width: 4, atomic: false, value: 0x01020304, mixes: false, ...at(0, 0) },
      { op: 'memory.copy', to: 0, at: 1, from: 0, fromAt: 0, count: 3 },
    ],
    [{ op: 'memory.grow', memory: 0, by: 1 }],
    [{ op: 'load', width: 8, atomic: false, ...at(0, 0) }],
  ),
  'cmpxchg beyond, growth, unshared': program(
    [U],
    3,
    [{ op: 'compareExchange', width: 4, expected: 0, value: 3, ...at(0, 65544) }],
    [{ op: 'memory.grow', memory: 0, by: 2 }],
    [{ op: 'memory.grow', memory: 0, by: 1 }],
  ),
  'wait and notify of two widths': program(
    [S],
    3,
    [{ op: 'wait', width: 8, expected: 0, timeout: -1, ...at(0, 8) }],
    [{ op: 'wait', width: 4, expected: 0, timeout: 1000, ...at(0, 8) }],
    [
      { op: 'notify', count: 1, ...at(0, 8) },
      { op: 'store', width: 4, atomic: true, value: 1, mixes: false, ...at(0, 8) },
      { op: 'notify', count: -1, ...at(0, 8) },
    ],
  ),
  'table.copy of a growing table': program(
    [U],
    4,
    [{ op: 'table.copy', to: 0, toSlot: 2, from: 1, fromSlot: 0, count: 1 }],
    [{ op: 'table.grow', table: 0, by: 1, item: 1 }],
    [{ op: 'call_indirect', table: 0, slot: 2 }],
  ),
  'memory64 growth': program(
    [{ shared: false, is64: true, max: 2 }],
    3,
    [
      { op: 'memory.grow', memory: 0, by: 1 },
      { op: 'memory.size', memory: 0 },
    ],
    [{ op: 'memory.grow', memory: 0, by: 1 }],
    [{ op: 'store', width: 8, atomic: false, value: 9, mixes: true, ...at(0, 65532) }],
  ),
  'a wait that is woken, or whose time is over before': {
    ...program([S], 2),
    callers: [
      [
        [
          { op: 'store', width: 8, atomic: false, value: 1, mixes: false, guarded: false, ...at(0, 0) },
          { op: 'store', width: 4, atomic: false, value: 3, mixes: true, guarded: false, ...at(0, 0) },
        ],
        [
          { op: 'notify', count: 1, guarded: false, ...at(0, 0) },
          { op: 'store', width: 1, atomic: false, value: 1, mixes: true, guarded: false, ...at(0, 64) },
        ],
      ],
      [
        [{ op: 'wait', width: 8, expected: 1, timeout: 1000, guarded: false, ...at(0, 0) }],
        [{ op: 'wait', width: 8, expected: 0, timeout: -1, guarded: false, ...at(0, 64) }],
      ],
    ],
  },
};

describe('engine and oracle agree on', () => {
  for (const [name, one] of Object.entries(CASES))
    test(name, async () => {
      const comparison = await compare(one);
      assert.ok(comparison);
      assert.deepEqual(comparison.differences, []);
      assert.ok(comparison.truth.races.size > 0);
    });
});
