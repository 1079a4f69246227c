/** Advice on real runs: what each fixture is about. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import { WAZERO_SCENARIOS, wazeroModule } from '../analysis/testing/wazero/verdicts.ts';
import type { ScenarioFile } from '../stress/scenario/scenario.ts';
import type { Call } from '../stress/scenario/steps.ts';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Advice, Remedy } from './advice.ts';
import { adviceOf } from './adviceOf.ts';
import type { AdvisedResult } from './advised.ts';
import { evidenceLines } from './evidenceLines.ts';
import { advisedRun } from './testing/advisedRun.ts';

const source = (name: string): Promise<string> => readFile(join(FIXTURES, `${name}.wat`), 'utf8');

async function run(name: string, file: ScenarioFile): Promise<AdvisedResult> {
  return advisedRun(await source(name), file);
}

const remedies = ({ advice }: Pick<AdvisedResult, 'advice'>): Remedy[] => advice.map(({ remedy }) => remedy);

function only(advices: readonly Advice[], remedy: Remedy): Advice {
  const found = advices.filter((advice) => advice.remedy === remedy);
  assert.equal(found.length, 1, `${remedy} in ${JSON.stringify(advices, null, 1)}`);
  return found[0];
}

describe('on fixtures', () => {
  test('a counter: a lock, and no pool, because a used instance answers differently', async () => {
    const result = await run('counter-global', { callers: [[['increment']], [['increment']]] });
    assert.deepEqual(remedies(result), ['mutex', 'no-pool']);
    const mutex = only(result.advice, 'mutex');
    assert.equal(mutex.text, 'Hold one sync.Mutex around every call of `increment` and `count`.');
    assert.equal(mutex.checked.by, 'construction');
    assert.deepEqual(result.pool, [{ call: 'increment()', fresh: '1', used: '2' }]);
    const [difference] = only(result.advice, 'no-pool').because;
    assert.deepEqual(
      [difference.kind, difference.kind === 'pool-difference' && difference.name],
      ['pool-difference', 'increment()'],
    );
    assert.equal(result.remedies.isolated?.verdict, 'safe');
  });

  test('pure exports run concurrently', async () => {
    const result = await run('pure', { callers: [[['add', 1, 2]], [['ratio', 6, 3]]] });
    assert.deepEqual(remedies(result), ['concurrent']);
    const [{ exports, text, checked }] = result.advice;
    assert.deepEqual(exports, ['add', 'ratio']);
    assert.match(text, /mod\.ExportedFunction/);
    assert.deepEqual([checked.by, checked.exhaustive], ['exploration', true]);
  });

  test('a single caller checks nothing about calls at the same time', async () => {
    const { advice } = await run('pure', { callers: [[['add', 1, 2]]] });
    assert.equal(only(advice, 'concurrent').checked.by, 'nothing');
  });

  test('readers run concurrently, as long as the writer does not run', async () => {
    const result = await run('counter-global', { callers: [[['count']], [['count']]] });
    assert.match(only(result.advice, 'concurrent').text, /as long as `increment` does not run at the same time\./);
    assert.deepEqual(remedies(result), ['concurrent']);
  });

  test('an allocator: the whole protocol under one lock, and memory that is there from the start', async () => {
    const result = await run('bump-allocator', { callers: [[['malloc', 100_000]], [['malloc', 8]]] });
    assert.equal(
      only(result.advice, 'mutex').text,
      'Hold one sync.Mutex around the whole of `malloc`, Memory().Write, the calls that use the block and Memory().Read: one critical section, not four; calls of `heap_used` take the same lock.',
    );
    assert.match(only(result.advice, 'no-pool').text, /an address means nothing in another instance/);
    const { text, because, checked, exports } = only(result.advice, 'preallocate');
    assert.match(text, /^Start memory\[0\] with 2 pages instead of 1: /);
    assert.match(text, /it still leaves races on globals and the contents of memory/);
    assert.deepEqual(exports, ['malloc']);
    assert.ok(because.some((e) => e.kind === 'growth' && e.from === 1 && e.to === 2));
    assert.match(checked.text, /races remain on global, memory/);
    assert.deepEqual(result.remedies.preallocated?.grows, []);
  });

  test('growth that no size satisfies is said to go on', async () => {
    const result = await run('grow-vs-write', { callers: [[['add_page']], [['bump'], ['bump']]] });
    assert.match(
      only(result.advice, 'preallocate').text,
      /^Do not rely on a larger initial size: these calls grow memory\[0\] whatever its size/,
    );
    assert.deepEqual(result.remedies.preallocated?.grows, [0]);
    only(result.advice, 'mutex');
  });

  test('memory that could grow, and did not, has no size', async () => {
    const result = await run('bump-allocator', { callers: [[['malloc', 8]], [['malloc', 8]]] });
    const { text, because, checked } = only(result.advice, 'preallocate');
    assert.match(text, /instead of 1: `malloc` can grow it, but no run did, so the size is not known/);
    assert.deepEqual([because[0].kind, checked.by], ['rule', 'nothing']);
  });

  test('pages that calls leave over from setup are told apart from those declared', async () => {
    const result = await run('bump-allocator', {
      setup: [['malloc', 70_000]],
      callers: [[['malloc', 70_000]], [['malloc', 8]]],
    });
    assert.deepEqual(result.growth, [
      { memory: 'memory[0]', index: 0, pageBytes: 65_536, declared: 1, base: 2, most: 3 },
    ]);
    assert.match(only(result.advice, 'preallocate').text, /with 3 pages instead of 1 \(2 when callers start\)/);
  });

  test('disjoint buffers: these calls may run concurrently', async () => {
    const result = await run('caller-buffer', { callers: [[['fill', 0, 16, 1]], [['fill', 4096, 16, 2]]] });
    assert.deepEqual(only(result.advice, 'together').pairs, [['fill', 'fill']]);
    assert.deepEqual(remedies(result), ['together']);
  });

  test('exports on disjoint memory run concurrently, by the matrix and by a run', async () => {
    const result = await run('disjoint-exports', { callers: [[['count_hits']], [['count_misses']]] });
    const { pairs, because, checked } = only(result.advice, 'together');
    assert.deepEqual(pairs, [['count_hits', 'count_misses']]);
    assert.equal(because[0].kind, 'no-conflict');
    assert.deepEqual([checked.by, checked.exhaustive], ['exploration', true]);
  });

  test('a host function is for the host to guard', async () => {
    const result = await run('host-import', { callers: [[['rate', 1]], [['rate', 2]]] });
    assert.deepEqual(remedies(result), ['host']);
    assert.match(result.advice[0].text, /`env\.record_score`: separate instances do not protect it/);
    assert.equal(result.advice[0].checked.by, 'nothing');
  });

  test('frames alone are solved by an instance each, and that was run', async () => {
    const result = await run('shadow-stack', { callers: [[['sum_of_squares', 1, 2]], [['sum_of_squares', 3, 4]]] });
    assert.deepEqual(remedies(result), ['mutex', 'pool']);
    assert.equal(result.poolCheck?.leavesState, false);
    assert.deepEqual(
      [only(result.advice, 'pool').checked.by, only(result.advice, 'pool').checked.exhaustive],
      ['exploration', true],
    );
  });

  test('a race without a wrong outcome is a race all the same', async () => {
    const result = await run('disjoint-exports', { callers: [[['mark_both', 3]], [['mark_both', 3]]] });
    assert.equal(result.wrongOutcome, false);
    assert.deepEqual(remedies(result), ['mutex']);
  });

  test('correct atomics are fine to share', async () => {
    const result = await run('threads-atomics', { callers: [[['increment']], [['increment']]] });
    assert.deepEqual(remedies(result), ['concurrent']);
    assert.match(result.advice[0].text, /their atomic accesses order them/);
  });

  test('an instance for each caller: reused ones that answer differently are no pool', async () => {
    const result = await run('counter-global', { model: 'isolated', callers: [[['increment']], [['increment']]] });
    assert.deepEqual(remedies(result), ['no-pool']);
    assert.match(
      result.advice[0].text,
      /keep one instance and hold one sync\.Mutex around everything that a caller does/,
    );
  });

  test('a segment is dropped before anybody else comes', async () => {
    const result = await run('segment-drop', { callers: [[['load_defaults']], [['forget_defaults']]] });
    assert.match(only(result.advice, 'initialise').text, /drop passive segments once/);
    only(result.advice, 'mutex');
    // A dropped segment crashes wazero, whatever the outcomes are.
    assert.equal(result.verdict, 'host-hazard');
  });

  test('a replay gives none', async () => {
    const file = { callers: [[['increment']], [['increment']]] satisfies Call[][] };
    const { advice, poolCheck } = await advisedRun(await source('counter-global'), file, { schedule: 'A2B3A1' });
    assert.deepEqual([advice, poolCheck], [[], null]);
  });
});

describe('on hangs', () => {
  const LOCK = `(module (memory 1) (func $take (export "f") (param i32 i32)
    (loop $a (br_if $a (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 1))))
    (loop $b (br_if $b (i32.atomic.rmw.cmpxchg (local.get 1) (i32.const 0) (i32.const 1))))
    (i32.atomic.store (local.get 1) (i32.const 0)) (i32.atomic.store (local.get 0) (i32.const 0))))`;

  test('locks in two orders', async () => {
    const result = await advisedRun(LOCK, { callers: [[['f', 0, 4]], [['f', 4, 0]]] });
    const { text, because } = only(result.advice, 'fix');
    assert.match(text, /^Take these locks in the same order everywhere\. .* in `\$take`\.$/);
    assert.equal(because[0].kind, 'hang');
  });

  test('a call that does not return', async () => {
    const result = await advisedRun('(module (func (export "f") (loop $l (br $l))))', { callers: [[['f']], [['f']]] });
    assert.deepEqual(remedies(result), ['fix']);
    assert.match(result.advice[0].text, /^Bound the loop/);
  });
});

describe('of a whole module', () => {
  test('before any run it follows from the analysis, and says so', async () => {
    const module = decodeModule(await parse(await source('counter-global')));
    const advices = adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), []);
    assert.deepEqual(remedies({ advice: advices }), ['mutex']);
    assert.ok(advices.every(({ checked }) => checked.by === 'nothing'));
    assert.deepEqual(
      only(advices, 'mutex').because.map(({ kind }) => kind),
      ['rule', 'rule'],
    );
  });

  test('exports that share nothing have locks of their own', async () => {
    const module = decodeModule(await parse(await source('disjoint-exports')));
    const advices = adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), []);
    const locks = advices.filter(({ remedy }) => remedy === 'mutex').map(({ exports }) => exports);
    assert.deepEqual(locks, [['count_hits'], ['count_misses'], ['mark_low', 'mark_high', 'mark_both']]);
  });

  const unrun = async (name: string): Promise<Advice[]> => {
    const module = decodeModule(await parse(await source(name)));
    return adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), []);
  };

  test('locks of sets that share nothing can be different ones, and readers can share one', async () => {
    const locks = (await unrun('disjoint-exports')).filter(({ remedy }) => remedy === 'mutex');
    assert.doesNotMatch(locks[0].text, /another lock/);
    assert.match(locks[1].text, /It can be a different lock from the one for `count_hits`: they share nothing\.$/);
    assert.match(
      only(await unrun('grow-vs-write'), 'mutex').text,
      /If it is a reader-writer lock, calls of `peek` and `pages` may share it as readers/,
    );
  });

  test('what the host may change has no neighbour that reads it', async () => {
    assert.ok(!remedies({ advice: await unrun('growable-memory') }).includes('together'));
    assert.deepEqual(only(await unrun('host-import'), 'together').pairs, [['scale', 'rate']]);
  });

  test('who only reads what nobody writes needs nothing but a function object', async () => {
    const { text } = only(await unrun('table-slot'), 'concurrent');
    assert.match(text, /^Calls of `encode_default` may run concurrently: no export writes what they read/);
    assert.doesNotMatch(text, /neither another export/);
  });

  test('an instance for each caller is named on a host that shares by default', async () => {
    const module = decodeModule(await parse(await source('pure')));
    const isolated = adviceOf(module, analyse(module, { host: 'wazero', model: 'isolated' }), []);
    assert.match(only(isolated, 'concurrent').text, /each caller on its own instance: call runtime\.CompileModule/);
  });

  test('races with and without a wrong outcome are under one lock', async () => {
    const wat = await source('segment-drop');
    const race = await advisedRun(wat, { callers: [[['load_defaults']], [['forget_defaults']]] });
    const twice = await advisedRun(wat, { callers: [[['load_defaults']], [['load_defaults']]] });
    assert.equal(twice.wrongOutcome, false);
    const module = decodeModule(await parse(wat));
    const advices = adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), [race, twice]);
    assert.deepEqual(only(advices, 'mutex').exports, ['load_defaults', 'forget_defaults', 'threshold']);
  });

  test('calls of several scenarios are all named, or counted', async () => {
    const wat = await source('caller-buffer');
    const results = await Promise.all(
      [4096, 8192, 12_288].map((to) => advisedRun(wat, { callers: [[['fill', 0, 16, 1]], [['fill', to, 16, 2]]] })),
    );
    const module = decodeModule(await parse(wat));
    const advices = adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), results, 'calls');
    assert.match(
      only(advices, 'together').text,
      /^Only these calls may run concurrently: fill\(0, 16, 1\) \| fill\(4096, 16, 2\), or .*\(8192, 16, 2\), or the calls of 1 more scenario\. No schedule of them goes wrong on a new instance/,
    );
  });

  test('a race with some arguments outweighs safe calls with others', async () => {
    const wat = await source('caller-buffer');
    const disjoint = await advisedRun(wat, { callers: [[['fill', 0, 16, 1]], [['fill', 4096, 16, 2]]] });
    const overlapping = await advisedRun(wat, { callers: [[['fill', 0, 16, 1]], [['fill', 8, 16, 2]]] });
    const module = decodeModule(await parse(wat));
    const advices = adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), [disjoint, overlapping]);
    assert.ok(!advices.some(({ pairs }) => pairs.some(([a, b]) => a === 'fill' && b === 'fill')));
    assert.match(
      only(advices, 'mutex').text,
      /around the whole of Memory\(\)\.Write, `fill` or `checksum` and Memory\(\)\.Read/,
    );
  });

  test('a reference to a function is a matter of the host, which no run shows', async () => {
    const module = decodeModule(await parse(await source('ref-func')));
    const advices = adviceOf(module, analyse(module, { host: 'wazero', model: 'auto' }), []);
    assert.match(JSON.stringify(advices), /: ref\.func changes a list that wazero \(Go\) keeps/);
    const { advice } = await run('ref-func', { callers: [[['new_handler']], [['new_handler']]] });
    assert.deepEqual(remedies({ advice }), ['pool']);
  });

  test('runs under another model say nothing', async () => {
    const wat = await source('counter-global');
    const isolated = await advisedRun(wat, { model: 'isolated', callers: [[['increment']], [['increment']]] });
    const module = decodeModule(await parse(wat));
    const analysis = analyse(module, { host: 'wazero', model: 'auto' });
    assert.deepEqual(adviceOf(module, analysis, [isolated]), adviceOf(module, analysis, []));
  });
});

test('every host has its own words', async () => {
  const bytes = await parse(await source('bump-allocator'));
  const module = decodeModule(bytes);
  for (const [host, lock] of [
    ['wasmtime', 'one Mutex over Store and Instance'],
    ['wamr', 'one lock'],
    ['extism', 'one mutex over the Plugin'],
  ] as const) {
    const result = await advisedRun(bytes, { host, callers: [[['malloc', 100_000]], [['malloc', 8]]] });
    assert.ok(only(result.advice, 'mutex').text.startsWith(`Hold ${lock} around the whole of \`malloc\``), host);
    const unrun = adviceOf(module, analyse(module, { host, model: 'shared-instance' }), []);
    assert.ok(unrun.length > 0, host);
  }
});

test('threads over one memory: a lock or atomics, and what a lock of the module achieves', async () => {
  const wat = (body: string): string =>
    `(module (import "env" "memory" (memory 1 1 shared)) (func (export "inc") (result i32) ${body}))`;
  const callers: Call[][] = [[['inc']], [['inc']]];
  const plain = wat(
    '(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (i32.load (i32.const 0))',
  );
  const racy = await advisedRun(plain, { model: 'shared-memory', callers });
  assert.deepEqual(remedies(racy), ['mutex', 'no-pool', 'atomics']);
  assert.match(only(racy.advice, 'atomics').text, /^Use only atomic instructions to access memory\[0\] 0x0\.\.0x4,/);
  const split = wat(
    '(i32.atomic.store (i32.const 0) (i32.add (i32.atomic.load (i32.const 0)) (i32.const 1))) (i32.const 0)',
  );
  const twoSteps = await advisedRun(split, { model: 'shared-memory', callers });
  assert.equal(twoSteps.verdict, 'non-atomic');
  assert.match(only(twoSteps.advice, 'atomics').text, /^Replace the atomic load and store of memory\[0\] 0x0/);
  const whole = wat('(i32.atomic.rmw.add (i32.const 0) (i32.const 1))');
  assert.deepEqual(remedies(await advisedRun(whole, { model: 'shared-memory', callers })), ['concurrent']);
});

test('calls of any length make no long sentences', async () => {
  const name = 'n'.repeat(5_000);
  const wat = `(module (global $g (mut i32) (i32.const 0))
    (func (export "${name}") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))`;
  const calls: Call[] = Array.from({ length: 3 }, () => [name]);
  const { advice } = await advisedRun(wat, { callers: [calls, calls], budget: { schedules: 2_000 } });
  for (const { text, because } of advice)
    for (const sentence of [text, ...because.map((evidence) => evidence.text)])
      assert.ok(sentence.length < 800, `${sentence.length}: ${sentence.slice(0, 100)}`);
});

test('lines for comments are plain, few and different', async () => {
  const { advice } = await run('counter-global', { callers: [[['increment']], [['increment']]] });
  const lines = evidenceLines(advice);
  assert.match(
    lines[0],
    /^Hold one sync\.Mutex .*\. Because: A increment\(\) = 2, B increment\(\) = 2: no serial order gives that.*\. Checked by construction/,
  );
  assert.ok(
    lines.every((line) => /^[^\p{C}]{1,600}$/u.test(line) && line.endsWith('.')),
    lines.join('\n'),
  );
  const many = Array.from(
    { length: 50 },
    (_, i): Advice => ({ ...advice[0], because: [{ ...advice[0].because[0], text: `${i}\n*/` }] }),
  );
  assert.equal(evidenceLines(many).length, 24);
  assert.ok(evidenceLines(many).every((line) => !line.includes('\n')));
});

test('atomic steps that go wrong together have one lock', async () => {
  const { module, callers, setup, probe } =
    WAZERO_SCENARIOS.find(({ id }) => id === 'c66_transfer:move||total') ?? assert.fail();
  const { advice } = await advisedRun(await wazeroModule(module), { callers, setup, probe });
  assert.deepEqual(only(advice, 'mutex').exports, ['move', 'total']);
});

test('callers that wait for each other get no lock around the waiting', async () => {
  const wat = `(module (memory 1 1 shared)
    (func (export "wait") (result i32)
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))) (i32.load (i32.const 8)))
    (func (export "wake") (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))) (i32.store (i32.const 8) (i32.const 7))))`;
  const { advice, verdict } = await advisedRun(wat, { callers: [[['wait']], [['wake']]] });
  assert.equal(verdict, 'race');
  assert.match(only(advice, 'fix').text, /Do not hold a host lock around these calls/);
  assert.ok(!advice.some(({ remedy }) => remedy === 'mutex'));
});
