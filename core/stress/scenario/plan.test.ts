/** Plans: which pairs are run, in which order, with which arguments. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { analyseBytes, analyseWat } from '../../analysis/testing/facts.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { checkCalls } from './checkCalls.ts';
import { type Plan, type PlanOptions, planOf } from './plan.ts';
import { isCall } from './steps.ts';

const OPTIONS: PlanOptions = { host: 'wazero', model: 'auto', seconds: 12 };
const planned = async (text: string, options: Partial<PlanOptions> = {}): Promise<Plan> => {
  const { module, analysis } = await analyseWat(text);
  return planOf(module, analysis, { ...OPTIONS, ...options });
};
const titles = ({ scenarios }: Plan): string[] => scenarios.map(({ title }) => title);

const COUNTER = `(module (global $n (mut i32) (i32.const 0))
  (func (export "add") (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
  (func (export "pure") (param i64) (result i64) (local.get 0)))`;

describe('a plan', () => {
  test('has one call each before two, with equal and with distinct arguments', async () => {
    const plan = await planned(COUNTER);
    assert.deepEqual(titles(plan), [
      'add with itself, one call each, equal arguments',
      'add with itself, one call each, distinct arguments',
      'add with itself, two calls each, equal arguments',
      'add with itself, two calls each, distinct arguments',
    ]);
    assert.deepEqual(
      plan.scenarios.map(({ scenario }) => scenario.callers),
      [
        [[['add', 1]], [['add', 1]]],
        [[['add', 0]], [['add', 1000]]],
        [
          [
            ['add', 1],
            ['add', 1],
          ],
          [
            ['add', 1],
            ['add', 1],
          ],
        ],
        [
          [
            ['add', 0],
            ['add', 1],
          ],
          [
            ['add', 1000],
            ['add', 1001],
          ],
        ],
      ],
    );
    assert.deepEqual(plan.notes, []);
  });

  test('divides its time', async () => {
    const { scenarios } = await planned(COUNTER);
    assert.deepEqual(
      scenarios.map(({ scenario }) => scenario.budget.seconds),
      [3, 3, 3, 3],
    );
  });

  test('runs an export without conflicts with itself when it is named', async () => {
    const plan = await planned(COUNTER, { exportName: 'pure' });
    assert.equal(plan.scenarios.length, 4);
    assert.deepEqual(plan.scenarios[0].scenario.callers, [[['pure', '1']], [['pure', '1']]]);
  });

  test('says what its limit omits', async () => {
    const plan = await planned(COUNTER, { limit: 1 });
    assert.equal(plan.scenarios.length, 1);
    assert.match(plan.notes[0], /^3 of 4 scenarios are omitted/);
    assert.equal(plan.untested, 0);
  });

  test('tests each pair once before it tests one twice, and names the pairs that are not tested at all', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const text = `(module (memory 1 1 shared) ${names
      .map((name, i) => `(func (export "${name}") (param i32) (i32.store (i32.const ${i * 8}) (local.get 0)))`)
      .join(' ')})`;
    const plan = await planned(text, { limit: 2 });
    assert.deepEqual(titles(plan), [
      'a with itself, one call each, equal arguments',
      'b with itself, one call each, equal arguments',
    ]);
    assert.equal(plan.untested, 6);
    assert.deepEqual(plan.notes, [
      '30 of 32 scenarios are omitted; name an export to get all scenarios for it, or raise the limit (option --all, setting wasmHazards.stress.scenarios).',
      'Not tested at all: 6 pairs of exports (c with itself, d with itself, e with itself, f with itself, g with itself and 1 more).',
    ]);
    const all = await planned(text, { limit: Number.POSITIVE_INFINITY });
    assert.deepEqual([all.scenarios.length, all.untested, all.notes], [32, 0, []]);
  });

  test('runs plumbing where there is nothing else', async () => {
    const plan = await planned(`(module (global $n (mut i32) (i32.const 0))
      (func (export "_start") (global.set $n (i32.const 1))))`);
    assert.ok(titles(plan).every((title) => title.startsWith('_start with itself')));
    assert.ok(plan.scenarios.length > 0);
  });

  test('passes aligned addresses inside the memory', async () => {
    const plan = await planned(`(module (memory (export "memory") 1)
      (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`);
    assert.ok(plan.scenarios.length > 0);
    for (const { scenario } of plan.scenarios)
      for (const [, address] of scenario.callers.flat().filter(isCall))
        assert.ok(typeof address === 'number' && address % 8 === 0 && address > 0 && address < 65536, String(address));
  });

  test('omits what JavaScript cannot call', async () => {
    const plan = await planned(`(module (global $n (mut v128) (v128.const i64x2 0 0))
      (func (export "set") (param v128) (global.set $n (local.get 0))))`);
    assert.deepEqual(plan.scenarios, []);
    assert.match(plan.notes[0], /1 export cannot be called from JavaScript/);
  });

  test('initialises first, and does not run the plumbing of runtimes', async () => {
    const plan = await planned(`(module (global $n (mut i32) (i32.const 0))
      (func $set (global.set $n (i32.const 1)))
      (export "_initialize" (func $set)) (export "_start" (func $set)) (export "reset" (func $set)))`);
    assert.ok(titles(plan).every((title) => title.startsWith('reset with itself')));
    assert.equal(plan.scenarios[0].scenario.life, 'auto');
    assert.deepEqual(plan.scenarios[0].scenario.setup, []);
  });

  test('does not run constructors, thread initialisers and stack helpers of toolchains', async () => {
    const names = [
      ...[
        'wasi_thread_start',
        '__wasm_init_tls',
        '_emscripten_thread_init',
        '__emscripten_thread_init',
        'stackRestore',
      ],
      ...['_emscripten_stack_restore', '_emscripten_tls_init', '__wbindgen_thread_destroy', 'asyncify_start_unwind'],
      ...['_GLOBAL__sub_I_main.cpp', '__wasm_apply_data_relocs', 'emscripten_stack_init'],
    ];
    const plan = await planned(`(module (global $n (mut i32) (i32.const 0)) (func $set (global.set $n (i32.const 1)))
      ${names.map((name) => `(export "${name}" (func $set))`).join(' ')} (export "reset" (func $set)))`);
    assert.ok(plan.scenarios.length > 0);
    assert.ok(titles(plan).every((title) => title.startsWith('reset with itself')));
  });

  test('covers exports that use atomics only: who changes a cell with all who use it, who notifies with who waits', async () => {
    const plan = await planned(`(module (memory 1 1 shared)
      (func (export "add") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
      (func (export "get") (result i32) (i32.atomic.load (i32.const 0)))
      (func (export "other") (i32.atomic.store (i32.const 64) (i32.const 1)))
      (func (export "wait") (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1))))
      (func (export "wake") (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
      (func (export "pure")))`);
    assert.deepEqual(
      titles(plan).filter((title) => title.includes('one call')),
      ['wait with wake', 'add with get', 'add with itself', 'other with itself'].map(
        (pair) => `${pair}, one call each`,
      ),
    );
  });

  test('puts conflicts before pairs that meet in atomics', async () => {
    const plan = await planned(`(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
      (func (export "add") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
      (func (export "set") (global.set $n (i32.const 1))))`);
    assert.deepEqual(titles(plan), [
      'set with itself, one call each',
      'add with itself, one call each',
      'set with itself, two calls each',
      'add with itself, two calls each',
    ]);
  });

  test('calls no initialiser that takes arguments', async () => {
    const plan = await planned(`(module (global $n (mut i32) (i32.const 0))
      (func (export "_initialize") (param i32)) (func (export "reset") (global.set $n (i32.const 1))))`);
    assert.deepEqual(plan.scenarios[0].scenario.setup, []);
  });

  for (const name of ['counter-global', 'bump-allocator', 'growable-memory', 'table-slot', 'shadow-stack']) {
    test(`of ${name} fits its module`, () => {
      const path = join(FIXTURES, `${name}.wasm`);
      const { module, analysis } = analyseBytes(new Uint8Array(readFileSync(path)));
      const { scenarios } = planOf(module, analysis, OPTIONS);
      assert.ok(scenarios.length > 0);
      for (const { scenario } of scenarios) assert.deepEqual(checkCalls(scenario, module), []);
    });
  }
});

describe('new instances in a plan', () => {
  const CASES = join(import.meta.dirname, '../explore/cases/start-clears-shared-memory');
  const caseText = (name: string): string => readFileSync(join(CASES, `${name}.wat`), 'utf8');
  const started = async (text: string, options: Partial<PlanOptions> = {}) => {
    const { module, analysis } = await analyseWat(text, { host: 'wasi-threads', model: 'shared-memory' });
    const { scenarios } = planOf(module, analysis, {
      ...OPTIONS,
      host: 'wasi-threads',
      model: 'shared-memory',
      ...options,
    });
    return scenarios
      .filter(({ title }) => title.includes('with the start of an instance'))
      .map((one) => one.scenario.callers);
  };

  for (const [name, first] of [
    ['module', '$instantiate'],
    ['as-segment', '$instantiate'],
    ['as-export', '_initialize'],
  ])
    test(`meet the calls that use what they write: ${name}`, async () => {
      assert.deepEqual(await started(caseText(name)), [
        [[['next_id']], [[first], ['next_id']]],
        [[['last_id']], [[first], ['last_id']]],
      ]);
      assert.deepEqual(await started(caseText(name), { exportName: 'last_id' }), [
        [[['last_id']], [[first], ['last_id']]],
      ]);
    });

  test('are none for the hammer, nor where a guard lets one instance write', async () => {
    assert.deepEqual(await started(caseText('module'), { hammer: true }), []);
    const guarded = readFileSync(join(CASES, '../lld-init-guard/module.wat'), 'utf8');
    assert.deepEqual(await started(guarded), []);
  });

  test('are none where instances share no memory, or no export uses what they write', async () => {
    const text = caseText('module');
    assert.deepEqual(
      await started(text.replace('(memory (import "env" "memory") 1 4 shared)', '(memory 1 4 shared)')),
      [],
    );
    assert.deepEqual(
      await started(
        text
          .replaceAll('add (i32.const 1024)', 'add (i32.const 2048)')
          .replaceAll('atomic.load (i32.const 1024)', 'atomic.load (i32.const 2048)'),
      ),
      [],
    );
  });
});

describe('sequences of a plan', () => {
  const sequences = ({ scenarios }: Plan) => scenarios.filter(({ scenario }) => scenario.unit === 'sequence');

  test('store, and read back without arguments', async () => {
    const plan = await planned(`(module (memory 1)
      (func (export "handle_request") (param i32) (result i32) (i32.store (i32.const 1024) (local.get 0)) (i32.const 1))
      (func (export "handle_response") (result i32) (i32.load (i32.const 1024))))`);
    const [found, ...more] = sequences(plan);
    assert.deepEqual(more, []);
    assert.equal(found.title, 'handle_request with handle_response, stored and read back by each caller');
    assert.deepEqual(found.scenario.callers, [
      [['handle_request', 1], ['handle_response']],
      [['handle_request', 1001], ['handle_response']],
    ]);
    // After one call each, before two.
    const lengths = plan.scenarios.map(({ scenario }) => scenario.callers[0].length);
    assert.deepEqual(lengths, lengths.toSorted());
    assert.ok(plan.scenarios.indexOf(found) < plan.scenarios.length - 1);
  });

  test('the writer may change other state, and take no arguments', async () => {
    const plan = await planned(`(module (global $rows (mut i32) (i32.const 0)) (global $row (mut i32) (i32.const 0))
      (func (export "step") (global.set $rows (i32.add (global.get $rows) (i32.const 1)))
        (global.set $row (i32.mul (global.get $rows) (i32.const 7))))
      (func (export "column") (result i32) (global.get $row)))`);
    assert.deepEqual(sequences(plan)[0].scenario.callers[1], [['step'], ['column']]);
  });

  test('are none of a counter, which is updated and not stored', async () => {
    const plan = await planned(`(module (global $n (mut i32) (i32.const 0))
      (func (export "add") (global.set $n (i32.add (global.get $n) (i32.const 1))))
      (func (export "count") (result i32) (global.get $n)))`);
    assert.deepEqual(sequences(plan), []);
  });
});

test('a plan for JavaScript has the pairs that conflict on one instance, and the imports that suspend', async () => {
  const source = `(module (import "env" "sleep" (func $sleep)) (global $n (mut i32) (i32.const 0))
    (func (export "slow") (local $old i32) (local.set $old (global.get $n)) (call $sleep)
      (global.set $n (i32.add (local.get $old) (i32.const 1))))
    (func (export "get") (result i32) (global.get $n)))`;
  const module = decodeModule(await parse(source));
  const pairs = (model: 'auto' | 'isolated', suspending: string[] = []): string[] => {
    const analysis = analyse(module, { host: 'javascript', model, suspending });
    const { scenarios } = planOf(module, analysis, { host: 'javascript', model, suspending, seconds: 1 });
    for (const { scenario } of scenarios) assert.deepEqual(scenario.suspending, suspending);
    return [...new Set(scenarios.map(({ a, b }) => `${analysis.exports[a].name} ${analysis.exports[b].name}`))].sort();
  };
  assert.deepEqual(pairs('auto'), ['slow get', 'slow slow']);
  assert.deepEqual(pairs('auto', ['env.sleep']), ['slow get', 'slow slow']);
  assert.deepEqual(pairs('isolated'), ['slow slow']);
});
