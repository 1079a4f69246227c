/** The thread that waits for another run: what it saves, and that nothing of a run stays in it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { AdvisedAnswer } from '../../core/advice/advised.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { useTranslations } from '../../core/text/l10n.ts';
import { endKeptThread, threadsKept } from './keptThread.ts';
import { exploreInThread } from './runStress.ts';
import { threadsLeft, type WorkerOptions } from './workerJob.ts';

const workerPath = new URL('./stressWorker.ts', import.meta.url);
const MODULE = await parse(`(module (import "env" "f" (func $f (result i32)))
  (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "store") (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "told") (result i32) (call $f))
  (func (export "traps") unreachable)
  (func (export "loops") (loop $l (br $l)))
  (func (export "long") (param i32) (loop $l (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);

type Options = Partial<WorkerOptions> & { importsModule?: string; onProgress?(): void };

const run = (file: ScenarioFile, options: Options = {}): Promise<AdvisedAnswer> =>
  exploreInThread(
    { bytes: MODULE, name: 'module.wat', scenario: completeScenario({ model: 'shared-instance', ...file }, 'wazero') },
    { workerPath, keeps: true, ...options },
  );

const twice = (call: string, ...more: string[][]): ScenarioFile => ({
  callers: [[[call]], [[call]], ...more.map((calls) => calls.map((one): [string] => [one]))],
  budget: { seconds: 3600 },
});
const ENDLESS: ScenarioFile = {
  callers: [[['long', 500]], [['long', 500]], [['long', 500]]],
  budget: { seconds: 3600, schedules: 1e9 },
};

/** Without what depends on the machine. */
const steady = (answer: AdvisedAnswer): string =>
  JSON.stringify(answer).replace(/"(seconds|schedulesPerSecond)":[\d.]+/g, '"$1":0');

describe('a thread that has answered', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-kept-'));
    await writeFile(join(folder, 'imports.mjs'), 'let n = 0; export default { env: { f: () => ++n } };');
  });
  afterEach(async () => {
    await endKeptThread();
    assert.deepEqual([threadsLeft(), threadsKept()], [0, 0]);
  });
  after(() => rm(folder, { recursive: true }));

  test('waits for the next run, whose answer is that of a new thread', async () => {
    const scenarios = [twice('inc'), twice('grow', ['inc', 'store']), twice('traps'), twice('loops'), twice('store')];
    const alone: string[] = [];
    for (const scenario of scenarios) alone.push(steady(await run(scenario, { keeps: false })));
    assert.equal(threadsKept(), 0);
    for (let round = 0; round < 3; round++)
      for (const [i, scenario] of scenarios.entries()) {
        assert.equal(steady(await run(scenario)), alone[i]);
        assert.deepEqual([threadsLeft(), threadsKept()], [0, 1]);
      }
  });

  test('speaks the language of each run', async () => {
    const english = await run(twice('inc'));
    useTranslations({ 'Hold {0} around every call of {1}.': '«{0}, {1}»' });
    const other = await run(twice('inc'));
    useTranslations(undefined);
    assert.match(steady(other), /«/);
    assert.equal(steady(await run(twice('inc'))), steady(english));
  });

  test('does not wait after JavaScript of a scenario, whose state would stay', async () => {
    const file: ScenarioFile = {
      ...twice('told'),
      budget: { seconds: 3600, schedules: 200 },
      imports: { module: 'imports.mjs' },
    };
    const options = { importsModule: join(folder, 'imports.mjs') };
    const answer = await run(file, options);
    assert.equal(threadsKept(), 0);
    assert.ok('result' in answer && answer.result.outcomes.examples.length > 0, JSON.stringify(answer));
    await run(twice('inc'));
    assert.equal(steady(await run(file, options)), steady(answer));
    assert.equal(threadsKept(), 1);
  });

  test('does not wait when its run was ended from outside', async () => {
    await run(twice('inc'));
    const abort = new AbortController();
    const ended = await run(ENDLESS, { signal: abort.signal, onProgress: () => abort.abort() });
    assert.ok('failure' in ended && ended.failure.kind === 'cancelled');
    assert.deepEqual([threadsLeft(), threadsKept()], [0, 0]);
  });

  test('is left alone by a run with another budget', async () => {
    await run(twice('inc'));
    const other = await run(twice('inc'), { memory: 512 });
    assert.ok('result' in other);
    assert.deepEqual([threadsLeft(), threadsKept()], [0, 1]);
  });
});
