/**
 * Real modules under stress: instrumented code is valid, gives the same results as the original module for sequential
 * calls, and shows what callers of one instance share. By default small modules, all with `WASM_HAZARDS_CORPUS=all`.
 * If they cannot be fetched, the tests are skipped and say why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { RaceCollector } from '../../core/stress/explore/raceCollector.ts';
import type { Verdict } from '../../core/stress/explore/result.ts';
import { shareModule } from '../../core/stress/hammer/share.ts';
import { instrument } from '../../core/stress/instrument/instrument.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { Call } from '../../core/stress/scenario/steps.ts';
import { createSession } from '../../core/stress/session/createSession.ts';
import { plainInstance } from '../../core/stress/testing/plainInstance.ts';
import { environment, explored } from '../../core/stress/testing/run.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { wasmEngine } from '../../core/wasm/webAssembly.ts';
import { hammerInThreads } from '../../node/stress/runHammer.ts';
import { corpus } from './fetch.ts';
import { MODULE_CALLS } from './testing/calls.ts';
import { choice, chooseModules, fetched } from './testing/chosen.ts';

const called = new Set(MODULE_CALLS.map(({ module }) => module));
const chosen = chooseModules((name) => called.has(name));

const bytesOf = (name: string): Uint8Array => {
  const found = corpus.find((module) => module.name === name);
  assert.ok(found, name);
  return new Uint8Array(readFileSync(found.path));
};

/** Contents of the first memory after instrumented calls. */
async function memoryAfter(bytes: Uint8Array, calls: Call[]): Promise<Uint8Array> {
  const file: ScenarioFile = { model: 'shared-instance', life: 'none', setup: calls, callers: [calls.slice(0, 1)] };
  const job = { bytes, name: 'test.wasm', scenario: completeScenario(file, 'wazero') };
  const { machine } = await createSession(job, environment(), new RaceCollector(), () => false);
  const [memory] = machine.instances[0].memories;
  return memory.view.subarray(0, memory.bytes);
}

/** Offset of the first byte that differs, or the smaller length; -1 if there is no difference. */
function differenceAt(a: Uint8Array, b: Uint8Array): number {
  if (Buffer.compare(a, b) === 0) return -1;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? Math.min(a.length, b.length) : at;
}

describe(`corpus under stress (${choice} modules)`, () => {
  const isSkipped = fetched(chosen);

  for (const { name } of chosen) {
    test(`${name}: instrumented code is valid`, (t) => {
      if (isSkipped(t)) return;
      const module = decodeModule(bytesOf(name));
      const analysis = analyse(module, { host: 'wazero', model: 'auto' });
      const { bytes, sites } = instrument(module, analysis, {
        functions: analysis.exports.map((e) => e.func),
      });
      assert.ok(sites.func.length > 0);
      assert.ok(wasmEngine.validate(bytes));
    });
  }

  for (const { name } of chosen) {
    test(`${name}: code rewritten for threads is valid`, (t) => {
      if (isSkipped(t)) return;
      const module = decodeModule(bytesOf(name));
      const { stackPointer } = analyse(module, { host: 'wazero', model: 'auto' });
      const reachable = new Uint8Array(module.functions.typeIndex.length).fill(1);
      const { first, plain, serial } = shareModule(module, { wholeInstance: true, reachable, stackPointer });
      for (const variant of [first, plain, serial]) assert.ok(wasmEngine.validate(variant));
    });
  }

  for (const { module: name, setup, calls } of MODULE_CALLS) {
    test(`${name}: results on memories and globals that threads share are those of the module as it is`, async (t) => {
      if (isSkipped(t)) return;
      const bytes = bytesOf(name);
      const plain = plainInstance(decodeModule(bytes));
      for (const call of setup) plain.call(call);
      const expected = calls.map((call) => plain.call(call));
      const file: ScenarioFile = { model: 'shared-instance', setup, callers: [calls], budget: { seconds: 300 } };
      const enough = new AbortController();
      const answer = await hammerInThreads(
        { bytes, name, scenario: completeScenario(file, 'wazero') },
        {
          workerPath: new URL('../../node/stress/stressWorker.ts', import.meta.url),
          enough: enough.signal,
          onProgress: ({ rounds }) => rounds > 0 && enough.abort(),
        },
      );
      assert.ok('result' in answer, JSON.stringify(answer));
      assert.deepEqual(
        [...new Set(answer.result.outcomes.map(({ results }) => JSON.stringify(results)))],
        [JSON.stringify([expected])],
      );
    });
    test(`${name}: results and memory are those of the module as it is`, async (t) => {
      if (isSkipped(t)) return;
      const bytes = bytesOf(name);
      const plain = plainInstance(decodeModule(bytes));
      for (const call of setup) assert.doesNotMatch(plain.call(call), /^trap/);
      const expected = calls.map((call) => plain.call(call));
      assert.ok(expected.every((result) => !result.startsWith('trap')));
      const result = await explored(bytes, { setup, callers: [calls] });
      assert.deepEqual(result.outcomes.examples[0].results, [expected]);
      assert.ok(plain.bytes().some((byte) => byte !== 0));
      assert.equal(differenceAt(plain.bytes(), await memoryAfter(bytes, [...setup, ...calls])), -1);
    });
  }

  const run = (name: string, file: ScenarioFile) => explored(bytesOf(name), { budget: { schedules: 2000 }, ...file });

  test('two callers of one instance race on the stack pointer', async (t) => {
    if (isSkipped(t)) return;
    const result = await run('vscode-oniguruma/release/onig.wasm', {
      setup: [['__wasm_call_ctors']],
      callers: [[['createOnigScanner', 0, 0, 0, 0, 0]], [['stackAlloc', 16]]],
    });
    assert.equal(result.wrongOutcome, true);
    assert.ok(result.races.some(({ cell }) => cell.includes('stack pointer')));
  });

  // The second one grows the memory itself, which on wazero damages the host beside any access.
  for (const [name, setup, call, verdict] of [
    ['yoga-wasm-web/dist/yoga.wasm', [['E']], ['F', 64], 'race'],
    ['source-map/lib/mappings.wasm', [], ['allocate_mappings', 100], 'host-hazard'],
  ] as [string, Call[], Call, Verdict][])
    test(`${name}: allocating twice at once goes wrong`, async (t) => {
      if (isSkipped(t)) return;
      const result = await run(name, { setup, callers: [[call], [call]] });
      assert.deepEqual([result.verdict, result.wrongOutcome], [verdict, true]);
      assert.ok(result.races.some(({ cell }) => cell.includes('stack pointer')));
    });

  test('a side module that only reads is safe, with stack and data where a linker would put them', async (t) => {
    if (isSkipped(t)) return;
    const result = await run('web-tree-sitter/web-tree-sitter.wasm', {
      setup: [['__wasm_call_ctors']],
      callers: [[['iswspace', 32]], [['iswalnum', 65]]],
    });
    assert.deepEqual([result.verdict, result.exhaustive], ['safe', true]);
    assert.deepEqual(result.outcomes.examples[0].results, [['1'], ['1']]);
    assert.ok(result.notes.some((note) => note.includes('__stack_pointer starts with')));
  });

  test('an allocator without locks hands out one block twice', async (t) => {
    if (isSkipped(t)) return;
    const result = await run('@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm', {
      setup: [['__wasm_call_ctors'], ['sqlite3_initialize']],
      callers: [[['sqlite3_malloc', 100]], [['sqlite3_malloc', 200]]],
    });
    assert.ok(result.outcomes.wrong.some(({ results }) => results[0][0] === results[1][0]));
  });

  test('a build for threads keeps its allocator safe over one shared memory', async (t) => {
    if (isSkipped(t)) return;
    const result = await run('@oxc-parser/binding-wasm32-wasi/parser.wasm32-wasi.wasm', {
      model: 'shared-memory',
      callers: [[['malloc', 100]], [['malloc', 100]]],
    });
    assert.deepEqual(
      [result.verdict, result.races.length, result.outcomes.serial, result.outcomes.seen],
      ['safe', 0, 2, 2],
    );
    // Its lock counts how often it spins, so that the loop is not one that only waits.
    assert.equal(result.exhaustive, false);
    assert.match(result.notes.join(' '), /may also end after a number of iterations/);
  });
});
