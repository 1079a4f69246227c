/** What benchmarks of exploring share: sessions outside of a run, and the rates of searches in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { outcomeOf } from '../../../core/stress/explore/outcomes.ts';
import { RaceCollector } from '../../../core/stress/explore/raceCollector.ts';
import { ExecutionMode } from '../../../core/stress/run/mode.ts';
import { completeScenario, type ScenarioFile } from '../../../core/stress/scenario/scenario.ts';
import { BoundedSearch } from '../../../core/stress/search/bounded.ts';
import { RandomSearch } from '../../../core/stress/search/random.ts';
import type { ReducedSearch } from '../../../core/stress/search/reduction.ts';
import { createSession } from '../../../core/stress/session/createSession.ts';
import type { Environment } from '../../../core/stress/session/environment.ts';
import type { Session } from '../../../core/stress/session/session.ts';
import { ROOT } from '../../paths.ts';
import { median } from '../measure.ts';
import { processorTime } from '../processorTime.ts';
import { bareSwitches } from './bareSwitches.ts';

/** The world of a benchmark: it never cancels, and its clock stands still for the guest. */
export const benchEnvironment = (progress: Environment['progress'] = () => {}): Environment => ({
  now: () => performance.now(),
  cancelled: () => false,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  progress,
  world: { nanoseconds: () => 0n, random: (bytes) => void bytes.fill(0) },
});

/** A session with the findings of its executions. */
export interface Prepared {
  session: Session;
  findings: RaceCollector;
}

/** A session whose searches know what callers share. Close its scheduler after use. */
export async function prepareSession(bytes: Uint8Array, file: ScenarioFile): Promise<Prepared> {
  const findings = new RaceCollector();
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  const session = await createSession({ bytes, name: 'bench', scenario }, benchEnvironment(), findings, () => false);
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

/** One execution, with the detector on and its outcome taken. */
export async function execute(
  { session, findings }: Prepared,
  strategy: BoundedSearch | RandomSearch | ReducedSearch,
): Promise<void> {
  findings.begin(true);
  await session.scheduler.execute(ExecutionMode.Explore, strategy);
  await outcomeOf(session);
}

/** The bytes of one of test-fixtures, a text. */
export const fixture = async (name: string): Promise<Uint8Array> =>
  parse(readFileSync(join(ROOT, 'test-fixtures', name), 'utf8'));

/** Rates of a search. */
export interface Rates {
  /** A second of the clock. */
  schedules: number;
  steps: number;
  /** What one schedule costs, in bare switches: processor time, the least of all rounds, as is that of the switches. */
  switches: number;
}

/** Rounds of a measurement, and milliseconds of processor time for each. */
export interface Rounds {
  rounds: number;
  milliseconds: number;
}

const ROUNDS: Rounds = { rounds: 8, milliseconds: 250 };

/** Rates of a search with at most that many preemptions; its rounds alternate with bare switches. */
export async function ratesOf(
  bytes: Uint8Array,
  file: ScenarioFile,
  preemptions: number,
  { rounds, milliseconds }: Rounds = ROUNDS,
): Promise<Rates> {
  const prepared = await prepareSession(bytes, file);
  const { scheduler } = prepared.session;
  const oneSwitch = await bareSwitches();
  const found: { schedules: number; steps: number; cost: number; oneSwitch: number }[] = [];
  for (let i = 0; i < rounds; i++) {
    const cost = await oneSwitch();
    let search = new BoundedSearch(preemptions);
    const started = performance.now();
    const before = processorTime();
    const steps = scheduler.accesses;
    let n = 0;
    // By processor time, so that on a busy machine as much is measured.
    while (processorTime() - before < milliseconds) {
      await execute(prepared, search);
      n++;
      if (!search.next()) search = new BoundedSearch(preemptions);
    }
    const computed = processorTime() - before;
    const seconds = (performance.now() - started) / 1000;
    found.push({
      ...{ schedules: n / seconds, steps: (scheduler.accesses - steps) / seconds },
      ...{ cost: computed / n, oneSwitch: cost },
    });
  }
  scheduler.close();
  return {
    schedules: median(found.map(({ schedules }) => schedules)),
    steps: median(found.map(({ steps }) => steps)),
    switches: Math.min(...found.map(({ cost }) => cost)) / Math.min(...found.map((one) => one.oneSwitch)),
  };
}
