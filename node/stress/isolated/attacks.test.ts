/**
 * Whatever a guest or a module of imports does, the run ends within its budget and ten seconds with a sentence, the
 * program that started it goes on, and no process is left.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario, type ScenarioFile } from '../../../core/stress/scenario/scenario.ts';
import { type HammerOptions, runHammer } from '../runHammer.ts';
import { runStress } from '../runStress.ts';
import { endIdleRuns } from './inProcess.ts';
import { noProcessList, runProcessesOf, until } from './testing/runProcesses.ts';

const workerPath = new URL('../stressWorker.ts', import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(`cases/${name}`, import.meta.url));

const SECONDS = 1;
/** Most milliseconds that a run may take beyond its budget, and before that to load the program on a busy machine. */
const BEYOND = 10_000;
const LOADING = 60_000;
/** Megabytes for what takes all that it gets; enough for what is bounded by itself. */
const SMALL = 400;
/** Growth of this process, in bytes, that would not be one. */
const SLIGHT = 400 * 2 ** 20;

/** What came of a run: its verdict, or why it has none. */
type Came = string;

interface Attack extends Pick<Partial<HammerOptions>, 'memory'> {
  calls: [string, string];
  imports?: string;
  seconds?: number;
}

const scenarioOf = (calls: readonly string[], more: Partial<ScenarioFile> = {}) =>
  completeScenario({ model: 'shared-instance', callers: calls.map((name) => [[name]]), ...more }, 'wazero');

/** Either mode; neither is told of progress. */
type Run = (
  job: Parameters<typeof runHammer>[0],
  options: Omit<HammerOptions, 'onProgress'>,
) => ReturnType<typeof runStress> | ReturnType<typeof runHammer>;

async function came(run: Run, name: string, attack: Attack): Promise<Came> {
  const { calls, imports, seconds = SECONDS, ...options } = attack;
  const bytes = await parse(await readFile(file(`${name}.wat`), 'utf8'));
  const scenario = scenarioOf(calls, {
    budget: { seconds },
    ...(imports !== undefined && { imports: { module: imports } }),
  });
  const importsModule = imports && file(imports);
  const answer = await run(
    { bytes, name, scenario },
    { workerPath, isolation: 'process', importsModule, cores: 2, ...options },
  );
  return 'failure' in answer ? answer.failure.message : answer.result.verdict;
}

describe('attacks', { concurrency: 2 }, () => {
  let taken: number;
  before(async () => {
    // Nine schedules, which take seconds each on a busy machine.
    assert.match(await came(runStress, 'mem2g', { calls: ['f', 'f'], seconds: 120 }), /^race$/);
    taken = process.memoryUsage.rss();
  });
  after(async () => {
    assert.ok(process.memoryUsage.rss() - taken < SLIGHT);
    endIdleRuns();
    if (noProcessList === false) await until(() => runProcessesOf(process.pid).length === 0);
  });

  const attack = (title: string, run: Run, name: string, how: Attack, what: RegExp) =>
    test(title, async () => {
      const began = performance.now();
      const told = await came(run, name, how);
      const took = performance.now() - began;
      assert.match(told, what);
      assert.ok(took < LOADING + SECONDS * 1000 + BEYOND, `${Math.round(took)} ms`);
    });

  const MEMORY = /exceeded its memory limit and was stopped; raise the limit/;
  const ALLOCATED = /allocated arrays and structures of more than 1 GiB/;
  const TIME = /exceeded its time limit and was killed/;
  /** Which limit is met first depends on how fast the machine is. */
  const LIMITED = new RegExp(`${MEMORY.source}|${ALLOCATED.source}|${TIME.source}|^inconclusive$`);
  const SLOTS = /its tables start with 200,000,000 slots/;

  attack('twenty tables of ten million slots, explored', runStress, 'tables20x10m', { calls: ['f', 'f'] }, SLOTS);
  attack('the same, hammered', runHammer, 'tables20x10m', { calls: ['f', 'f'] }, SLOTS);
  attack('arrays that are kept, explored', runStress, 'arraykeep', { calls: ['f', 'f'] }, LIMITED);
  attack('the same, hammered', runHammer, 'arraykeep', { calls: ['f', 'f'], memory: SMALL }, LIMITED);
  attack('a loop around a large array, explored', runStress, 'alloc', { calls: ['f', 'g'] }, LIMITED);
  attack('the same, hammered', runHammer, 'alloc', { calls: ['f', 'g'] }, LIMITED);
  attack(
    'growth to 4 GiB, explored',
    runStress,
    'grow4g',
    { calls: ['f', 'g'] },
    /^(inconclusive|host-hazard|race)$|exceeded its time limit/,
  );
  attack(
    'the same, hammered',
    runHammer,
    'grow4g',
    { calls: ['f', 'g'] },
    new RegExp(`^(not-judged|none-seen)$|${TIME.source}|${MEMORY.source}`),
  );
  const FILLED = new RegExp(`${LIMITED.source}|^race$`);
  attack('a fill of 2 GiB, explored', runStress, 'fill2g', { calls: ['f', 'g'] }, FILLED);
  attack('a memory of 2 GiB, hammered', runHammer, 'mem2g', { calls: ['f', 'f'] }, /starts with 2048 MiB of memory/);

  const asks = (imports: string): Attack => ({ calls: ['go', 'go'], imports, memory: SMALL });
  attack('imports that take all memory, explored', runStress, 'asks', asks('grabs.mjs'), MEMORY);
  attack('imports that take all memory, hammered', runHammer, 'asks', asks('grabs.mjs'), MEMORY);
  attack('imports that never return', runStress, 'asks', asks('endless.mjs'), TIME);
  attack('imports that never finish loading', runStress, 'asks', asks('never.mjs'), TIME);
  attack('imports that end the process', runStress, 'asks', asks('dies.mjs'), /ended before the run did \(SIGKILL\)/);
  attack('imports that abort it', runHammer, 'asks', asks('aborts.mjs'), /ended before the run did \(SIGABRT\)/);
});
