/** Small modules in which two exports certainly can meet, in ways that an analysis could overlook. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Confidence } from './model.ts';
import { conflictOf } from './queries.ts';
import { analyseWat } from './testing/facts.ts';

const SHARED = '(memory (import "env" "memory") 1 4 shared)';
const READ = '(func (export "b") (result i32) (i32.load (i32.const 8)))';

async function confidence(text: string): Promise<Confidence | undefined> {
  const { analysis } = await analyseWat(text, { host: 'javascript', model: 'shared-memory' });
  const [a, b] = ['a', 'b'].map((name) => analysis.exports.findIndex((one) => one.name === name));
  return conflictOf(analysis, a, b, 1)?.confidence;
}

/** Addresses of `a` that reach bytes 8 to 12, which `b` reads. */
const ADDRESSES: [string, string][] = [
  ['wraps around when it is added', '(i32.add (i32.const -8) (i32.const 16))'],
  ['wraps around when it is subtracted', '(i32.sub (i32.const 4) (i32.const -4))'],
  ['is masked', '(i32.and (i32.const 13) (i32.const 8))'],
  ['is cut from 64 bits', '(i32.wrap_i64 (i64.const 0x100000008))'],
  ['is selected', '(select (i32.const 64) (i32.const 8) (local.get 0))'],
  ['comes with a branch', '(block (result i32) (drop (br_if 0 (i32.const 8) (local.get 0))) (i32.const 64))'],
  ['comes out of an if', '(if (result i32) (local.get 0) (then (i32.const 64)) (else (i32.const 8)))'],
  ['is a constant of a global', '(global.get $eight)'],
  ['is read from memory', '(i32.load (i32.const 128))'],
];

describe('addresses', () => {
  for (const [how, address] of ADDRESSES)
    test(`that ${how}`, async () => {
      const text = `(module ${SHARED} (global $eight i32 (i32.const 8)) ${READ}
        (func (export "a") (param i32) (i32.store ${address} (i32.const 1))))`;
      assert.notEqual(await confidence(text), undefined);
    });

  test('that locals hold after a branch, a loop or a catch', async () => {
    const bodies = [
      '(local.set 1 (i32.const 8)) (block (br_if 0 (local.get 0)) (local.set 1 (i32.const 64)))',
      '(loop $l (local.set 1 (i32.add (local.get 1) (i32.const 4))) (br_if $l (i32.lt_u (local.get 1) (local.get 0))))',
      '(local.set 1 (i32.const 8)) (block $h (try_table (catch $e $h) (call $throws) (local.set 1 (i32.const 64))))',
    ];
    for (const body of bodies) {
      const text = `(module ${SHARED} (tag $e) (func $throws (throw $e)) ${READ}
        (func (export "a") (param i32) (local i32) ${body} (i32.store (local.get 1) (i32.const 1))))`;
      assert.notEqual(await confidence(text), undefined, body);
    }
  });

  test("that a callee makes of two indices, each of which could be the other's pointer", async () => {
    const text = `(module ${SHARED} ${READ}
      (func $set (param i32 i32) (i32.store (i32.add (local.get 0) (local.get 1)) (i32.const 1)))
      (func (export "a") (param i32 i32)
        (call $set (i32.mul (local.get 0) (local.get 1)) (i32.shl (i32.add (local.get 0) (local.get 1)) (i32.const 2)))))`;
    assert.equal(await confidence(text), 'possible');
  });

  test('of 64 bits', async () => {
    const memory = '(memory (import "env" "memory") i64 1 4 shared)';
    for (const address of [
      '(i64.add (i64.const -8) (i64.const 16))',
      '(i64.mul (i64.const 4) (i64.const 2))',
      '(i64.extend_i32_u (i32.const 8))',
    ])
      assert.notEqual(
        await confidence(`(module ${memory} (func (export "a") (i32.store ${address} (i32.const 1)))
          (func (export "b") (result i32) (i32.load (i64.const 8))))`),
        undefined,
        address,
      );
  });
});

describe('accesses', () => {
  const MEET: [string, string][] = [
    ['(i64.store offset=4 (i32.const 0) (i64.const 1))', 'wider, with an offset'],
    ['(v128.store64_lane offset=4 1 (i32.const 0) (v128.const i64x2 0 0))', 'of a lane'],
    ['(i64.atomic.store (i32.const 8) (i64.const 1))', 'atomic beside plain'],
    ['(memory.fill (i32.const 0) (i32.const 0) (i32.const 9))', 'of a fill'],
    ['(memory.copy (i32.const 0) (i32.const 64) (i32.const 9))', 'of a copy'],
    ['(memory.init $d (i32.const 5) (i32.const 0) (i32.const 4))', 'of a segment'],
    ['(drop (i32.atomic.rmw8.add_u (i32.const 11) (i32.const 1)))', 'of one byte'],
    ['(return_call $tail)', 'of a function that a tail call reaches'],
  ];
  for (const [body, what] of MEET)
    test(what, async () => {
      const text = `(module ${SHARED} (data $d "abcd") (func $tail (i32.store (i32.const 8) (i32.const 1))) ${READ}
        (func (export "a") ${body}))`;
      assert.equal(await confidence(text), 'definite');
    });

  test('atomic, of different widths', async () => {
    const atomic = '(func (export "b") (result i32) (i32.atomic.load (i32.const 12)))';
    assert.equal(
      await confidence(
        `(module ${SHARED} ${atomic} (func (export "a") (i64.atomic.store (i32.const 8) (i64.const 1))))`,
      ),
      'definite',
    );
    assert.equal(
      await confidence(`(module ${SHARED} ${atomic}
        (func (export "a") (param i32) (drop (i32.atomic.rmw8.add_u (local.get 0) (i32.const 1)))))`),
      'possible',
    );
  });
});

describe('code that is not known may be another export', () => {
  const WRITE = '(func (export "b") (i32.store (i32.const 8) (i32.const 1)))';

  for (const table of ['(table (export "t") 2 funcref)', '(import "env" "t" (table 2 funcref))'])
    test(`behind ${table}`, async () => {
      // Imports come first.
      const text = `(module ${table.includes('import') ? `${table} ${SHARED}` : `${SHARED} ${table}`} (type $v (func)) ${WRITE}
        (func (export "a") (call_indirect (type $v) (i32.const 0))))`;
      assert.equal(await confidence(text), 'possible');
    });

  test('behind a reference', async () => {
    const text = `(module ${SHARED} (type $v (func)) ${WRITE} (func (export "a") (param (ref null $v)) (call_ref $v (local.get 0))))`;
    assert.equal(await confidence(text), 'possible');
  });
});

describe('imports that may be one and the same', () => {
  const memories = (
    first: string,
    second: string,
  ): string => `(module (memory (import "env" "m") ${first}) (memory (import "env" "n") ${second})
    (func (export "a") (i32.store 0 (i32.const 8) (i32.const 1))) (func (export "b") (result i32) (i32.load 1 (i32.const 8))))`;

  test('two shared memories', async () => {
    assert.equal(await confidence(memories('1 1 shared', '1 1 shared')), 'possible');
  });

  test('not a shared memory and another one', async () => {
    assert.equal(await confidence(memories('1 1 shared', '1')), undefined);
  });

  test('tables of one instance', async () => {
    const { analysis } =
      await analyseWat(`(module (import "env" "t" (table 4 funcref)) (import "env" "u" (table 4 funcref))
      (func (export "a") (table.set 0 (i32.const 1) (ref.null func))) (func (export "b") (drop (table.get 1 (i32.const 1)))))`);
    assert.equal(conflictOf(analysis, 0, 1, 1)?.confidence, 'possible');
  });

  test('not what the module defines', async () => {
    const text = memories('1 1 shared', '1 1 shared').replace(
      '(memory (import "env" "n") 1 1 shared)',
      '(memory 1 1 shared)',
    );
    assert.equal(await confidence(text), undefined);
  });
});
