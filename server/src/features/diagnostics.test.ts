import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from 'vscode-languageserver';
import { shortVerdict } from '../../../core/analysis/verdict/shortVerdict.ts';
import { COUNTER, documentOf, documentOfBytes, textIn } from '../testing/testDocument.ts';
import { binaryDiagnostics, type DiagnosticData, textDiagnostics } from './diagnostics.ts';

const counter = await documentOf(COUNTER);

/** Messages of ours are plain text. */
const messageOf = (diagnostic: Diagnostic | undefined): string => String(diagnostic?.message);

test('one diagnostic an export and rule group, at the export', () => {
  const found = textDiagnostics(counter).map(
    (d) => `${textIn(counter, d.range)?.match(/"(\w+)"/)?.[1]} ${d.code} ${d.severity}`,
  );
  assert.deepEqual(found, [
    'increment global-write 2',
    'reset global-write 2',
    'get global-read 3',
    'apply global-write 2',
    'store static-memory-write 2',
    'grow memory-grow 1',
    'say host-call 3',
    'frame stack-pointer 2',
  ]);
});

test('the worst finding of a group speaks for the others', () => {
  const [store] = textDiagnostics(counter).filter(({ code }) => code === 'static-memory-write');
  assert.match(messageOf(store), / And 1 more: memory at parameter 0 \+ \[0,4\)\.$/);
});

test('what to do comes second, in the worst finding of an export', async () => {
  const doc = await documentOf(`(module (memory 1) (global $n (mut i32) (i32.const 0))
    (func (export "f") (result i32) (global.set $n (i32.const 1)) (memory.grow (i32.const 1))))`);
  const [grow, write] = textDiagnostics(doc).filter(({ code }) => code === 'memory-grow' || code === 'global-write');
  assert.match(messageOf(grow), /^`f` grows .*? at 0x\w+\)\. Give each goroutine an instance, or use a lock\. /);
  assert.doesNotMatch(messageOf(write), /Give each goroutine/);
});

test('what an instance for each caller does not help is not told to have one', () => {
  const say = textDiagnostics(counter).find(({ code }) => code === 'host-call');
  assert.doesNotMatch(messageOf(say), /Give each goroutine/);
});

const ALLOCATOR = `(global $top (mut i32) (i32.const 1024))
  (func $malloc (export "malloc") (param i32) (result i32)
    (global.get $top) (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func (export "free") (param i32))`;

test('exports of the toolchain and the allocator have hints, which the verdict counts', async () => {
  const doc =
    await documentOf(`(module (memory (export "memory") 1 1) (global $last (mut i32) (i32.const 0)) ${ALLOCATOR}
    (func (export "make") (global.set $last (call $malloc (i32.const 8)))))`);
  const found = textDiagnostics(doc);
  assert.deepEqual(
    found.map((d) => `${textIn(doc, d.range)?.match(/"(\w+)"/)?.[1]} ${d.code} ${d.severity}`),
    ['malloc global-write 4', 'make global-write 2'],
  );
  assert.match(messageOf(found[0]), / A hint, as the export is one of the toolchain or the allocator; the verdict/);
  assert.equal(shortVerdict(doc.module, doc.analysis).status, 'not-safe');
  const [summary] = binaryDiagnostics(doc);
  assert.match(messageOf(summary), /^2 exports write a mutable global: `make` and `malloc`\./);
});

test('where only they have findings, one information about the module says so', async () => {
  const doc = await documentOf(`(module (memory (export "memory") 1 1) ${ALLOCATOR}
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`);
  const [only, ...hints] = textDiagnostics(doc);
  assert.deepEqual([only.code, only.severity, textIn(doc, only.range)], ['plumbing', 3, 'module']);
  assert.match(messageOf(only), /^Only exports of the toolchain or the allocator have findings, as hints: `malloc`\./);
  assert.deepEqual(
    hints.map(({ severity }) => severity),
    [4],
  );
  assert.equal(binaryDiagnostics(doc)[0].code, 'plumbing');
});

test('related information follows the witness path, then names the other exports', () => {
  const [increment] = textDiagnostics(counter);
  const steps = increment.relatedInformation!.map(({ message, location }) => [
    message.replace(/0x\w+/, '0x'),
    textIn(counter, location.range),
  ]);
  assert.deepEqual(steps.slice(0, 3), [
    ['`increment` calls `$bump` at 0x', 'call $bump'],
    ['global.set in `$bump` at 0x', 'global.set $counter'],
    ['conflicts with `reset`', '(export "reset" (func $reset))'],
  ]);
  assert.equal(increment.source, 'wasm-hazards');
  assert.equal(
    increment.codeDescription?.href,
    'https://github.com/wasm-hazards/wasm-hazards/blob/main/docs/rules/global-write.md',
  );
  assert.deepEqual(increment.data satisfies DiagnosticData, {
    rule: 'global-write',
    exportName: 'increment',
    key: 'test.wasm:increment:global-write',
    fileKey: 'test.wasm:*:global-write',
    site: counter.analysis.exports[0].hazards[0].site.offset,
    memory: undefined,
  });
});

test('settings change severities, switch rules off and ignore findings', () => {
  const settings = {
    ...counter.settings,
    rules: { 'global-write': 'error', 'global-read': 'off', 'host-call': 'hint' } as const,
    ignore: ['test.wasm:increment:global-write', 'test.wasm:*:memory-grow', 'other.wasm:reset:global-write'],
  };
  const found = textDiagnostics({ ...counter, settings }).map(
    (d) => `${textIn(counter, d.range)?.match(/"(\w+)"/)?.[1]} ${d.severity}`,
  );
  assert.deepEqual(found, ['reset 1', 'apply 1', 'store 2', 'say 4', 'frame 2']);
});

test('the binary has one diagnostic a rule, worst first', () => {
  const found = binaryDiagnostics(counter);
  assert.deepEqual(
    found.map(({ code }) => code),
    ['memory-grow', 'global-write', 'static-memory-write', 'stack-pointer', 'global-read', 'memory-write', 'host-call'],
  );
  assert.equal(
    found[1].message,
    '3 exports write a mutable global: `increment`, `reset` and `apply`. Reported because the wazero profile shares one instance.',
  );
  assert.deepEqual(found[1].range.start, { line: 0, character: 0 });
  assert.equal(found[1].relatedInformation?.[0].location.uri, counter.textUri);
});

test('no more than VS Code shows, worst first, and the last one says so', async () => {
  const exports = Array.from({ length: 1100 }, (_, i) => `(func (export "get${i}") (result i32) (global.get $g))`).join(
    '\n',
  );
  const doc = await documentOf(
    `(module (global $g (mut i32) (i32.const 0)) ${exports} (func (export "set") (global.set $g (i32.const 1))))`,
  );
  const found = textDiagnostics(doc);
  assert.equal(found.length, 1000);
  assert.equal(found[0].code, 'global-write');
  assert.match(messageOf(found[999]), /^102 more findings of this module are not listed here\./);
  assert.match(
    messageOf(binaryDiagnostics(doc)[1]),
    /^1,100 exports read a global that others write: `get0`, .* and 1,095 more\./,
  );
});

test('a malformed file: what was read, where it stopped', () => {
  const doc = documentOfBytes(counter.module.bytes.slice(0, counter.module.functions.bodyEnd[2] + 3));
  const [error] = textDiagnostics(doc);
  assert.equal(error.severity, 1);
  assert.match(
    messageOf(error),
    / \(offset 0x[0-9a-f]+ of 0x[0-9a-f]+\)\. Read: 12 functions \(\d bodies missing\), 10 exports, 3 globals, 1 memory, 1 table\.$/,
  );
  assert.deepEqual(binaryDiagnostics(doc)[0].range.start, { line: 0, character: 0 });
});

test('what is no module says what it is', () => {
  const messages = (bytes: Uint8Array): string[] => textDiagnostics(documentOfBytes(bytes)).map(messageOf);
  assert.deepEqual(messages(new Uint8Array()), ['The file is empty.']);
  assert.match(messages(new TextEncoder().encode('hello'))[0], /^Not WebAssembly: /);
  assert.match(
    messages(new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]))[0],
    /^This is a WebAssembly component\. /,
  );
});

test('a partial analysis says so', () => {
  const doc = { ...counter, analysis: { ...counter.analysis, partial: 'The time budget ended.' } };
  const partial = textDiagnostics(doc).find(({ code }) => code === 'partial');
  assert.equal(partial?.severity, 3);
  assert.match(messageOf(partial), /^The time budget ended\. /);
});

test('findings about the module stand at their place, ignored with the file', async () => {
  const doc = await documentOf('(module (memory (export "memory") 1))');
  const [found] = textDiagnostics(doc);
  assert.equal(found.code, 'growable-memory');
  assert.match(textIn(doc, found.range) ?? '', /^\(memory/);
  const settings = { ...doc.settings, ignore: ['test.wasm:*:growable-memory'] };
  assert.deepEqual(textDiagnostics({ ...doc, settings }), []);
});
