/** Calls of one instance on one thread, which meet only where an import suspends one of them or calls back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { explored, failure, type RunMore, stable } from '../testing/run.ts';
import type { StressResult } from './result.ts';

const CASES = join(import.meta.dirname, 'cases');
const wat = (name: string): string => readFileSync(join(CASES, name, 'module.wat'), 'utf8');
const JSPI = wat('jspi-shadow-stack');
const CALLBACK = wat('host-calls-back');

const SLEEPS = { 'env.sleep': { suspends: true } } as const;

/** Explored on JavaScript, whose model follows from the scenario. */
const onJavaScript = (module: string, file: ScenarioFile, more?: RunMore): Promise<StressResult> =>
  explored(module, { host: 'javascript', model: 'auto', imports: SLEEPS, ...file }, more);

/** Adds to a global with an import between its read and its write, and without one. */
const COUNTER = `(module (import "env" "sleep" (func $sleep (param i32)))
  (global $n (mut i32) (i32.const 0))
  (func (export "slow") (local $old i32)
    (local.set $old (global.get $n)) (call $sleep (i32.const 1)) (global.set $n (i32.add (local.get $old) (i32.const 1))))
  (func (export "late") (call $sleep (i32.const 1)) (global.set $n (i32.add (global.get $n) (i32.const 1))))
  (func (export "fast") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "get") (result i32) (global.get $n)))`;

describe('calls that imports suspend', () => {
  test('share a shadow stack: frames that are not freed in order give wrong results', async () => {
    const result = await onJavaScript(JSPI, { callers: [[['fn_a']], [['fn_b']]] });
    assert.equal(result.model, 'cooperative');
    assert.equal(result.verdict, 'non-atomic');
    assert.deepEqual(result.races, []);
    assert.ok(result.exhaustive);
    assert.ok(result.outcomes.wrong.some(({ results }) => results[0][0] !== '33' || results[1][0] !== '69'));
  });

  test('show the outcome of two real promises', async () => {
    const imports = { env: { sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms / 100)) } };
    const result = await onJavaScript(
      JSPI,
      { imports: { module: 'imports.mjs', ...SLEEPS }, callers: [[['fn_a']], [['fn_b']]], budget: { schedules: 60 } },
      { imports },
    );
    assert.equal(result.verdict, 'non-atomic');
  });

  test('leave calls alone that nothing suspends', async () => {
    const result = await onJavaScript(JSPI, { callers: [[['count']], [['count']]] });
    assert.equal(result.model, 'cooperative');
    assert.equal(result.verdict, 'safe');
    assert.ok(result.exhaustive);
  });

  test('lose updates only between a read and a write with an import between them', async () => {
    const verdict = async (a: string, b: string): Promise<string> =>
      (await onJavaScript(COUNTER, { callers: [[[a]], [[b]]], probe: [['get']] })).verdict;
    assert.equal(await verdict('slow', 'slow'), 'non-atomic');
    assert.equal(await verdict('slow', 'fast'), 'non-atomic');
    assert.equal(await verdict('late', 'late'), 'safe');
    assert.equal(await verdict('late', 'fast'), 'safe');
    assert.equal(await verdict('fast', 'fast'), 'safe');
  });

  test('atomics protect nothing across a suspension', async () => {
    const source = `(module (import "env" "sleep" (func $sleep)) (memory 1 1 shared)
      (func (export "add") (local $old i32) (local.set $old (i32.atomic.load (i32.const 0))) (call $sleep)
        (i32.atomic.store (i32.const 0) (i32.add (local.get $old) (i32.const 1))))
      (func (export "get") (result i32) (i32.atomic.load (i32.const 0))))`;
    const result = await onJavaScript(source, { callers: [[['add']], [['add']]], probe: [['get']] });
    assert.equal(result.verdict, 'non-atomic');
    assert.deepEqual(result.races, []);
  });

  test('that poll end, and so does one that nobody wakes', async () => {
    const source = `(module (import "env" "sleep" (func $sleep)) (global $ready (mut i32) (i32.const 0))
      (func (export "wait") (result i32)
        (loop $again (if (i32.eqz (global.get $ready)) (then (call $sleep) (br $again)))) (global.get $ready))
      (func (export "set") (global.set $ready (i32.const 1))))`;
    const together = await onJavaScript(source, { callers: [[['wait']], [['set']]], budget: { preemptions: 1 } });
    assert.notEqual(together.verdict, 'non-atomic');
    assert.equal(together.hang, null);
    const alone = await onJavaScript(source, { callers: [[['wait']], [['wait']]], budget: { preemptions: 0 } });
    assert.equal(alone.verdict, 'hang');
  });

  test('are named by patterns, too; without a name every import suspends', async () => {
    const calls: ScenarioFile = { host: 'javascript', callers: [[['slow']], [['slow']]], probe: [['get']] };
    const unnamed = await explored(COUNTER, { ...calls, model: 'cooperative' });
    assert.equal(unnamed.verdict, 'non-atomic');
    assert.match(unnamed.notes.join('\n'), /every imported function .* was assumed to: /);
    const none = await explored(COUNTER, {
      ...calls,
      model: 'cooperative',
      imports: { 'env.sleep': { suspends: false } },
    });
    assert.equal(none.verdict, 'safe');
  });

  test('schedules count decisions, and show them again', async () => {
    const file: ScenarioFile = { callers: [[['slow']], [['slow']]], probe: [['get']] };
    const found = await onJavaScript(COUNTER, file);
    assert.match(found.schedule ?? '', /^[AB]\d[AB]\d[AB]\d$/);
    const again = await onJavaScript(COUNTER, file, { schedule: found.schedule ?? '' });
    assert.equal(again.verdict, 'non-atomic');
    const rows = again.trace?.map(({ op, cell }) => `${op} ${cell}`) ?? [];
    assert.ok(
      rows.some((row) => row.includes('env.sleep (suspended)')),
      rows.join('\n'),
    );
    assert.ok(
      rows.some((row) => row.includes('global.set $n')),
      rows.join('\n'),
    );
  });

  test('beside each other are not called safe where Asyncify would have to unwind them', async () => {
    const names = ['start_unwind', 'stop_unwind', 'start_rewind', 'stop_rewind'];
    const entries = names.map((name) => `(func (export "asyncify_${name}"))`).join(' ');
    const source = `(module (import "env" "sleep" (func $sleep)) ${entries}
      (func (export "nap") (call $sleep)) (func (export "now") (result i32) (i32.const 1)))`;
    const nap = await onJavaScript(source, { imports: 'stub', callers: [[['nap']], [['now']]] });
    assert.equal(nap.model, 'cooperative');
    assert.equal(nap.verdict, 'inconclusive');
    assert.match(nap.notes.join('\n'), /Asyncify itself was not run/);
    assert.equal((await onJavaScript(source, { imports: 'stub', callers: [[['now']], [['now']]] })).verdict, 'safe');
  });

  test('ten runs give ten equal answers', async () => {
    const run = () => onJavaScript(JSPI, { callers: [[['fn_a']], [['fn_b']]] });
    const first = stable(await run());
    for (let i = 1; i < 10; i++) assert.deepEqual(stable(await run()), first);
  });
});

describe('imports that call back', () => {
  const imports = { 'env.http_call': { calls: [['on_reply', '$0']] as [string, string][] } };

  test('overwrite the state of the call that they are in', async () => {
    for (const host of ['wazero', 'javascript'] as const) {
      const result = await explored(CALLBACK, { host, model: 'auto', imports, callers: [[['on_request', 1]]] });
      assert.equal(result.model, host === 'wazero' ? 'shared-instance' : 'cooperative');
      assert.equal(result.verdict, 'non-atomic');
      assert.deepEqual(result.outcomes.wrong[0].results, [['100']]);
    }
  });

  test('are harmless where both orders of whole calls would end like this', async () => {
    const source = `(module (import "env" "each" (func $each)) (global $n (mut i32) (i32.const 0))
      (func (export "run") (result i32) (call $each) (i32.const 7))
      (func (export "one") (global.set $n (i32.add (global.get $n) (i32.const 1)))))`;
    const result = await onJavaScript(source, {
      imports: { 'env.each': { calls: [['one'], ['one']] } },
      callers: [[['run']]],
    });
    assert.equal(result.verdict, 'safe');
  });

  test('without end are an error of the guest, not of the engine', async () => {
    const source = `(module (import "env" "again" (func $again)) (func (export "f") (call $again)))`;
    const result = await onJavaScript(source, { imports: { 'env.again': { calls: [['f']] } }, callers: [[['f']]] });
    assert.notEqual(result.verdict, 'safe');
  });
});

test('what a scenario says of imports is held against the module', async () => {
  const calls: ScenarioFile = { host: 'javascript', callers: [[['slow']]] };
  const message = async (imports: ScenarioFile['imports']): Promise<string> =>
    (await failure(COUNTER, { ...calls, imports })).message;
  assert.match(
    await message({ 'env.slep': { suspends: true } }),
    /^imports\.env\.slep: .*no function env\.slep; did you mean env\.sleep/,
  );
  assert.match(
    await message({ 'env.sleep': { calls: [['none']] } }),
    /^imports\.env\.sleep\.calls\.0\.0: the module has no export none/,
  );
  assert.match(await message({ 'env.sleep': { calls: [['get', '$1']] } }), /there is no \$1/);
});

test('a function that returns a promise where calls cannot be suspended is told how to say it', async () => {
  const imports = { env: { sleep: () => Promise.resolve() } };
  const file: ScenarioFile = { host: 'wazero', imports: { module: 'imports.mjs' }, callers: [[['fn_a']]] };
  const result = await explored(JSPI, file, { imports });
  assert.match(JSON.stringify(result.outcomes.examples), /suspends its caller.*cooperative/);
});
