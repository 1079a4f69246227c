/** Arguments of calls as plans make them: which parameters are text, blocks, lengths and objects, and what makes them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyseWat } from '../../../analysis/testing/facts.ts';
import { planOf } from '../plan.ts';
import { stepText } from '../steps.ts';
import { type Role, usageFacts, usagesOf } from './roles.ts';

const factsOf = async (text: string) => {
  const { module, analysis } = await analyseWat(text);
  return usageFacts(module, analysis);
};
const objects = readFileSync(join(import.meta.dirname, 'cases/objects.wat'), 'utf8');
const greet = readFileSync(join(import.meta.dirname, '../../explore/cases/greet.wat'), 'utf8');

/** The best guess for each export, as text. */
async function rolesIn(text: string): Promise<Record<string, string>> {
  const facts = await factsOf(text);
  const { exports } = facts.analysis;
  const shown = (role: Role): string =>
    role.kind === 'object'
      ? `object of ${exports[role.maker.position].name}`
      : role.kind === 'length'
        ? `length of ${role.of}`
        : role.kind;
  return Object.fromEntries(
    exports.map(({ name }, position) => [name, usagesOf(facts, position)[0].roles.map(shown).join(', ')]),
  );
}

/** Setup and callers of the scenarios for an export, by title. */
async function scenariosFor(text: string, exportName: string): Promise<Record<string, string[]>> {
  const { module, analysis } = await analyseWat(text);
  const { scenarios } = planOf(module, analysis, {
    ...{ host: 'wazero', model: 'auto', seconds: 1, exportName, other: exportName },
  } as const);
  return Object.fromEntries(
    scenarios.map(({ title, scenario: { setup, callers, probe } }) => [
      title,
      [setup, ...callers, probe].map((steps) => steps.map(stepText).join('; ')),
    ]),
  );
}

describe('roles of parameters', () => {
  test('text with its length, beside an allocator', async () => {
    assert.equal((await rolesIn(greet)).greet, 'text, length of 0');
  });

  test('objects come from what makes them: as a result, behind a parameter, in a block', async () => {
    const roles = await rolesIn(objects);
    assert.equal(roles.sum_add, 'object of sum_new, text, length of 1');
    assert.equal(roles.sum_get, 'object of sum_new');
    assert.equal(roles.sum_free, 'object of sum_new');
    assert.equal(roles.list_open, 'text, block');
    assert.equal(roles.list_push, 'object of list_open, number');
    assert.equal(roles.digest_init, 'block');
    assert.equal(roles.digest_final, 'object of digest_init, block');
  });

  test('a name with a prefix is no allocator where there is a plain one', async () => {
    const text = objects.replaceAll('sum_new', 'sum_alloc');
    assert.equal((await factsOf(text)).allocation?.name, 'malloc');
    assert.equal((await rolesIn(text)).sum_get, 'object of sum_alloc');
  });

  test('without an allocator, addresses are fixed', async () => {
    const roles = await rolesIn(`(module (memory (export "memory") 1)
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`);
    assert.equal(roles.put, 'address, number');
  });

  for (const [allocator, type, call] of [
    ['__wbindgen_malloc', '(param i32 i32) (result i32)', ['__wbindgen_malloc', 16, 8]],
    ['__new', '(param i32 i32) (result i32)', ['__new', 16, 0]],
    ['cabi_realloc', '(param i32 i32 i32 i32) (result i32)', ['cabi_realloc', 0, 0, 8, 16]],
    ['calloc', '(param i32 i32) (result i32)', ['calloc', 1, 16]],
    ['extism_alloc', '(param i64) (result i64)', ['extism_alloc', 16]],
    ['wasm_malloc', '(param i32) (result i32)', ['wasm_malloc', 16]],
  ] as const)
    test(`${allocator} is called as its toolchain does`, async () => {
      const result = type.includes('i64') ? 'i64.const 4096' : 'i32.const 4096';
      const facts = await factsOf(`(module (memory 1) (func (export "${allocator}") ${type} (${result})))`);
      assert.deepEqual(facts.allocation?.call(16), call);
    });
});

describe('scenarios of a plan with objects', () => {
  test('each caller has its own objects, then all have the same ones', async () => {
    const found = await scenariosFor(objects, 'sum_add');
    assert.deepEqual(found['sum_add with itself, one call each, on different objects'], [
      'a_sum = sum_new(1); aText = malloc(16); write $aText "Lena\\u0000"; b_sum = sum_new(1); bText = malloc(16); write $bText "Mira\\u0000"',
      'sum_add($a_sum, $aText, 4)',
      'sum_add($b_sum, $bText, 4)',
      '',
    ]);
    assert.deepEqual(found['sum_add with itself, one call each, on the same object'].slice(1, 3), [
      'sum_add($shared_sum, $sharedText, 4)',
      'sum_add($shared_sum, $sharedText, 4)',
    ]);
  });

  test('what ends an object gets one for each call, and never the same', async () => {
    const found = await scenariosFor(objects, 'sum_free');
    assert.deepEqual(Object.keys(found), [
      'sum_free with itself, one call each, on different objects',
      'sum_free with itself, two calls each, on different objects',
    ]);
    assert.equal(
      found['sum_free with itself, two calls each, on different objects'][1],
      'sum_free($a_sum); sum_free($a2_sum)',
    );
  });

  test('callers of an allocator use the blocks that they get', async () => {
    const found = await scenariosFor(objects, 'malloc');
    assert.deepEqual(found['malloc with itself, one call each'], [
      '',
      'p = malloc(16); write $p u32 1; read $p u32',
      'p = malloc(16); write $p u32 1001; read $p u32',
      '',
    ]);
  });

  test('what calls leave in blocks is read at the end', async () => {
    const found = await scenariosFor(objects, 'digest_final');
    const [setup, a, , probe] = found['digest_final with itself, one call each, on different objects'];
    assert.match(setup, /^a_digest = malloc\(1024\); digest_init\(\$a_digest\); aBlock = malloc\(256\); b_digest/);
    assert.equal(a, 'digest_final($a_digest, $aBlock)');
    assert.equal(probe, 'read $aBlock length 64 bytes; read $bBlock length 64 bytes');
  });
});
