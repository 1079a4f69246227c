/**
 * Benchmarks of stress runs: schedules and steps per second, the cost of instrumentation, the time until a race is
 * found, the effect of partial-order reduction, and the memory use of millions of executions. Ratios within one run are
 * comparable; times depend on the machine.
 */
import { WAZERO_SCENARIOS, wazeroModule } from '../../../core/analysis/testing/wazero/verdicts.ts';
import { stress } from '../../../core/stress/explore/stress.ts';
import { completeScenario } from '../../../core/stress/scenario/scenario.ts';
import { BoundedSearch } from '../../../core/stress/search/bounded.ts';
import { ReducedSearch } from '../../../core/stress/search/reduction.ts';
import { type Figures, figureText } from '../baseline/baselineFile.ts';
import { inOwnProcess } from '../ownProcess.ts';
import { markdown } from '../table.ts';
import { DETECTION_CASES } from './detection.ts';
import { benchEnvironment, execute, fixture, type Prepared, prepareSession } from './exploring.ts';
import { SPEED_CASES } from './speed.ts';

const MILLIONS = 2_000_000;
/** Executions after which a search without reduction gives up. */
const GIVE_UP = 300_000;

/** Executions until a search has no more schedules; undefined beyond `GIVE_UP`. */
async function exhaust(prepared: Prepared, search: BoundedSearch | ReducedSearch): Promise<number | undefined> {
  for (let n = 1; ; n++) {
    await execute(prepared, search);
    if (!search.next()) return n;
    if (n >= GIVE_UP) return undefined;
  }
}

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

/** Schedules and steps per second. */
async function speed(old: Figures): Promise<string> {
  const rows: string[][] = [];
  for (const name of SPEED_CASES) {
    const { schedules, steps, switches } = await inOwnProcess('speed', name);
    rows.push([name, whole(schedules), whole(steps), figureText(switches), figureText(old.schedule?.[name])]);
  }
  return markdown([['scenario', 'schedules/s', 'steps/s', 'bare switches a schedule', 'baseline'], ...rows]);
}

/** Instrumented calls with the detector on, compared with the plain exports. */
async function cost(old: Figures): Promise<string> {
  const rows: string[][] = [];
  for (const name of DETECTION_CASES) {
    const { plain, instrumented } = await inOwnProcess('detection', name);
    const times = (n: number | undefined): string => (n === undefined ? '' : `${figureText(n)}×`);
    rows.push([
      ...[name, plain.toFixed(1), instrumented.toFixed(1), times(instrumented / plain)],
      times(old.detection?.[name]),
    ]);
  }
  return markdown([['export', 'plain, ms', 'instrumented, ms', 'cost', 'baseline'], ...rows]);
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
      benchEnvironment(({ races }) => {
        if (races > 0) first ??= performance.now() - started;
      }),
    );
    const prepared = await prepareSession(bytes, { callers, setup, probe });
    const reduced = await exhaust(prepared, new ReducedSearch());
    const all = await exhaust(prepared, new BoundedSearch(1_000));
    prepared.session.scheduler.close();
    if (first !== undefined) slowest = Math.max(slowest, first);
    const number = (n: number | undefined): string =>
      n === undefined ? `over ${GIVE_UP.toLocaleString('en-US')}` : n.toLocaleString('en-US');
    rows.push([id.replaceAll('||', ' with '), dataRace ? (first?.toFixed(1) ?? '') : '', number(reduced), number(all)]);
  }
  rows.push(['**slowest**', slowest.toFixed(1), '', '']);
  return markdown([['scenario, two callers', 'first race, ms', 'executions, reduced', 'executions, all'], ...rows]);
}

async function memory(): Promise<string> {
  const prepared = await prepareSession(await fixture('counter-global.wat'), {
    callers: [[['increment']], [['increment']]],
  });
  const rows: string[][] = [];
  let search = new BoundedSearch(3);
  for (let n = 0; n <= MILLIONS; n++) {
    if (n % (MILLIONS / 4) === 0) rows.push([n.toLocaleString('en-US'), String(process.memoryUsage().rss >> 20)]);
    await execute(prepared, search);
    if (!search.next()) search = new BoundedSearch(3);
  }
  prepared.session.scheduler.close();
  return markdown([['executions', 'memory of the process, MB'], ...rows]);
}

/** The report as Markdown, with the figures of the baseline beside. */
export async function stressReport(old: Figures, log: (line: string) => void): Promise<string> {
  log('stress: speed');
  const parts = [await speed(old)];
  log('stress: cost of instrumentation');
  parts.push(await cost(old));
  log('stress: memory');
  parts.push(await memory());
  log('stress: scenarios');
  parts.push(`<details><summary>Scenarios</summary>\n\n${await scenarios()}\n\n</details>`);
  return parts.join('\n\n');
}
