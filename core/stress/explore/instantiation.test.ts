/** Instantiation beside running calls: active data, start functions and initialisers run for each instance. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { adviceOf } from '../../advice/adviceOf.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { caseSource, exploredCase, isRepeatable } from '../testing/caseFiles.ts';
import { explored, failure, runScenario } from '../testing/run.ts';

const START = 'start-clears-shared-memory';
const GUARD = 'lld-init-guard';
const THREADS = { host: 'wasi-threads', model: 'shared-memory' } as const;
const INSTANTIATE: Call = ['$instantiate'];
const beside = (...calls: Call[]): ScenarioFile => ({
  ...THREADS,
  callers: [calls, [INSTANTIATE, ...calls]],
  probe: [['last_id']],
});

describe('a memory that every instance initialises', () => {
  for (const [file, op] of [
    ['module', 'memory.fill'],
    ['as-segment', 'memory.init'],
  ])
    test(`is written beside the calls that use it: ${file}`, async () => {
      const result = await explored(caseSource(`${START}/${file}.wat`), beside(['next_id']));
      assert.equal(result.verdict, 'race');
      assert.ok(
        result.races.some(({ a, b }) => [a.op, b.op].includes(op)),
        JSON.stringify(result.races),
      );
      assert.match(`${result.notes}`, /^(?!.*All instances were created)/);
      assert.ok(result.schedule);
    });

  test('is written at an address that an extended constant expression gives', async () => {
    const source = caseSource(`${START}/as-segment.wat`).replace(
      '(data (i32.const 1024)',
      '(global $base i32 (i32.const 1000)) (data (offset (i32.add (global.get $base) (i32.sub (i32.const 30) (i32.const 6))))',
    );
    const result = await explored(source, beside(['next_id']));
    assert.equal(result.verdict, 'race');
  });

  test('is written by an initialiser that a caller calls', async () => {
    const result = await exploredCase(START, 'as-export');
    assert.equal(result.verdict, 'race');
  });

  test('is no matter once all instances are made', async () => {
    const result = await exploredCase(START, 'scenario');
    assert.equal(result.verdict, 'safe');
    assert.equal(result.exhaustive, true);
    const segment = await explored(caseSource(`${START}/as-segment.wat`), {
      ...THREADS,
      callers: [[['next_id']], [['next_id']]],
    });
    assert.equal(segment.verdict, 'safe');
    for (const { notes } of [result, segment])
      assert.ok(
        notes.some((note) => /All instances were created before the calls.*\$instantiate/.test(note)),
        `${notes}`,
      );
  });

  test('is initialised by two instances at once', async () => {
    const result = await explored(caseSource(`${START}/module.wat`), {
      ...THREADS,
      callers: [[INSTANTIATE], [INSTANTIATE, ['next_id']]],
    });
    assert.equal(result.verdict, 'race');
  });
});

describe('a memory that a guard initialises once', () => {
  const source = caseSource(`${GUARD}/module.wat`);
  const callers: Call[][][] = [
    [[['answer']], [INSTANTIATE, ['answer']]],
    [
      [INSTANTIATE, ['answer']],
      [INSTANTIATE, ['answer']],
    ],
  ];
  for (const list of callers)
    test(`is right: ${JSON.stringify(list)}`, async () => {
      const result = await explored(source, { host: 'javascript', model: 'shared-memory', callers: list });
      assert.equal(result.verdict, 'safe');
      assert.equal(result.exhaustive, true);
      assert.ok(
        result.outcomes.examples.every(({ results }) => results.flat().every((one) => one === '49' || one === '()')),
      );
    });

  test('in a start function or an export', async () => {
    for (const name of ['scenario', 'export']) {
      const result = await exploredCase(GUARD, name);
      assert.equal(result.verdict, 'safe', name);
      assert.ok(result.outcomes.examples.every(({ results }) => results.flat().join() === '49,49'));
    }
  });

  test('is wrong without the wait', async () => {
    const result = await exploredCase(GUARD, 'broken');
    assert.equal(result.verdict, 'race');
    assert.equal(result.wrongOutcome, true);
    const broken = caseSource(`${GUARD}/broken.wat`).replace(
      '(func (export "setup_and_answer")',
      '(start $init_memory) (func (export "setup_and_answer")',
    );
    const started = await explored(broken, { host: 'javascript', model: 'shared-memory', callers: callers[1] });
    assert.equal(started.verdict, 'race');
    assert.equal(started.wrongOutcome, true);
  });
});

test('instances that are made too late are to be made earlier; no lock helps', async () => {
  const answer = await runScenario(await parse(caseSource(`${START}/module.wat`)), beside(['next_id']));
  assert.ok('result' in answer);
  const advice = adviceOf(answer.module, answer.analysis, [answer.result], 'calls');
  assert.deepEqual(
    advice.map(({ remedy }) => remedy),
    ['initialise'],
  );
});

describe('instantiations that cannot be', () => {
  const EMPTY = '(module (func (export "f")))';
  const MEMORY = '(module (import "env" "memory" (memory 1 1 shared)) (func (export "f")))';
  const REFUSED: [string, ScenarioFile, RegExp][] = [
    [
      EMPTY,
      { ...THREADS, callers: [[['f']], [INSTANTIATE]] },
      /callers\.1\.0\.0: the module has no memory, table, mutable global or start/,
    ],
    [
      MEMORY,
      { ...THREADS, callers: [[['f'], INSTANTIATE]] },
      /callers\.0\.1\.0: \$instantiate must be the first call of its caller/,
    ],
    [MEMORY, { ...THREADS, setup: [INSTANTIATE], callers: [[['f']]] }, /setup\.0\.0: only a caller/],
    [MEMORY, { ...THREADS, callers: [[['$instantiate', 1]]] }, /takes no arguments/],
    [MEMORY, { callers: [[['f']], [INSTANTIATE]], model: 'shared-instance' }, /needs the model shared-memory/],
    [MEMORY, { ...THREADS, setup: [['f']], callers: [[INSTANTIATE]] }, /no instance for the setup calls/],
  ];
  for (const [source, file, message] of REFUSED)
    test(String(message), async () => {
      const { kind, message: text } = await failure(source, file);
      assert.equal(kind, 'invalid-scenario');
      assert.match(text, message);
    });
});

test('ten runs, ten equal answers', async () => {
  assert.ok(await isRepeatable(START, 'scenario', { callers: [[['next_id']], [INSTANTIATE, ['next_id']]] }));
  assert.ok(await isRepeatable(START, 'as-export'));
  for (const name of ['scenario', 'export', 'broken']) assert.ok(await isRepeatable(GUARD, name), name);
});
