/** `wasm-hazards hammer`, with real threads. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

const SCHEMA = join(import.meta.dirname, '../../../schemas/hammer.schema.json');
const check = new Ajv({ strict: false }).compile(JSON.parse(await readFile(SCHEMA, 'utf8')));
const assertFits = (document: unknown): void => assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 3)));
const fixture = (name: string): string => join(FIXTURES, name);

/**
 * A read and a write between which the thread sleeps, so that two of them meet however few cores are free: the other one
 * runs meanwhile. Alone, the wait ends at once.
 */
const SLOW = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (local i32)
    (local.set 0 (i32.add (global.get $n) (i32.const 1)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 10000000)))
    (global.set $n (local.get 0)) (local.get 0))
  (func (export "get") (result i32) (global.get $n))
  (func (export "forever") (loop $l (br $l))))`;

let folder: string;
const path = (name: string): string => join(folder, name);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-hammer-'));
  await writeFile(path('slow.wat'), SLOW);
  const callers = [[['inc']], [['inc']]];
  await writeFile(path('slow.stress.json'), JSON.stringify({ module: 'slow.wat', callers, budget: { seconds: 3 } }));
});
after(() => rm(folder, { recursive: true }));

describe('hammer', () => {
  test('of calls that lose updates: the table, what remedies cost, a schedule to replay', async () => {
    const { out, err, code } = await runWith(['hammer', path('slow.wat'), '--call', 'inc()', '--seconds', '4']);
    assert.deepEqual(err, []);
    assert.equal(code, 1);
    assert.match(out, /slow\.wat: hammer: wrong outcome in (?:[\d.]+ %|\d+) of [\d,]+ rounds?\n/);
    assert.match(out, /^ {4}A: inc\(\) {2}B: inc\(\) +samples(?: +frequency)?$/m);
    assert.match(out, /^ {4}1 +1 +[\d,]+ (?: +[\d.]+ %)? *wrong: no serial order gives it; schedule [AB\d]+$/m);
    assert.match(out, /^ {2}Explored: a data race and a wrong outcome \(schedule [AB\d]+\)$/m);
    for (const label of ['unsafe: wrong in', 'one mutex', 'instance pool', 'instance per call'])
      assert.match(out, new RegExp(`^ {4}${label}[^\\n]*\\n {6}1 thread  +\\S* +[\\d.]+ [Mk]? ?calls/s`, 'm'));
    const [, words] = /^ {2}Replay: wasm-hazards (.*)$/m.exec(out) ?? [];
    const replayed = await runWith(words.replaceAll("'", '').split(' '));
    assert.match(replayed.out, /an outcome that no serial order gives/);
  });

  test('of a scenario file, as JSON that fits the schema', async () => {
    const { out, code } = await runWith(['hammer', path('slow.stress.json'), '--format', 'json']);
    const result = JSON.parse(out);
    assertFits(result);
    assert.deepEqual(
      [result.kind, result.verdict, result.explored.verdict, code],
      ['hammer', 'wrong-outcome', 'race', 1],
    );
    assert.equal(result.outcomes[0].found.how, 'schedule');
  });

  test('of a module: a line for each pair, as JSON a list', async () => {
    const args = ['hammer', fixture('counter-global.wat')];
    const text = await runWith(args);
    assert.match(text.out, /^increment with itself, one call each +(wrong outcome|no wrong outcome seen) in/m);
    assert.match(text.out, /^increment with count, one call each +/m);
    assert.match(text.out, /Cost of remedies/);
    const json = await runWith([...args, '--format', 'json']);
    const document = JSON.parse(json.out);
    assertFits(document);
    assert.ok(document.results.length >= 2);
  });

  test('of calls that are safe, of calls that never return, of calls that share nothing', async () => {
    const pure = await runWith(['hammer', fixture('pure.wat'), '--call', 'add(1, 2)', '--seconds', '1']);
    assert.deepEqual([pure.code, pure.err], [0, []]);
    assert.match(pure.out, /no wrong outcome seen in [\d,]+ rounds?, which proves nothing/);
    assert.match(pure.out, /Explored: no race, and every outcome is that of a serial order/);
    const forever = await runWith(['hammer', path('slow.wat'), '--call', 'forever()', '--seconds', '2']);
    assert.equal(forever.code, 1);
    assert.match(forever.out, /Did not return: A in forever\(\), B in forever\(\)/);
    const apart = await runWith([
      'hammer',
      path('slow.wat'),
      '--call',
      'inc()',
      '--model',
      'isolated',
      '--seconds',
      '1',
    ]);
    assert.equal(apart.code, 3);
    assert.match(apart.out, /no rounds were run/);
  });

  test('Ctrl+C ends it with what is known', async () => {
    const { out, code } = await runWith(['hammer', path('slow.wat'), '--call', 'inc()', '--seconds', '3600'], {
      onStatus: (text, interrupt) => /^[1-9][\d,]* rounds?/.test(text) && interrupt(),
    });
    assert.match(out, /Outcomes: [\d,]+ rounds? on 2 threads/);
    assert.match(out, /The run was interrupted/);
    assert.ok(code === 0 || code === 1);
  });

  test('what cannot be run is one line and exit code 2', async () => {
    const cases: [RegExp, string[]][] = [
      [/no file given/, ['hammer']],
      [/no such file/, ['hammer', path('gone.wasm')]],
      [/exports no function|no export|is not exported/, ['hammer', path('slow.wat'), '--call', 'gone()']],
      [/--schedule is an option of wasm-hazards replay/, ['hammer', path('slow.wat'), '--schedule', 'A1']],
      [/conflict/, ['hammer', fixture('pure.wat')]],
    ];
    for (const [message, args] of cases) {
      const { out, err, code } = await runWith(args);
      assert.deepEqual([out, code, err.length], ['', 2, 1], err.join('\n'));
      assert.match(err[0], message);
    }
  });

  test('its help says what it does', async () => {
    const { out } = await runWith(['hammer', '--help']);
    assert.match(out, /parallel threads/);
    assert.match((await runWith(['--help'])).out, /^ {2}hammer {4}run exports in parallel threads/m);
  });
});
