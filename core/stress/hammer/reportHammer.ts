/** Makes the result of a hammer run. */

import type { HostFunctions } from '../imports/hostFunctions.ts';
import { MAX_ITERATIONS } from '../run/scheduler.ts';
import type { StressJob } from '../session/job.ts';
import type { HammerPlan } from './hammerPlan.ts';
import type { Costs, HammerResult, HammerVerdict } from './hammerResult.ts';
import { MAX_KINDS } from './outcomeTable.ts';
import { noneReturns, type RoundsResult } from './rounds.ts';
import type { ThreadStart } from './threadStart.ts';

/** A finished run. */
export interface HammerRun {
  job: StressJob;
  prepared: HammerPlan;
  start: ThreadStart;
  /** Undefined if nothing could be hammered. */
  hammered: RoundsResult | undefined;
  seconds: number;
  /** Imported functions: stubs, and those of WASI. */
  host: Pick<HostFunctions, 'stubbed' | 'wasi'>;
}

/** Makes the result of a run; `costs` is null if they were not measured. */
export function hammerResult(
  { job, prepared, start, hammered, seconds, host }: HammerRun,
  costs: Costs | null,
): HammerResult {
  const { table, oracle } = hammered ?? {};
  const { listed, seen } = table?.outcomes() ?? { listed: [], seen: 0 };
  const imports = importsOf(prepared, host);
  return {
    version: 1,
    kind: 'hammer',
    module: job.name,
    scenario: job.scenario,
    host: job.scenario.host,
    model: prepared.model,
    verdict: verdictOf(hammered),
    threads: start.threads,
    rounds: table?.rounds ?? 0,
    seconds,
    roundsPerSecond: Math.round((table?.rounds ?? 0) / Math.max(hammered?.seconds ?? 0, 0.001)),
    outcomes: listed,
    seen,
    serial: oracle?.byKey.size ?? 0,
    serialComplete: oracle?.complete ?? false,
    traps: table?.traps() ?? [],
    // A hang is noticed by the code that watches the threads.
    hang: null,
    explored: null,
    costs,
    imports,
    notes: notesOf(prepared, start, hammered, imports.wasi),
  };
}

function verdictOf(hammered: RoundsResult | undefined): HammerVerdict {
  if (hammered?.table.wrong) return 'wrong-outcome';
  return hammered?.table.judged && hammered.table.rounds > 0 ? 'none-seen' : 'not-judged';
}

/** Imported functions that the calls can reach. */
function importsOf(
  { module, changed, reachable }: HammerPlan,
  { stubbed, wasi }: HammerRun['host'],
): HammerResult['imports'] {
  const reached = new Set(
    module.imports
      .filter(({ kind, index }) => kind === 'func' && (reachable[index] === 1 || changed.imports.has(index)))
      .map((i) => `${i.module}.${i.name}`),
  );
  return { stubbed: stubbed.filter((name) => reached.has(name)), wasi: wasi.filter((name) => reached.has(name)) };
}

/** Functions of WASI that change which files are open. */
const CHANGE_FILES = /\.fd_(close|renumber)$/;

function notesOf(
  { notes, callers, model, changed }: HammerPlan,
  { threads }: ThreadStart,
  hammered: RoundsResult | undefined,
  wasi: readonly string[],
): string[] {
  const all = [...notes];
  if (hammered === undefined) return all;
  const { oracle } = hammered;
  if (callers.length > threads)
    all.push(`${callers.length} callers on ${threads} threads: callers on the same thread run one after the other.`);
  if (model === 'shared-instance' && changed.grown.size > 0)
    all.push(
      'Threads share a memory that grows in one step and never moves; only exploration shows what happens while a host moves a memory.',
    );
  const files = wasi.filter((name) => CHANGE_FILES.test(name));
  if (files.length > 0)
    all.push(
      `Each caller has its own open files; only exploration shows how ${files.join(', ')} affects those of other callers.`,
    );
  if (oracle.infeasible > 0)
    all.push(
      `In ${oracle.infeasible} of ${oracle.orders} serial orders a call does not return before another caller has run, or not within ${MAX_ITERATIONS / 1e6} million loop iterations, so they have no outcome.`,
    );
  if (noneReturns(oracle))
    all.push('No serial order has an outcome, so outcomes of rounds are counted but not judged.');
  if (!oracle.complete)
    all.push('Not all serial orders of the calls were run, so outcomes are counted but not judged.');
  if (hammered.table.full)
    all.push(`There were more than ${MAX_KINDS} different outcomes; further ones are not listed.`);
  if (oracle.incomparable.length > 0)
    all.push(...oracle.incomparable, 'Outcomes are therefore counted but not judged.');
  return [...all, ...hammered.notes];
}
