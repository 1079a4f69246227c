/** Modules at the limits of WebAssembly: memories of gigabytes, 64-bit addresses, many memories, tables of millions of slots. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explored, failure } from '../testing/run.ts';

const source = (name: string): string => readFileSync(new URL(`cases/${name}.wat`, import.meta.url), 'utf8');
const [F, G]: [string][][] = [[['f']], [['g']]];

test('a memory of 2 GiB is run', async () => {
  const { verdict, races, exhaustive } = await explored(source('mem2g'), { callers: [F, F] });
  assert.equal(verdict, 'race');
  assert.equal(races.length, 1);
  assert.ok(exhaustive);
});

test('the upper half of 2 GiB is state like the lower one', async () => {
  const last = `(module (memory 32768) (func (export "f") (result i32)
    (i32.store (i32.const 0x7ffffffc) (i32.add (i32.load (i32.const 0x7ffffffc)) (i32.const 1)))
    (i32.load (i32.const 0x7ffffffc))))`;
  const { wrongOutcome, races } = await explored(last, { callers: [F, F] });
  assert.ok(wrongOutcome);
  assert.match(races[0].cell, /0x7ffffffc\.\.0x80000000/);
});

test('growth stops at 2 GiB, and the result says so', async () => {
  const { outcomes, notes } = await explored(source('grow4g'), { callers: [F, G], budget: { schedules: 4 } });
  assert.deepEqual(outcomes.examples[0].results, [['-1'], ['32768']]);
  assert.ok(notes.includes('Growth of memory beyond 2 GiB, across all instances, was refused.'));
});

for (const [pages, size] of [
  [32769, '2 GiB'],
  [65536, '4 GiB'],
] as const)
  test(`a memory of ${pages} pages is refused with its size`, async () => {
    const { kind, message } = await failure(`(module (memory ${pages}) (func (export "f")))`, { callers: [F, F] });
    assert.equal(kind, 'setup');
    assert.ok(message.includes(`its memories start with ${size}, and a run is limited to 2 GiB in total`), message);
  });

test('addresses and offsets of 64 bits trap where the engine traps', async () => {
  const wide = `(module (memory i64 1) (global $n (mut i32) (i32.const 0))
    (func (export "f") (result i32) (global.set $n (i32.const 1))
      (i32.load offset=0xffffffffffffffff (i64.const 17)))
    (func (export "g") (result i32) (global.set $n (i32.const 2))
      (i32.load offset=0x8000000000000001 (i64.const 0x8000000000000007)))
    (func (export "h") (i64.store8 (i64.const 0x100000010) (i64.const 1)))
    (func (export "fill") (memory.fill (i64.const 0x7fffffffffffffff) (i32.const 0) (i64.const 0x7fffffffffffffff))))`;
  const beyond = 'trap: memory access out of bounds';
  const { outcomes } = await explored(wide, {
    callers: [
      [['f'], ['h']],
      [['g'], ['fill']],
    ],
  });
  assert.deepEqual(outcomes.examples[0].results, [
    [beyond, beyond],
    [beyond, beyond],
  ]);
});

test('each of many memories is state of its own', async () => {
  const count = 40;
  const memories = Array.from({ length: count }, (_, i) => `(memory $m${i} 1)`).join(' ');
  const bump = (i: number, name: string) => `(func (export "${name}") (result i32)
    (i32.store $m${i} (i32.const 8) (i32.add (i32.load $m${i} (i32.const 8)) (i32.const 1)))
    (i32.load $m${i} (i32.const 8)))`;
  const module = `(module ${memories} ${bump(count - 1, 'f')} ${bump(17, 'g')})`;
  const apart = await explored(module, { callers: [F, G] });
  assert.equal(apart.verdict, 'safe');
  const same = await explored(module, { callers: [F, F] });
  assert.ok(same.wrongOutcome);
  assert.ok(same.races[0].cell.startsWith('$m39 '));
});

test('tables of 200 million slots are refused before they are made', async () => {
  const { kind, message } = await failure(source('tables20x10m'), { callers: [F, F] });
  assert.equal(kind, 'setup');
  assert.match(
    message,
    /tables start with 200,000,000 slots, .* limited to 10,000,000 in total: build the module with/,
  );
});

test('too many instances of a large table are refused, with the number that fits', async () => {
  const module = '(module (table 3000000 funcref) (func (export "f") (table.set (i32.const 0) (ref.null func))))';
  const { message } = await failure(module, { model: 'isolated', callers: [F, F, F, F] });
  assert.match(message, /3,000,000 slots in each of 4 instances, .*: use at most 3 callers, or the sharing model/);
});

test('a table grows to 10 million slots, two share what a run may have, and the result says so', async () => {
  const grow = (count: number) => `(table.grow $t (ref.null func) (i32.const ${count}))`;
  const one = `(module (table $t 0 funcref) (func (export "f") (result i32) ${grow(10_000_000)}))`;
  const alone = await explored(one, { callers: [F, F], budget: { schedules: 1 } });
  assert.deepEqual(alone.outcomes.examples[0].results, [['0'], ['-1']]);
  const two = `(module (table $t 0 funcref) (func (export "f") (result i32)
    (loop $l (br_if $l (i32.ne ${grow(1_000_000)} (i32.const -1)))) (table.size $t)))`;
  const each = await explored(two, { model: 'isolated', callers: [F, F], budget: { schedules: 1 } });
  assert.deepEqual(each.outcomes.examples[0].results, [['5000000'], ['5000000']]);
  assert.ok(each.notes.includes('Growth of tables beyond 10,000,000 slots, across all instances, was refused.'));
});
