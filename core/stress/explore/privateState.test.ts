/** Instances over one memory that keep state apart, and instances that have no memory in common at all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { adviceOf } from '../../advice/adviceOf.ts';
import { verdictText } from '../../report/verdicts.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { caseSource, exploredCase, isRepeatable } from '../testing/caseFiles.ts';
import { explored, runScenario } from '../testing/run.ts';

const BUMP = 'bump-pointer-in-global';
const THREADS = { host: 'javascript', model: 'shared-memory' } as const;
const twice = (...calls: Call[]): ScenarioFile => ({ ...THREADS, callers: [calls, calls] });

describe('a module that is not built for an instance per thread', () => {
  test('hands out one block twice, without any race', async () => {
    const result = await exploredCase(BUMP, 'alloc');
    assert.equal(result.verdict, 'private-state');
    assert.deepEqual(result.privateState, {
      cells: ['$offset'],
      order: 'AB',
      one: { results: [['1024'], ['1040']], probe: [] },
      several: { results: [['1024'], ['1024']], probe: [] },
    });
    assert.match(verdictText(result), /not built for an instance per thread: it keeps \$offset/);
  });

  test('races where the blocks are used, and says both', async () => {
    const result = await exploredCase(BUMP, 'scenario');
    assert.equal(result.verdict, 'race');
    assert.deepEqual(result.privateState?.cells, ['$offset']);
  });

  test('is not advised to run concurrently, nor under a lock', async () => {
    for (const name of ['alloc', 'scenario']) {
      const file = JSON.parse(caseSource(`${BUMP}/${name}.stress.json`)) as ScenarioFile;
      const answer = await runScenario(await parse(caseSource(`${BUMP}/module.wat`)), file);
      assert.ok('result' in answer);
      for (const about of ['calls', 'module'] as const) {
        const remedies: string[] = adviceOf(answer.module, answer.analysis, [answer.result], about).map(
          ({ remedy }) => remedy,
        );
        assert.equal(remedies[0], 'fix');
        for (const remedy of ['concurrent', 'together', 'mutex', 'atomics'])
          assert.ok(!remedies.includes(remedy), `${name}, ${about}: ${remedies}`);
      }
    }
  });

  test('keeps an index into a table of one instance in the memory of all', async () => {
    const source = `(module (import "env" "memory" (memory 1 1 shared)) (table 4 funcref) (type $f (func (result i32)))
      (func $seven (result i32) (i32.const 7)) (elem declare func $seven)
      (func (export "register") (table.set (i32.const 2) (ref.func $seven)) (i32.atomic.store (i32.const 0) (i32.const 2)))
      (func (export "run") (result i32)
        (if (result i32) (i32.eqz (i32.atomic.load (i32.const 0))) (then (i32.const 0))
          (else (call_indirect (type $f) (i32.atomic.load (i32.const 0)))))))`;
    const result = await explored(source, { ...THREADS, callers: [[['register']], [['run']]] });
    assert.equal(result.verdict, 'private-state');
    assert.deepEqual(result.privateState?.cells, ['table[0]']);
  });

  test('leaves it in memory alone, where no call answers it', async () => {
    const source = `(module (import "env" "memory" (memory 1 1 shared)) (global $next (mut i32) (i32.const 64))
      (func (export "log") (param i32) (i32.atomic.store (global.get $next) (local.get 0))
        (global.set $next (i32.add (global.get $next) (i32.const 4)))))`;
    const result = await explored(source, { ...THREADS, callers: [[['log', 1]], [['log', 2]]] });
    assert.equal(result.verdict, 'private-state');
  });

  test('ten runs, ten equal answers', async () => {
    assert.ok(await isRepeatable(BUMP, 'alloc'));
    assert.ok(await isRepeatable(BUMP, 'scenario'));
  });
});

describe('state of each instance that is about the instance alone', () => {
  /** A module whose instances count in a global; `more` are further functions. */
  const counting = (body: string, more = '', start = 0): string =>
    `(module (import "env" "memory" (memory 1 1 shared)) (global $n (mut i32) (i32.const ${start})) (table 4 funcref)
      (func $next (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)) ${more}
      (func (export "count") (result i32) ${body}))`;
  const run = (source: string) => explored(source, twice(['count']));

  test('is a note where a counter only counts', async () => {
    const result = await run(counting('(call $next)'));
    assert.equal(result.verdict, 'safe');
    assert.equal(result.privateState, null);
    const note = result.notes.find((one) => one.startsWith('Each instance has its own $n'));
    assert.match(note ?? '', /one instance returns 1 \| 2 and separate instances return 1 \| 1\./);
  });

  test('is a note where callers pass addresses of their own', async () => {
    const get = '(func (export "get") (param i32) (result i32) (i32.atomic.load (local.get 0)))';
    const result = await run(counting('(call $next)', get));
    assert.equal(result.privateState, null);
  });

  test('is a note where the counter only decides', async () => {
    const more =
      '(func (export "tick") (if (i32.gt_u (global.get $n) (i32.const 1)) (then (i32.atomic.store (i32.const 8) (i32.const 1)))))';
    assert.equal((await run(counting('(call $next)', more))).privateState, null);
  });

  test('is a finding where it is an address, an index, or stored', async () => {
    const bodies = [
      '(local $p i32) (local.set $p (i32.shl (call $next) (i32.const 3))) (i32.atomic.store (local.get $p) (i32.const 1)) (local.get $p)',
      '(i32.atomic.store (i32.const 8) (call $next)) (global.get $n)',
      '(drop (i32.atomic.rmw.xchg (i32.const 8) (call $next))) (global.get $n)',
      '(block (result i32) (br 0 (call $next)) (i32.const 0)) (drop (i32.load8_u)) (global.get $n)',
      '(drop (table.get (i32.and (call $next) (i32.const 3)))) (global.get $n)',
      '(loop $l (param) (drop (call $next))) (memory.fill (global.get $n) (i32.const 0) (i32.const 4)) (global.get $n)',
    ];
    for (const body of bodies) assert.notEqual((await run(counting(body))).privateState, null, body);
  });

  test('is a finding where other code uses it so', async () => {
    const others = [
      '(func (export "put") (i32.atomic.store offset=64 (global.get $n) (i32.const 1)))',
      '(func $put (param i32) (i32.atomic.store (local.get 0) (i32.const 1))) (func (export "put") (call $put (call $next)))',
      '(global $copy (mut i32) (i32.const 0)) (func (export "a") (global.set $copy (call $next))) (func (export "b") (result i32) (i32.atomic.load (global.get $copy)))',
      // Slots are handed out here and used there.
      '(func (export "set") (param i32) (i32.atomic.store (i32.mul (local.get 0) (i32.const 8)) (i32.const 1)))',
    ];
    for (const more of others) assert.notEqual((await run(counting('(call $next)', more))).privateState, null, more);
  });

  test('is a finding where it may be an address that callers get', async () => {
    const get = '(func (export "get") (param i32) (result i32) (i32.atomic.load8_u (local.get 0)))';
    assert.notEqual((await run(counting('(call $next)', get, 1024))).privateState, null);
    const alloc = counting('(call $next)')
      .replace('"count"', '"alloc"')
      .replace('(result i32) (call $next)', '(param i32) (result i32) (call $next)');
    assert.notEqual((await explored(alloc, twice(['alloc', 8]))).privateState, null);
  });
});

describe('a module that is built for it', () => {
  test('keeps the identity of a thread in a global', async () => {
    const source = `(module (import "env" "memory" (memory 1 1 shared)) (global $id (mut i32) (i32.const 0))
      (func (export "start") (param i32) (global.set $id (local.get 0)))
      (func (export "work") (result i32) (i32.atomic.store (i32.mul (global.get $id) (i32.const 4)) (i32.const 1)) (global.get $id)))`;
    const callers: Call[][] = [1, 2].map((id) => [['start', id], ['work']]);
    const result = await explored(source, { ...THREADS, callers });
    assert.equal(result.verdict, 'safe');
    assert.equal(result.privateState, null);
  });

  test("keeps the allocator's pointer in the memory", async () => {
    const source = `(module (import "env" "memory" (memory 1 1 shared))
      (func (export "alloc") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0))))`;
    const result = await explored(source, twice(['alloc', 16]));
    assert.equal(result.verdict, 'safe');
  });
});

describe('a memory that the module defines instead of importing', () => {
  const source = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
    (func (export "add") (result i32) (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (i32.load (i32.const 0)))
    (func (export "wait") (result i32) (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
    (func (export "wake") (result i32) (memory.atomic.notify (i32.const 8) (i32.const 1))))`;

  test('is no memory in common, and the result says so', async () => {
    const result = await explored(source, twice(['add']));
    assert.equal(result.privateState, null);
    assert.deepEqual(result.races, []);
    assert.ok(result.notes.some((note) => /defines its shared memory.*nothing is shared between instances/.test(note)));
  });

  test('has waiters of its own', async () => {
    const result = await explored(source, { ...THREADS, callers: [[['wait']], [['wake']]] });
    assert.equal(result.verdict, 'hang');
  });
});
