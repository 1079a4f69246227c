/** A hammer run as a result. */
import type { HostFunctions } from '../hostFunctions.ts';
import type { StressJob } from '../stress.ts';
import type { HammerPlan } from './hammerPlan.ts';
import type { Costs, HammerHang, HammerResult, HammerVerdict } from './hammerResult.ts';
import type { Hammered } from './rounds.ts';
import type { ThreadStart } from './threadStart.ts';

export interface HammerRun {
  job: StressJob;
  prepared: HammerPlan;
  start: ThreadStart;
  /** Undefined where nothing could be hammered. */
  hammered: Hammered | undefined;
  seconds: number;
  /** Functions that stand for those of the host. */
  host: Pick<HostFunctions, 'stubbed' | 'wasi'>;
}

export function hammerResult(
  { job, prepared, start, hammered, seconds, host }: HammerRun,
  costs: Costs | null,
): HammerResult {
  const { table, oracle } = hammered ?? {};
  const { listed, seen } = table?.outcomes() ?? { listed: [], seen: 0 };
  const hang: HammerHang | null =
    oracle?.stuck !== undefined && oracle.infeasible === oracle.orders
      ? { callers: [oracle.stuck], alone: true }
      : null;
  return {
    version: 1,
    kind: 'hammer',
    module: job.name,
    scenario: job.scenario,
    host: job.scenario.host,
    model: prepared.model,
    verdict: verdictOf(hammered, hang),
    threads: start.threads,
    rounds: table?.rounds ?? 0,
    seconds,
    roundsPerSecond: Math.round((table?.rounds ?? 0) / Math.max(hammered?.seconds ?? 0, 0.001)),
    outcomes: listed,
    seen,
    serial: oracle?.byKey.size ?? 0,
    serialComplete: oracle?.complete ?? false,
    traps: table?.traps() ?? [],
    hang,
    explored: null,
    costs,
    imports: importsOf(prepared, host),
    notes: notesOf(prepared, start, hammered),
  };
}

function verdictOf(hammered: Hammered | undefined, hang: HammerHang | null): HammerVerdict {
  if (hang !== null) return 'hang';
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

function notesOf(
  { notes, callers, model, changed }: HammerPlan,
  { threads }: ThreadStart,
  hammered: Hammered | undefined,
): string[] {
  const all = [...notes];
  if (hammered === undefined) return all;
  const { oracle } = hammered;
  if (callers.length > threads)
    all.push(`${callers.length} callers on ${threads} threads: callers of one thread take turns.`);
  if (model === 'shared-instance' && changed.grown.size > 0)
    all.push(
      'Threads share a memory that grows in one step and never moves: what a host does while it moves one, only explore shows.',
    );
  if (oracle.infeasible > 0)
    all.push(
      `In ${oracle.infeasible} of ${oracle.orders} serial orders a call cannot return before another caller has run; they have no outcome.`,
    );
  if (!oracle.complete)
    all.push('Not all serial orders of the calls were run, so outcomes are counted and not judged.');
  return [...all, ...hammered.notes];
}
