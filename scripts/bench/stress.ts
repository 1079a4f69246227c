/**
 * Benchmarks of stress runs: schedules and steps per second, what each caller more costs, the cost of instrumentation,
 * the time until a race is found, the effect of partial-order reduction, and the memory use of millions of executions.
 * Ratios within one run are comparable; times depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { outcomeOf } from '../../core/stress/explore/outcomes.ts';
import { RaceCollector } from '../../core/stress/explore/raceCollector.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import { ExecutionMode } from '../../core/stress/run/scheduler.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { Call } from '../../core/stress/scenario/steps.ts';
import { BoundedSearch } from '../../core/stress/search/bounded.ts';
import { RandomSearch } from '../../core/stress/search/random.ts';
import { ReducedSearch } from '../../core/stress/search/reduction.ts';
import { createSession } from '../../core/stress/session/createSession.ts';
import type { Environment } from '../../core/stress/session/environment.ts';
import type { Session } from '../../core/stress/session/session.ts';
import { plainInstance } from '../../core/stress/testing/plainInstance.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { corpus, ensureCorpus } from '../corpus/fetch.ts';
import { ROOT } from '../paths.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const RUNS = 7;
/** Numbers of callers of the curve. */
const CALLERS = [2, 3, 4, 5, 6, 7, 8, 12, 16];
const MILLIONS = 2_000_000;
/** Executions after which a search without reduction gives up. */
const GIVE_UP = 300_000;

const environment = (progress: Environment['progress'] = () => {}): Environment => ({
  now: () => performance.now(),
  cancelled: () => false,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  progress,
  world: { nanoseconds: () => 0n, random: (bytes) => void bytes.fill(0) },
});

interface Prepared {
  session: Session;
  findings: RaceCollector;
}

/** A session whose searches know what callers share. */
async function prepare(bytes: Uint8Array, file: ScenarioFile): Promise<Prepared> {
  const findings = new RaceCollector();
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  const session = await createSession({ bytes, name: 'bench', scenario }, environment(), findings, () => false);
  findings.attach(session);
  const random = new RandomSearch(scenario.callers.length, 3, 1);
  const kept = { races: [], hostHazards: [] };
  for (let i = 0; i < 30; i++) {
    await execute({ session, findings }, random);
    // As in an exploration: a race is told once.
    for (const race of findings.fresh) findings.keep(race, kept, '');
  }
  return { session, findings };
}

async function execute(
  { session, findings }: Prepared,
  strategy: BoundedSearch | RandomSearch | ReducedSearch,
): Promise<void> {
  findings.begin(true);
  await session.scheduler.execute(ExecutionMode.Explore, strategy);
  await outcomeOf(session);
}

/** Executions until a search has no more schedules; undefined beyond `GIVE_UP`. */
async function exhaust(prepared: Prepared, search: BoundedSearch | ReducedSearch): Promise<number | undefined> {
  for (let n = 1; ; n++) {
    await execute(prepared, search);
    if (!search.next()) return n;
    if (n >= GIVE_UP) return undefined;
  }
}

const fixture = async (name: string): Promise<Uint8Array> =>
  parse(readFileSync(join(ROOT, 'test-fixtures', name), 'utf8'));

/** Schedules and steps per second. */
async function speed(): Promise<string> {
  const rows: string[][] = [];
  const cases: [string, Uint8Array, ScenarioFile][] = [
    [
      'counter in a global, two callers',
      await fixture('counter-global.wat'),
      { callers: [[['increment']], [['increment']]] },
    ],
    [
      'counter in memory, two callers',
      await fixture('counter-memory.wat'),
      { callers: [[['increment']], [['increment']]] },
    ],
    [
      '400 accesses each, two callers',
      await wazeroModule('c08_grow_store.wat'),
      { callers: [[['bump', 200]], [['bump', 200]]] },
    ],
  ];
  for (const [name, bytes, file] of cases) {
    const [schedules, steps] = await rates(bytes, file, 3);
    rows.push([name, whole(schedules), whole(steps)]);
  }
  return markdown([['scenario', 'schedules/s', 'steps/s'], ...rows]);
}

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

/** Medians of schedules and steps per second of a search with at most that many preemptions. */
async function rates(bytes: Uint8Array, file: ScenarioFile, preemptions: number): Promise<[number, number]> {
  const prepared = await prepare(bytes, file);
  const { scheduler } = prepared.session;
  const found: [number, number][] = [];
  for (let i = 0; i < RUNS; i++) {
    let search = new BoundedSearch(preemptions);
    const started = performance.now();
    const steps = scheduler.accesses;
    let n = 0;
    while (performance.now() - started < 500) {
      await execute(prepared, search);
      n++;
      if (!search.next()) search = new BoundedSearch(preemptions);
    }
    const seconds = (performance.now() - started) / 1000;
    found.push([n / seconds, (scheduler.accesses - steps) / seconds]);
  }
  scheduler.close();
  return [median(found.map(([schedules]) => schedules)), median(found.map(([, steps]) => steps))];
}

/** What one more caller costs. */
async function callers(): Promise<string> {
  const rows: string[][] = [];
  const bytes = await fixture('counter-global.wat');
  let before: number | undefined;
  for (const count of CALLERS) {
    const each = Array.from({ length: count }, (): Call[] => [['increment']]);
    const [schedules, steps] = await rates(bytes, { callers: each }, 1);
    const slower = before === undefined ? '' : `${(before / schedules).toFixed(2)}×`;
    rows.push([String(count), whole(schedules), whole(steps), slower]);
    before = schedules;
  }
  return markdown([['callers of a counter', 'schedules/s', 'steps/s', 'slower than the row before'], ...rows]);
}

const KERNELS = `(module (memory (export "memory") 16)
  (func (export "stream") (param $n i32) (result i32) (local $i i32) (local $s i32)
    (loop $l
      (i32.store (i32.and (i32.shl (local.get $i) (i32.const 2)) (i32.const 0xffffc)) (local.get $i))
      (local.set $s (i32.add (local.get $s) (i32.load (i32.and (i32.mul (local.get $i) (i32.const 28)) (i32.const 0xffffc)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  (func (export "bytes") (param $n i32) (result i32) (local $i i32) (local $s i32)
    (loop $l
      (i32.store8 (i32.and (local.get $i) (i32.const 0xfff)) (local.get $s))
      (local.set $s (i32.xor (i32.mul (local.get $s) (i32.const 31)) (i32.load8_u (i32.and (local.get $s) (i32.const 0xfff)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))`;

/** An instrumented call with the detector on, compared with the plain export in the same run. */
async function cost(): Promise<string> {
  const argon = corpus.find((module) => module.name === 'argon2-browser/dist/argon2.wasm');
  if (argon !== undefined) await ensureCorpus((module) => module === argon);
  const kernels = await parse(KERNELS);
  const cases: [string, Uint8Array, Call[], Call][] = [
    ['words, read and written in a loop', kernels, [], ['stream', 1_000_000]],
    ['bytes, each address from the value before', kernels, [], ['bytes', 1_000_000]],
  ];
  if (argon !== undefined)
    cases.push([
      'argon2 hash, 1 MiB',
      new Uint8Array(readFileSync(argon.path)),
      [['d']],
      ['e', 1, 1024, 1, 70000, 8, 71000, 16, 72000, 32, 0, 0, 2, 19],
    ]);
  const rows: string[][] = [];
  for (const [name, bytes, setup, call] of cases) {
    const plain = plainInstance(decodeModule(bytes));
    for (const one of setup) plain.call(one);
    const prepared = await prepare(bytes, { setup, callers: [[call]] });
    const ratios: number[] = [];
    let [own, theirs] = [0, 0];
    for (let i = 0; i < RUNS; i++) {
      const a = performance.now();
      plain.call(call);
      const b = performance.now();
      await execute(prepared, new BoundedSearch(0));
      const c = performance.now();
      [theirs, own] = [b - a, c - b];
      ratios.push(own / theirs);
    }
    rows.push([name, theirs.toFixed(1), own.toFixed(1), `${median(ratios).toFixed(1)}×`]);
  }
  return markdown([['export', 'plain, ms', 'instrumented, ms', 'cost'], ...rows]);
}

/** Time until the first race has been found and replayed, and executions until exhaustion. */
async function scenarios(): Promise<string> {
  const rows: string[][] = [];
  let slowest = 0;
  for (const { id, module, callers, setup, probe, dataRace } of WAZERO_SCENARIOS) {
    const bytes = await wazeroModule(module);
    const scenario = completeScenario({ callers, setup, probe, model: 'shared-instance' }, 'wazero');
    let first: number | undefined;
    const started = performance.now();
    await stress(
      { bytes, name: id, scenario },
      environment(({ races }) => {
        if (races > 0) first ??= performance.now() - started;
      }),
    );
    const prepared = await prepare(bytes, { callers, setup, probe });
    const reduced = await exhaust(prepared, new ReducedSearch());
    const all = await exhaust(prepared, new BoundedSearch(1_000));
    if (first !== undefined) slowest = Math.max(slowest, first);
    const number = (n: number | undefined): string =>
      n === undefined ? `over ${GIVE_UP.toLocaleString('en-US')}` : n.toLocaleString('en-US');
    rows.push([id.replaceAll('||', ' with '), dataRace ? (first?.toFixed(1) ?? '') : '', number(reduced), number(all)]);
  }
  rows.push(['**slowest**', slowest.toFixed(1), '', '']);
  return markdown([['scenario, two callers', 'first race, ms', 'executions, reduced', 'executions, all'], ...rows]);
}

async function memory(): Promise<string> {
  const prepared = await prepare(await fixture('counter-global.wat'), { callers: [[['increment']], [['increment']]] });
  const rows: string[][] = [];
  let search = new BoundedSearch(3);
  for (let n = 0; n <= MILLIONS; n++) {
    if (n % (MILLIONS / 4) === 0) rows.push([n.toLocaleString('en-US'), String(process.memoryUsage().rss >> 20)]);
    await execute(prepared, search);
    if (!search.next()) search = new BoundedSearch(3);
  }
  return markdown([['executions', 'memory of the process, MB'], ...rows]);
}

/** The report as Markdown. */
export async function stressReport(log: (line: string) => void): Promise<string> {
  log('stress: speed');
  const parts = [await speed()];
  log('stress: callers');
  parts.push(await callers());
  log('stress: cost of instrumentation');
  parts.push(await cost());
  log('stress: memory');
  parts.push(await memory());
  log('stress: scenarios');
  parts.push(`<details><summary>Scenarios</summary>\n\n${await scenarios()}\n\n</details>`);
  return parts.join('\n\n');
}
