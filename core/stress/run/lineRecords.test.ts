/** First accesses that pass without asking the engine leave everything as if they had asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { runExecution } from '../explore/execution.ts';
import { type ExecutionOutcome, outcomeOf } from '../explore/outcomes.ts';
import { RaceCollector } from '../explore/raceCollector.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';
import { BoundedSearch } from '../search/bounded.ts';
import { createSession } from '../session/createSession.ts';
import type { Session } from '../session/session.ts';
import { environment, explored } from '../testing/run.ts';
import { ExecutionMode } from './mode.ts';

const MODULE = `(module
  (memory 4)
  (data (i32.const 0) "\\01\\02\\03\\04")
  (func (export "fill") (param $at i32) (param $n i32) (param $value i32)
    (loop $l
      (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $value)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "wide") (param $at i32) (result i64)
    (i64.store (local.get $at) (i64.const -1))
    (i64.load (i32.add (local.get $at) (i32.const 4))))
  (func (export "sum") (param $at i32) (param $n i32) (result i32) (local $s i32)
    (loop $l
      (local.set $s (i32.add (local.get $s) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "beyond") (param $at i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.store (local.get $at) (i32.const 1))
    (i32.load (local.get $at))))`;

/** Runs executions; of each the outcome and how often callers asked. */
async function run(
  callers: ScenarioFile['callers'],
  times: number,
): Promise<{ session: Session; found: { outcome: ExecutionOutcome; asked: number; written: number }[] }> {
  const scenario = completeScenario({ model: 'shared-instance', callers }, 'wazero');
  const job = { name: 'test.wat', bytes: await parse(MODULE), scenario };
  const findings = new RaceCollector();
  const session = await createSession(job, environment(), findings, () => false);
  findings.attach(session);
  const found: { outcome: ExecutionOutcome; asked: number; written: number }[] = [];
  for (let i = 0; i < times; i++) {
    const before = session.scheduler.accesses;
    await runExecution({ session, findings }, ExecutionMode.Explore, new BoundedSearch(0));
    const written = session.machine.memories[0].written().length;
    found.push({ outcome: await outcomeOf(session), asked: session.scheduler.accesses - before, written });
  }
  session.scheduler.close();
  return { session, found };
}

test('lines of one caller ask in the first execution only; what was written is known and restored', async () => {
  const { session, found } = await run([[['fill', 0, 1000, 7]]], 4);
  const lines = Math.ceil((1000 * 4) / 64);
  assert.deepEqual(
    found.map(({ asked }) => asked),
    [2 * lines, 0, 0, 0],
  );
  assert.deepEqual(
    found.map(({ written }) => written),
    [lines, lines, lines, lines],
  );
  assert.equal(new Set(found.map(({ outcome }) => outcome.key)).size, 1);
  session.machine.restore();
  assert.deepEqual([...session.machine.memories[0].view.subarray(0, 8)], [1, 2, 3, 4, 0, 0, 0, 0]);
  assert.ok(session.machine.memories[0].view.subarray(4, 8192).every((byte) => byte === 0));
});

test('an access that reaches into the next line asks', async () => {
  const { found } = await run(
    [
      [
        ['wide', 120],
        ['wide', 124],
      ],
    ],
    3,
  );
  // The store at 124 and the load at 124 of the first call cross.
  assert.ok(found[1].asked > 0 && found[1].asked === found[2].asked);
  assert.deepEqual(found[0].outcome, found[2].outcome);
});

test('accesses that are not where they claim to be, but in one line, ask in the first execution only', async () => {
  const { found } = await run([[['fill', 1, 15, 7]]], 3);
  assert.deepEqual(
    found.map(({ asked }) => asked),
    [2, 0, 0],
  );
  assert.equal(new Set(found.map(({ outcome }) => outcome.key)).size, 1);
});

test('a misaligned access that reaches into a line that callers share races there', async () => {
  for (const at of [57, 58, 61, 62, 63]) {
    const { races, defects } = await explored(MODULE, {
      callers: [
        [
          ['sum', 4, 8],
          ['fill', at, 1, 1],
        ],
        [['fill', 64, 1, 1]],
      ],
    });
    assert.deepEqual([at, races.length > 0, defects], [at, at > 60, []]);
  }
});

test('callers that only read lines pass all of them; one that writes then shares them', async () => {
  const { found } = await run([[['sum', 0, 64]], [['sum', 0, 64]]], 2);
  assert.deepEqual([found[0].asked > 0, found[1].asked], [true, 0]);
  const result = await explored(MODULE, { callers: [[['sum', 0, 2]], [['sum', 0, 2]], [['fill', 0, 1, 1]]] });
  assert.deepEqual([result.verdict, result.races.length > 0, result.defects], ['race', true, []]);
});

test('where a caller grows the memory, every access asks', async () => {
  const { found } = await run([[['grow']], [['sum', 0, 16]]], 3);
  assert.ok(found[2].asked > 1);
});

test('what was grown in one execution is out of bounds again in the next', async () => {
  const at = 4 * 65536 + 64;
  const { found } = await run(
    [
      [
        ['sum', 0, 1],
        ['beyond', at],
      ],
      [['sum', 0, 1]],
    ],
    3,
  );
  for (const { outcome } of found) assert.deepEqual(outcome.results[0].slice(1), ['1']);
  const trap = await explored(MODULE, {
    callers: [
      [
        ['sum', at, 1],
        ['beyond', at],
        ['sum', at, 1],
      ],
    ],
  });
  assert.deepEqual(trap.defects, []);
});

for (const [name, code] of [
  ['i32.load', '(drop (i32.load offset=16 (i32.const -8)))'],
  ['i64.load16_u', '(drop (i64.load16_u offset=16 (i32.const -8)))'],
  ['v128.load', '(drop (v128.load offset=16 (i32.const -8)))'],
  ['i64.store', '(i64.store offset=16 (i32.const -8) (i64.const 1))'],
  ['v128.store', '(v128.store offset=16 (i32.const -8) (v128.const i64x2 1 1))'],
  ['i32.load8_u', '(drop (i32.load8_u offset=16 (i32.const -8)))'],
] as const)
  test(`${name} at an address and an offset beyond 32 bits traps, although the line of their sum in 32 bits passes`, async () => {
    const result = await explored(
      `(module (memory 1 1)
        (func (export "near") (result i32) (i32.store (i32.const 4) (i32.const 1)) (i32.load (i32.const 4)))
        (func (export "apart") (result i32)
          (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1))) (i32.load (i32.const 1024)))
        (func (export "far") ${code}))`,
      { model: 'shared-instance', callers: [[['far'], ['near']], [['apart']], [['apart']]] },
    );
    assert.equal(result.defects.length, 0);
    assert.ok(result.outcomes.examples.length > 1);
    for (const { results } of result.outcomes.examples)
      assert.deepEqual(results[0], ['trap: memory access out of bounds', '1']);
  });

for (const host of ['wazero', 'wasi-threads'] as const)
  for (const [name, code] of [
    ['an offset', '(i64.store8 offset=16 (i32.const -8) (i64.const 1))'],
    ['an offset of a torn access', '(drop (i64.load offset=16 (i32.const -8)))'],
    ['the largest offset', '(i32.store8 offset=4294967295 (i32.const 9) (i32.const 1))'],
    ['an address that no record covers', '(i32.store8 (i32.const 0x7fffffff) (i32.const 1))'],
    ['an address of a load that no record covers', '(drop (i32.load (i32.const 0x7ffffff0)))'],
    ['the last address', '(drop (i64.load16_u offset=1 (i32.const -2)))'],
  ] as const)
    test(`on ${host}, growth races with the failing bounds check of an access at ${name}, after accesses that left tags`, async () => {
      const { races, defects } = await explored(
        `(module (memory 1 3)
          (func (export "grow") (drop (memory.grow (i32.const 1))))
          (func (export "far") (i64.store32 (i32.const 4) (i64.const 0)) ${code}))`,
        { host, model: 'shared-instance', callers: [[['grow']], [['far']]] },
      );
      assert.deepEqual(defects, []);
      const beyond = new Set(races.flatMap(({ kind, a, b }) => (kind === 'memory.grow' ? [a.offset, b.offset] : [])));
      // The growth, on wazero also the store, whose line has a tag, and the access that traps.
      assert.equal(beyond.size, host === 'wazero' ? 3 : 2);
    });
