/** Quick fixes that edit: applied, compiled and analysed again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, Diagnostic, SnippetTextEdit, TextDocumentEdit, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { DocumentOptions } from '../testing/testDocument.ts';
import { sourceOf } from '../testing/testSource.ts';
import type { codeActions } from './codeAction.ts';
import { textDiagnostics } from './diagnostics.ts';
import { unusedIgnoreDiagnostics } from './ignoreComments.ts';
import { isEditable, watIgnores, watMends } from './watFixes.ts';

const watFixes = (...[doc, range, found, support]: Parameters<typeof codeActions>): CodeAction[] =>
  isEditable(doc) ? [...watMends(doc, range, found, support), ...watIgnores(doc, found, support)] : [];

const PLAIN = { documentChanges: false, snippets: false };
const RICH = { documentChanges: true, snippets: true };
const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const rules = (doc: ModuleDocument): string[] => textDiagnostics(doc).map(({ code }) => String(code));

function fixesOf(doc: ModuleDocument, rule: string): CodeAction[] {
  const found = textDiagnostics(doc).filter(({ code }) => code === rule);
  assert.ok(found.length > 0, `${rule} is not among ${rules(doc)}`);
  return watFixes(doc, NOWHERE, found, PLAIN);
}

/** The text after the action whose title fits. */
function after(doc: ModuleDocument, actions: readonly CodeAction[], title: RegExp): string {
  const action = actions.find((one) => title.test(one.title));
  assert.ok(action, `${title} is not among ${actions.map((one) => one.title).join(', ')}`);
  const edits = Object.values(action.edit?.changes ?? {}).flat() as TextEdit[];
  assert.ok(edits.length > 0);
  return TextDocument.applyEdits(TextDocument.create('file:///x', 'wat', 1, doc.text), edits);
}

/** Applies the fix of `rule` and analyses the result, which must compile and be valid. */
async function fixed(
  text: string,
  rule: string,
  title: RegExp,
  options: DocumentOptions = {},
): Promise<ModuleDocument> {
  const doc = await sourceOf(text, options);
  const result = await sourceOf(after(doc, fixesOf(doc, rule), title), options);
  assert.ok(WebAssembly.validate(result.module.bytes), result.text);
  return result;
}

/** The engine's compiler, which the configured type libraries do not declare. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

const GROWS =
  '(module\n  (memory $m (export "memory") 1)\n  (func (export "grow") (drop (memory.grow (i32.const 1))) (i32.store (i32.const 0) (i32.const 1))))';

test('a memory that can grow is preallocated', async () => {
  const own = await fixed(GROWS, 'memory-grow', /^Preallocate memory \$m/);
  assert.match(own.text, /\(memory \$m \(export "memory"\) 16 16\)/);
  assert.ok(!rules(own).includes('memory-grow') && !rules(own).includes('growable-memory'));
  const host = await fixed(
    '(module (memory (export "m") 2 0x20) (func (export "f") (i32.store (i32.const 0) (i32.const 1))))',
    'growable-memory',
    /^Preallocate memory 0: 32 pages/,
  );
  assert.match(host.text, /\(memory \(export "m"\) 32 32\)/);
  assert.ok(!rules(host).includes('growable-memory'));
});

test('a memory is made shared', async () => {
  const made = await fixed(GROWS, 'memory-grow', /^Make memory \$m shared, with a maximum/);
  assert.match(made.text, /\(memory \$m \(export "memory"\) 1 16 shared\)/);
  assert.ok(!rules(made).includes('memory-grow'));
  const bounded = await fixed(GROWS.replace(' 1)\n', ' 1 4)\n'), 'memory-grow', /^Make memory \$m shared \(/);
  assert.match(bounded.text, / 1 4 shared\)/);
});

test('sizes are placeholders where the editor has them', async () => {
  const doc = await sourceOf(GROWS);
  const found = textDiagnostics(doc).filter(({ code }) => code === 'memory-grow');
  const [preallocate, share] = watFixes(doc, NOWHERE, found, RICH);
  const snippet = (action: CodeAction): string => {
    const [change] = (action.edit?.documentChanges ?? []) as TextDocumentEdit[];
    assert.equal(change.textDocument.version, 1);
    return (change.edits[0] as SnippetTextEdit).snippet.value;
  };
  assert.equal(snippet(preallocate), `\${1:16} $1`);
  assert.equal(snippet(share), `1 \${1:16} shared`);
});

test('memories that the fixes are not right for', async () => {
  const titles = async (memory: string): Promise<string[]> => {
    const doc = await sourceOf(GROWS.replace('(memory $m (export "memory") 1)', memory));
    return rules(doc).includes('memory-grow') ? fixesOf(doc, 'memory-grow').map(({ title }) => title) : [];
  };
  for (const memory of [
    '(import "a" "b" (memory $m 1))',
    '(memory $m (import "a" "b") 1)',
    '(memory $m (data "x")) (memory 1)',
  ]) {
    assert.deepEqual(
      (await titles(memory)).filter((title) => /memory/.test(title) && !title.startsWith('Ignore')),
      [],
      memory,
    );
  }
  assert.deepEqual(await titles('(memory $m 1 2 shared)'), []);
});

/** A module whose export does `code` on a shared memory. */
const shared = (code: string): string => `(module
  (memory $m 1 2 shared)
  (global $at i32 (i32.const 8))
  (func $other (result i32) (i32.const 1))
  (func (export "f") (param $p i32) (param $x i32) (param $q i64)
    ${code}
  )
)`;

const WRITES = /^(static-memory-write|memory-write|mixed-atomics)$/;

async function atomic(code: string, expected: string): Promise<void> {
  const doc = await sourceOf(shared(code));
  const found = textDiagnostics(doc).filter(({ code: rule }) => WRITES.test(String(rule)));
  assert.ok(found.length > 0, rules(doc).join());
  const result = await sourceOf(after(doc, watFixes(doc, NOWHERE, found, PLAIN), /^Make it atomic/));
  assert.ok(WebAssembly.validate(result.module.bytes), result.text);
  const body = result.text.slice(shared('').indexOf('(param $q i64)') + 19, result.text.lastIndexOf('\n  )'));
  assert.equal(body.trim().replace(/\s+/g, ' '), expected);
  assert.ok(!rules(result).some((rule) => WRITES.test(rule)), `${code}: ${rules(result)}`);
}

test('a read-modify-write of shared memory becomes atomic, folded', async () => {
  await atomic(
    '(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))',
    '(drop (i32.atomic.rmw.add (i32.const 16) (i32.const 1)))',
  );
  await atomic(
    '(i32.store offset=4 (local.get $p) (i32.xor (local.get $x) (i32.load offset=4 (local.get $p))))',
    '(drop (i32.atomic.rmw.xor offset=4 (local.get $p) (local.get $x)))',
  );
  await atomic(
    '(i64.store $m offset=8 align=8 (global.get $at)\n (i64.sub (i64.load $m offset=8 (global.get $at)) (i64.mul (local.get $q) (i64.const 3)))) ;; count',
    '(drop (i64.atomic.rmw.sub $m offset=8 align=8 (global.get $at) (i64.mul (local.get $q) (i64.const 3)))) ;; count',
  );
});

test('a read-modify-write of shared memory becomes atomic, flat and mixed', async () => {
  await atomic(
    'i32.const 16\n i32.const 16 i32.load offset=4 ;; read\n i32.const 1 i32.or\n i32.store offset=4',
    'i32.const 16 ;; read i32.const 1 i32.atomic.rmw.or offset=4 drop',
  );
  await atomic(
    'local.get $p local.get $x local.get $p i32.load i32.and i32.store',
    'local.get $p local.get $x i32.atomic.rmw.and drop',
  );
  await atomic(
    'i32.const 8 (i32.add (i32.load (i32.const 8)) (i32.const 1)) i32.store',
    'i32.const 8 (i32.const 1) i32.atomic.rmw.add drop',
  );
});

test('what only looks like one is left alone', async () => {
  const not = async (code: string, memory = '(memory $m 1 2 shared)'): Promise<void> => {
    const doc = await sourceOf(shared(code).replace('(memory $m 1 2 shared)', memory));
    const found = textDiagnostics(doc);
    const titles = watFixes(doc, NOWHERE, found, PLAIN).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.startsWith('Make it atomic')),
      [],
      code,
    );
  };
  await not('(i32.store (i32.const 16) (i32.sub (i32.const 1) (i32.load (i32.const 16))))');
  await not('(i32.store (i32.const 16) (i32.add (i32.load (i32.const 20)) (i32.const 1)))');
  await not('(i32.store offset=4 (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))');
  await not('(i32.store (i32.const 18) (i32.add (i32.load (i32.const 18)) (i32.const 1)))');
  await not('(i32.store align=2 (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))');
  await not('(i32.store (i32.const 16) (i32.mul (i32.load (i32.const 16)) (i32.const 3)))');
  await not('(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (call $other)))');
  await not('(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.load (i32.const 32))))');
  await not('(i32.store (local.get $p) (i32.add (i32.load (local.get $p)) (local.tee $p (i32.const 4))))');
  await not('(i32.store8 (i32.const 16) (i32.add (i32.load8_u (i32.const 16)) (i32.const 1)))');
  await not('(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))', '(memory $m 1 2)');
});

test('a fix that leaves plain accesses of the same address says so', async () => {
  const doc = await sourceOf(
    shared(
      '(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))) (drop (i32.load (i32.const 16))) (i32.store (i32.const 16) (i32.const 0)) (i32.store (i32.const 20) (i32.const 0))',
    ),
  );
  const position = TextDocument.create('', '', 1, doc.text).positionAt(doc.text.indexOf('i32.add') + 1);
  assert.deepEqual(
    watFixes(doc, { start: position, end: position }, [], PLAIN).map(({ title }) => title),
    ['Make it atomic: i32.atomic.rmw.add (2 other plain accesses of this address left)'],
  );
});

test('a fix says which other functions access the address plainly', async () => {
  const titles = async (body: string, others: string): Promise<string[]> => {
    const doc = await sourceOf(shared(body).replace(/\)\s*$/, `${others})`));
    const position = TextDocument.create('', '', 1, doc.text).positionAt(doc.text.indexOf('i32.add') + 1);
    return watFixes(doc, { start: position, end: position }, [], PLAIN).map(({ title }) => title);
  };
  const update = '(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))';
  const read = '(func $peek (result i32) (i32.load (i32.const 14)))';
  assert.deepEqual(await titles(update, read), ['Make it atomic: i32.atomic.rmw.add (plain accesses in $peek left)']);
  assert.deepEqual(await titles(update, '(func $peek (result i32) (i32.atomic.load (i32.const 16)))'), [
    'Make it atomic: i32.atomic.rmw.add',
  ]);
  const put = '(func $put (param i32) (i32.store (local.get 0) (i32.const 1)))';
  assert.deepEqual(await titles(update, put), [
    'Make it atomic: i32.atomic.rmw.add (plain accesses in other functions may be left)',
  ]);
});

test('the place itself is enough', async () => {
  const doc = await sourceOf(shared('(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))'));
  const titlesAt = (wanted: string): string[] => {
    const position = TextDocument.create('', '', 1, doc.text).positionAt(doc.text.indexOf(wanted) + 1);
    return watFixes(doc, { start: position, end: position }, [], PLAIN).map(({ title }) => title);
  };
  for (const wanted of ['i32.store', 'i32.add', 'i32.load'])
    assert.deepEqual(titlesAt(wanted), ['Make it atomic: i32.atomic.rmw.add']);
  assert.deepEqual(titlesAt('func $other'), []);
});

const COUNTER = `(module
  (global $n (mut i32) (i32.const 0))
  (func $bump
    (global.set $n (i32.const 1)))
  (func (export "one") (call $bump))
  (func (export "two") (call $bump))
  (func $three (global.set $n (i32.const 3))) (export "three" (func $three))
)`;

test('a finding is ignored where it stands, with a comment', async () => {
  const doc = await sourceOf(COUNTER);
  const of = (one: ModuleDocument): string[] =>
    textDiagnostics(one).map(({ message, code }) => `${/`(\w+)`/.exec(String(message))?.[1]} ${code}`);
  assert.deepEqual(of(doc), ['one global-write', 'two global-write', 'three global-write']);
  const ignore = async (on: ModuleDocument, name: string): Promise<ModuleDocument> => {
    const found = textDiagnostics(on).filter(({ message }) => String(message).startsWith(`\`${name}\``));
    return sourceOf(after(on, watFixes(on, NOWHERE, found, PLAIN), /^Ignore global-write here/));
  };
  const once = await ignore(doc, 'one');
  assert.match(once.text, /\n {2};; wasm-hazards-ignore global-write\n {2}\(func \(export "one"\)/);
  assert.deepEqual(of(once), ['two global-write', 'three global-write']);
  assert.deepEqual(unusedIgnoreDiagnostics(once), []);
  const crlf = await ignore(await sourceOf(COUNTER.replaceAll('\n', '\r\n')), 'three');
  assert.match(crlf.text, /\)\) \r\n;; wasm-hazards-ignore global-write\r\n\(export "three"/);
  assert.deepEqual(of(crlf), ['one global-write', 'two global-write']);
});

test('comments are honoured at the access, at the state and on a line; unused ones are reported', async () => {
  const left = async (wanted: string, by: string): Promise<{ findings: number; unused: string[] }> => {
    const doc = await sourceOf(COUNTER.replace(wanted, by));
    return {
      findings: textDiagnostics(doc).length,
      unused: unusedIgnoreDiagnostics(doc).map(({ message, range }) => `${range.start.line}: ${message}`),
    };
  };
  const I = ';; wasm-hazards-ignore';
  assert.deepEqual(await left('(i32.const 1)))', `(i32.const 1))) ${I} global-write -- a latch`), {
    findings: 1,
    unused: [],
  });
  assert.deepEqual(await left('  (global $n', `  ${I} global-write\n  (global $n`), { findings: 0, unused: [] });
  assert.deepEqual(await left('  (func $bump', `  ${I}\n  (func $bump`), { findings: 1, unused: [] });
  assert.deepEqual((await left('(module', `(module ${I} global-write`)).findings, 3);
  assert.match(
    (await left('  (func $bump', `  ${I} global-write, memory-grow\n  (func $bump`)).unused.join(),
    /^2: This comment ignores nothing: there is no finding of `memory-grow` here/,
  );
  assert.match(
    (await left('  (func $bump', `  ${I} nonsense\n  (func $bump`)).unused.join(),
    /^2: There is no rule `nonsense`\.$/,
  );
});

test('several rules at one place share a comment', async () => {
  const text = `(module (memory 1) (global $n (mut i32) (i32.const 0))
  (func (export "f") (global.set $n (i32.const 1)) (i32.store (i32.const 0) (i32.const 1))))`;
  let doc = await sourceOf(text);
  for (const rule of ['global-write', 'static-memory-write']) {
    doc = await sourceOf(after(doc, fixesOf(doc, rule), new RegExp(`^Ignore ${rule} here`)));
  }
  assert.match(doc.text, /\n {2};; wasm-hazards-ignore global-write, static-memory-write\n {2}\(func/);
  assert.deepEqual(
    rules(doc).filter((rule) => rule !== 'growable-memory'),
    [],
  );
});

test('no edits for a text that has moved on, or that was printed', async () => {
  const doc = await sourceOf(GROWS);
  const found = textDiagnostics(doc) as Diagnostic[];
  assert.ok(watFixes(doc, NOWHERE, found, PLAIN).length > 0);
  assert.deepEqual(watFixes({ ...doc, source: { ...doc.source!, isCurrent: () => false } }, NOWHERE, found, PLAIN), []);
  assert.deepEqual(watFixes({ ...doc, source: undefined }, NOWHERE, found, PLAIN), []);
});
