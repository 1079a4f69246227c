import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleDocument } from '../../server/src/documents/moduleDocument.ts';
import { COUNTER, type DocumentOptions, documentOf } from '../../server/src/testing/testDocument.ts';
import { listOf, plural, quoted } from '../text/phrases.ts';
import { cellLabel, cellText, effectText } from './cellText.ts';
import { conflictText, exportAdvice, verdictsOf } from './exportText.ts';
import { hazardText } from './hazardText.ts';
import { type RuleId, rulePhrase } from './rules/index.ts';

const position = (doc: ModuleDocument, name: string): number =>
  doc.analysis.exports.findIndex((exported) => exported.name === name);

function sentence(doc: ModuleDocument, name: string, rule: RuleId): string {
  const at = position(doc, name);
  const hazard = doc.analysis.exports[at].hazards.find((found) => found.rule === rule);
  assert.ok(hazard, `${name} has no ${rule}`);
  return hazardText(doc, at, hazard).replace(/0x[0-9a-f]+/g, '0x');
}

const counter = await documentOf(COUNTER);

test('a write names the path, both parties, what goes wrong, and the sharing model', () => {
  assert.equal(
    sentence(counter, 'increment', 'global-write'),
    '`increment` writes mutable global `$counter` without synchronisation (increment -> $bump -> global.set at 0x). ' +
      'Two concurrent calls on the same instance, or a call concurrent with `reset` or `apply`, can lose an update; a concurrent call of `get` can observe intermediate state. ' +
      'Reported because the wazero profile shares one instance.',
  );
});

test('a read names who changes what it reads', () => {
  assert.equal(
    sentence(counter, 'get', 'global-read'),
    '`get` reads mutable global `$counter`, which `increment`, `reset` and 1 more change (get -> global.get at 0x). ' +
      'A call concurrent with `increment`, `reset` or 1 more on the same instance can see the value change while it runs. ' +
      'Reported because the wazero profile shares one instance.',
  );
});

test('growth is described as the host performs it', () => {
  const text = sentence(counter, 'grow', 'memory-grow');
  assert.match(
    text,
    /outside the guest memory, in the Go heap\. Do not call `grow`, `store` or `frame` on the same instance while `grow` runs\./,
  );
});

test('uncertainty is stated with its reason', () => {
  assert.match(
    sentence(counter, 'apply', 'global-write'),
    / Confidence: likely \(the path goes through an indirect call, resolved by type\)\. /,
  );
  assert.match(
    sentence(counter, 'store', 'memory-write'),
    / They conflict only when both calls get the same object \(parameter 0\), or if parameter 0 points to data or stack frames that the other call uses; a call of `grow`, which grows the memory, always conflicts\. /,
  );
  assert.doesNotMatch(sentence(counter, 'increment', 'global-write'), /Confidence|likely|possible/i);
});

test('the host decides about its own functions', () => {
  assert.match(
    sentence(counter, 'say', 'host-call'),
    /Whether calls of host function `env\.log` may run concurrently depends on the host\./,
  );
});

const SHARED: [string, DocumentOptions] = [
  `(module (import "env" "memory" (memory 1 1 shared))
    (func (export "bad") (i32.store (i32.const 16) (i32.const 1)))
    (func (export "good") (i32.atomic.store (i32.const 16) (i32.const 1))))`,
  { host: 'wasi-threads' },
];

test('plain and atomic accesses of one memory', async () => {
  const doc = await documentOf(...SHARED);
  assert.equal(doc.analysis.model, 'shared-memory');
  assert.equal(
    sentence(doc, 'bad', 'mixed-atomics'),
    '`bad` writes memory[0] static data [16,20) with a plain access, while atomic accesses use the same bytes (bad -> i32.store at 0x). ' +
      'Two concurrent calls on the same memory, or a call concurrent with `good`, can lose an update or leave data partially written. ' +
      'Reported because the wasi-threads profile shares one memory among instances.',
  );
});

test('code that cannot be decoded is reported as unknown', async () => {
  const { documentOfBytes } = await import('../../server/src/testing/testDocument.ts');
  const bytes = counter.module.bytes.slice();
  const { imported, bodyStart } = counter.module.functions;
  const reset = counter.analysis.exports[position(counter, 'reset')].func;
  bytes[bodyStart[reset - imported] + 1] = 0xff;
  const doc = documentOfBytes(bytes);
  assert.match(
    sentence(doc, 'reset', 'unknown-code'),
    /^`reset` reaches a function that could not be decoded .*assumes that it accesses everything\./,
  );
});

test('conflicts in a few words', () => {
  const of = (name: string): string => conflictText(counter, position(counter, name));
  assert.equal(of('increment'), 'conflicts with itself and 3 other exports');
  assert.equal(of('get'), 'conflicts with 3 exports');
  assert.equal(of('add'), 'no conflict found');
  assert.equal(of('say'), 'may conflict through the host');
});

test('a verdict for each sharing model, the chosen one first', () => {
  const verdicts = verdictsOf(counter, position(counter, 'increment'));
  assert.deepEqual(
    verdicts.map(({ model, status, text }) => [model, status, text]),
    [
      ['shared-instance', 'unguarded', 'conflicts with itself and 3 other exports'],
      ['shared-memory', 'allowed', 'does not apply because the module imports no shared memory'],
      ['isolated', 'allowed', 'no conflict found'],
    ],
  );
  const said = verdictsOf(counter, position(counter, 'say')).find(({ model }) => model === 'isolated');
  assert.equal(said?.text, 'no conflict found in the module, but host functions are shared');
});

test('advice follows class and findings', () => {
  const kinds = (name: string): string[] => exportAdvice(counter, position(counter, name)).map(({ kind }) => kind);
  assert.deepEqual(kinds('increment'), ['stateful']);
  assert.deepEqual(kinds('frame'), ['stack']);
  assert.deepEqual(kinds('grow'), ['grows']);
  assert.deepEqual(kinds('say'), ['host-dependent']);
  assert.equal(exportAdvice(counter, position(counter, 'add'))[0].text, counter.profile.advice.pure);
});

test('cells in words and in short', () => {
  const { module } = counter;
  const memory = { kind: 'memory', index: 0, name: undefined, segment: undefined } as const;
  const words = (address: Parameters<typeof cellText>[1]['address']): [string, string] => [
    cellText(module, { ...memory, address }),
    cellLabel(module, { ...memory, address }),
  ];
  assert.deepEqual(words({ base: 'static', start: 1024, end: 1028 }), [
    'memory[0] static data [1024,1028)',
    'memory [1024,1028)',
  ]);
  assert.deepEqual(words({ base: 'static', start: 16, end: 20, global: 1 }), [
    'memory[0] static data [$limit+16,$limit+20)',
    'memory [$limit+16,$limit+20)',
  ]);
  assert.deepEqual(words({ base: 'parameter', parameter: 0 }), [
    "the caller's buffer (parameter 0) in memory[0]",
    'memory at parameter 0',
  ]);
  assert.deepEqual(words({ base: 'stack' }), ['the shadow stack in memory[0]', 'memory on the shadow stack']);
  assert.deepEqual(words({ base: 'unknown' }), ['memory[0] at an unknown address', 'memory at an unknown address']);
  const segment = { kind: 'segment', index: 0, name: undefined, address: undefined, segment: 'data' } as const;
  assert.equal(effectText(module, { cell: segment, access: 'write' }), 'drops data segment 0');
});

test('names cannot leave their quotation', () => {
  assert.equal(quoted('a`b'), "`a'b`");
});

test('lists and numbers', () => {
  assert.equal(listOf(['a'], 2), 'a');
  assert.equal(listOf(['a', 'b'], 2), 'a and b');
  assert.equal(listOf(['a', 'b', 'c'], 2, 'or'), 'a, b or 1 more');
  assert.equal(plural(1234, 'export'), '1,234 exports');
  assert.equal(rulePhrase('global-write', 1), 'writes a mutable global');
});
