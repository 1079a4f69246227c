import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModuleItem } from '../../protocol.ts';
import { COUNTER, documentOf } from '../../testing/testDocument.ts';
import { keyOfParts } from './itemKey.ts';
import { moduleItems } from './moduleItems.ts';
import { rowOf } from './moduleRow.ts';

const labels = (items: readonly ModuleItem[]): string[] => items.map(({ label }) => label);

describe('rows of modules', () => {
  it('have the verdict in a few words and in full', async () => {
    const row = rowOf(await documentOf(COUNTER), undefined);
    assert.equal(row.tone, 'conflict');
    assert.equal(row.words, 'Not safe');
    assert.match(row.sentences[0], /^Not safe on one instance/);
    assert.ok(row.sentences.every((sentence) => !sentence.includes('`')));
    assert.equal(row.exports, 9);
    assert.ok(row.hazards.warning > 0);
  });

  it('say that no conflict was found, and not that the module is safe', async () => {
    const doc = await documentOf('(module (func (export "f") (result i32) (i32.const 1)))');
    assert.equal(rowOf(doc, undefined).words, 'No conflict found');
    doc.analysis.partial = 'The time ran out.';
    assert.equal(rowOf(doc, undefined).words, 'No conflict found so far');
  });
});

describe('items below a module', () => {
  it('are the findings, each state that it keeps, and the exports', async () => {
    const doc = await documentOf(COUNTER);
    const items = moduleItems(doc, '', 200);
    assert.equal(items[0].label, 'Findings of the analysis');
    assert.equal(items.at(-1)?.label, 'Exports');
    assert.ok(labels(items).includes('global $counter'), labels(items).join());
    assert.equal(new Set(items.map(({ key }) => key)).size, items.length);
  });

  it('lead from a state to the exports that touch it, and to their accesses', async () => {
    const doc = await documentOf(COUNTER);
    const state = moduleItems(doc, '', 200).find(({ label }) => label === 'global $counter');
    assert.ok(state);
    assert.equal(state.sign, 'warning');
    assert.equal(state.offset, doc.module.globals[0].offset);
    const users = moduleItems(doc, state.key, 200);
    assert.deepEqual(
      users.map(({ label, detail }) => `${label} ${detail}`),
      ['increment reads and writes', 'reset writes', 'get reads', 'apply reads and writes'],
    );
    // `increment` writes it in a function that it calls.
    const bump = doc.module.functions;
    const body = bump.bodyStart[2 - bump.imported];
    const { offset } = users[0];
    assert.ok(offset !== null && offset >= body && offset < bump.bodyEnd[2 - bump.imported]);
  });

  it('list the exports that a rule is about', async () => {
    const doc = await documentOf(COUNTER);
    const rules = moduleItems(doc, keyOfParts('findings'), 200);
    assert.equal(rules[0].label, 'Grows an unshared memory');
    assert.equal(rules[0].sign, 'error');
    const [grow] = moduleItems(doc, rules[0].key, 200);
    assert.equal(grow.label, 'grow');
    assert.match(grow.text, /grows/);
  });

  it('leave out findings that the settings hide', async () => {
    const doc = await documentOf(COUNTER, { settings: { rules: { 'memory-grow': 'off' } } });
    assert.ok(!labels(moduleItems(doc, keyOfParts('findings'), 200)).includes('Grows an unshared memory'));
  });

  it('fold the exports of the toolchain, and count them', async () => {
    const doc = await documentOf(`(module (memory 1) (global $n (mut i32) (i32.const 0))
      (func (export "__wasm_call_ctors")) (func (export "add") (global.set $n (i32.const 1))))`);
    const group = moduleItems(doc, '', 200).at(-1);
    assert.equal(group?.detail, '1 and 1 of the toolchain');
    const items = moduleItems(doc, keyOfParts('exports'), 200);
    assert.deepEqual(labels(items), ['add', 'and 1 of the toolchain']);
    assert.deepEqual(labels(moduleItems(doc, items[1].key, 200)), ['__wasm_call_ctors']);
  });

  it('stay few in a module of thousands of exports until somebody asks for more', async () => {
    const exports = Array.from({ length: 3000 }, (_, i) => `(export "f${i}" (func $f))`).join('\n');
    const doc = await documentOf(
      `(module (global $n (mut i32) (i32.const 0)) ${exports} (func $f (global.set $n (i32.const 1))))`,
    );
    const first = moduleItems(doc, keyOfParts('exports'), 200);
    assert.equal(first.length, 201);
    assert.equal(first.at(-1)?.kind, 'more');
    assert.equal(moduleItems(doc, keyOfParts('exports'), 400).length, 401);
    assert.equal(moduleItems(doc, keyOfParts('exports'), 3000).length, 3000);
  });

  it('are none for a key of an earlier analysis', async () => {
    const doc = await documentOf(COUNTER);
    assert.deepEqual(moduleItems(doc, keyOfParts('state', 'data', 'gone'), 200), []);
    assert.deepEqual(moduleItems(doc, keyOfParts('rule', 'no-such-rule'), 200), []);
  });

  it('show names of the module as they are', async () => {
    const doc = await documentOf(
      '(module (global (export "`x`") (mut i32) (i32.const 0)) (func (export "[a](command:b)\\0a") (global.set 0 (i32.const 1))))',
    );
    const state = moduleItems(doc, '', 200)[1];
    const [user] = moduleItems(doc, state.key, 200);
    assert.equal(user.label, '[a](command:b)\\u{a}');
  });
});
