/** Makes the result of an exploration: replays the worst schedule with a recorder, compares state, sums up. */
import { t } from '../../text/l10n.ts';
import { listOf } from '../../text/phrases.ts';
import { functionName } from '../../wasm/displayNames.ts';
import { MNEMONIC } from '../../wasm/instructions.ts';
import type { Caller } from '../run/caller.ts';
import { referenceText } from '../run/references.ts';
import type { Place, TraceRow } from '../run/traceRows.ts';
import { Trace } from '../run/traceRows.ts';
import type { TrackedCell } from '../run/trackedCell.ts';
import { interruptingImports } from '../scenario/importBehaviour.ts';
import { parseSchedule, type Schedule, scheduleText } from '../search/schedules.ts';
import { stackNote } from '../session/callerStacks.ts';
import { INSTANTIATION } from '../session/instantiation.ts';
import type { StressJob } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import { allowance } from './allowance.ts';
import { foldRows, grainOf, verdictOf, worstSchedule } from './conclude.ts';
import { replay } from './execution.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { hangCause } from './hang/cause.ts';
import type { FoundHang, Hang } from './hang/hang.ts';
import { stuckIn } from './hang/stuck.ts';
import { minimise } from './minimise.ts';
import { countOf, type ExecutionOutcome, judgedBy } from './outcomes.ts';
import { poolDifferences } from './pool.ts';
import { privateStateOf } from './privateState.ts';
import { growthOf } from './remedies.ts';
import { importedMeetings, reachedImports, restsOn } from './restsOn.ts';
import type { PrivateState, StoreBufferRuns, StressResult } from './result.ts';
import { stateDifference } from './stateDifference.ts';
import { symbolsOf } from './symbols.ts';
import { unpredicted } from './unpredicted.ts';

/** Examples of serial outcomes in a result. */
const MAX_EXAMPLES = 8;
/** What each comparison of instances may execute, as `Scheduler.work` counts it. */
const COMPARISON = 300_000;

interface Traced {
  outcome: ExecutionOutcome | undefined;
  rows: TraceRow[];
  notes: string[];
}

/** Replays turns and writes down what happens. */
async function traced(context: ExploreContext, turns: Schedule): Promise<Traced> {
  const { session } = context;
  const trace = new Trace(session.instrumented.sites, (cell, caller) => contents(session, cell, caller));
  const { outcome } = await replay(context, turns, trace);
  const notes = trace.dropped > 0 ? [t('The last {0} rows of the trace are omitted.', trace.dropped)] : [];
  return { outcome, rows: foldRows(trace.rows), notes };
}

/** What a cell holds now, as text. */
function contents({ machine }: Session, cell: TrackedCell, caller: Caller): string | undefined {
  const { instance } = caller;
  const global = instance.globals.find((g) => g?.cell === cell);
  if (global !== undefined) return machine.valueText(global);
  const memory = instance.memories.find((m) => m.extent === cell);
  if (memory !== undefined) return t('{0} pages', memory.bytes / memory.pageBytes);
  for (const table of instance.tables) {
    if (table === undefined) continue;
    if (table.extent === cell) return t('{0} slots', table.length);
    for (const [slot, known] of table.slots) {
      if (known === cell) return referenceText(machine.reference(table.table.get(table.is64 ? BigInt(slot) : slot)));
    }
  }
  return undefined;
}

/** Makes the result of an exploration. `started` is the start of the run by the environment's clock. */
export async function report(
  job: StressJob,
  context: ExploreContext,
  exploration: Exploration,
  started: number,
  /** The schedule to show, unchanged; by default the worst one found, shortened. */
  given?: string,
): Promise<Omit<StressResult, 'remedies'>> {
  const { session, environment } = context;
  context.deadline.conclude();
  const { scenario, model, scheduler } = session;
  const summary = verdictOf(exploration);
  const schedule = given ?? worstSchedule(exploration);
  let shown: Traced | undefined;
  let text = schedule;
  if (schedule !== null && schedule !== '') {
    const turns = parseSchedule(schedule, session.callers.length);
    if (Array.isArray(turns)) {
      const fewer = given === undefined ? await minimise(context, exploration, turns) : turns;
      shown = await traced(context, fewer);
      text = scheduleText(fewer);
      if (given === undefined) rename(context, exploration, schedule, text);
      if (exploration.hang?.schedule === text) Object.assign(exploration.hang, stuckIn(session));
    }
  }
  const hang = exploration.hang === undefined ? null : await causedHang(context, exploration, exploration.hang);
  const wrong = [];
  for (const one of exploration.wrong) {
    const state = one.stateOnly ? await stateDifference(context, exploration, one) : [];
    wrong.push({ results: one.results, probe: one.probe, state, order: one.order, schedule: one.schedule });
  }
  // That of store buffers is told apart.
  const seconds = (environment.now() - started) / 1000 - (exploration.buffered?.seconds ?? 0);
  const steps = scheduler.accesses - (exploration.buffered?.steps ?? 0);
  const buffers = await bufferedReport(context, exploration, given !== undefined);
  const parts = partsOf(session);
  const growth = growthOf(session, exploration);
  const stack = await stackNote(session);
  const serial = judgedBy(exploration.serial);
  const known = countOf(exploration.serial);
  const imports = reachedImports(session);
  const symbols = symbolsOf(session.module, scenario, [...imports.stubbed, ...imports.wasi]);
  const difference =
    given === undefined ? await privateStateOf(session, allowance(context, scheduler, COMPARISON)) : undefined;
  const own = difference !== undefined && 'found' in difference ? difference.found : undefined;
  const counts = difference !== undefined && 'note' in difference ? [difference.note] : [];
  const used =
    given === undefined ? await poolDifferences(session, allowance(context, scheduler, COMPARISON)) : undefined;
  const analysed = unpredicted(session, exploration);
  return {
    version: 1,
    module: job.name,
    scenario,
    host: scenario.host,
    model,
    unit: exploration.serial.unit,
    replayed: given !== undefined,
    ...withPrivateState(summary, own),
    exhaustive: exploration.exhaustive,
    explored: {
      schedules: exploration.schedules,
      steps,
      preemptionBound: exploration.preemptionBound,
      seconds,
      schedulesPerSecond: Math.round(exploration.schedules / Math.max(seconds, 0.001)),
      pct: exploration.pct,
    },
    defects: [...exploration.defects, ...analysed.defects],
    hostHazards: exploration.hostHazards,
    races: exploration.races,
    functions: namesOf(session, exploration, [
      ...(shown?.rows ?? []),
      ...(buffers?.trace ?? []),
      ...(buffers?.hang?.lastSeen ?? []),
      ...(buffers?.hang?.cause.lateStores ?? []),
    ]),
    outcomes: {
      serial: known.count,
      ...(known.more ? { serialMore: true as const } : {}),
      serialComplete: exploration.serial.complete,
      examples: serial.slice(0, MAX_EXAMPLES).map(({ results, probe, order }) => ({ results, probe, order })),
      // Without a serial order there is nothing to judge by.
      seen: serial.length === 0 ? 0 : exploration.seen.size,
      wrong,
    },
    ...(buffers === undefined ? {} : { storeBuffers: buffers }),
    privateState: own ?? null,
    stuckOrders: exploration.serial.infeasible,
    timedOutOrders: exploration.serial.timedOut,
    hang,
    schedule: text,
    traced: shown?.outcome === undefined ? null : { results: shown.outcome.results, probe: shown.outcome.probe },
    trace: shown?.rows ?? [],
    pool: used?.pool ?? [],
    poolCheck: used?.check ?? null,
    growth,
    ifSuspended: null,
    imports: {
      stubbed: imports.stubbed,
      wasi: imports.wasi,
      ...(imports.emulated.length > 0 ? { presets: imports.emulated.map(({ preset }) => preset) } : {}),
    },
    restsOn: restsOn(session),
    ...(symbols === undefined ? {} : { symbols }),
    grain: grainOf({ host: scenario.host }, { growth: session.growth.inParts, ...parts }),
    notes: [
      ...(stack === undefined ? [] : [stack]),
      ...counts,
      ...analysed.notes,
      ...notesOf(context, exploration, shown),
    ],
  };
}

const causedHang = async (context: ExploreContext, { serial }: Exploration, found: FoundHang): Promise<Hang> => ({
  ...found,
  cause: await hangCause(context, serial, found),
});

/** What store buffers add, with the shortened schedule of the first finding; of a replay, the given one as it is. */
async function bufferedReport(
  context: ExploreContext,
  exploration: Exploration,
  replayed: boolean,
): Promise<StoreBufferRuns | undefined> {
  const { buffered } = exploration;
  if (buffered === undefined) return undefined;
  const { schedules, exhaustive, hang: found } = buffered;
  const first: { schedule: string } | null = found ?? buffered.wrong[0] ?? null;
  const turns = first === null ? undefined : parseSchedule(first.schedule, context.session.callers.length);
  let rows: TraceRow[] = [];
  if (first !== null && Array.isArray(turns)) {
    const fewer = replayed ? turns : await minimise(context, exploration, turns);
    first.schedule = scheduleText(fewer);
    // That of a replay is the trace of the result itself.
    if (!replayed) rows = (await traced(context, fewer)).rows;
    if (!replayed && found !== undefined) Object.assign(found, stuckIn(context.session));
  }
  const hang = found === undefined ? null : await causedHang(context, exploration, found);
  const wrong = [];
  for (const one of buffered.wrong) {
    const state = one.stateOnly ? await stateDifference(context, exploration, one) : [];
    wrong.push({ results: one.results, probe: one.probe, state, order: one.order, schedule: one.schedule });
  }
  return { schedules, exhaustive, wrong, hang, schedule: first?.schedule ?? null, trace: rows };
}

/** A run in which instances answer differently than one does is not safe. */
function withPrivateState(
  summary: ReturnType<typeof verdictOf>,
  own: PrivateState | undefined,
): ReturnType<typeof verdictOf> {
  if (own === undefined) return summary;
  const { verdict } = summary;
  return {
    ...summary,
    verdict: verdict === 'safe' || verdict === 'inconclusive' ? 'private-state' : verdict,
  };
}

/** Names of the functions that a result speaks of. */
function namesOf(
  { module }: Session,
  { hostHazards, races, hang }: Exploration,
  rows: readonly Place[],
): Record<number, string> {
  const places = [...[...hostHazards, ...races].flatMap(({ a, b }) => [a, b]), ...(hang?.lastSeen ?? []), ...rows];
  const funcs = new Set(places.map(({ func }) => func).filter((func) => func >= 0));
  return Object.fromEntries([...funcs].map((func) => [func, functionName(module, func)]));
}

/** The shortened schedule, which has just been run, takes the place of the one that it was made of where it shows the same. */
function rename({ findings }: ExploreContext, exploration: Exploration, from: string, to: string): void {
  for (const one of exploration.wrong) if (one.schedule === from) one.schedule = to;
  for (const one of [...exploration.races, ...exploration.hostHazards])
    if (one.schedule === from && findings.showed(one)) one.schedule = to;
  if (exploration.hang?.schedule === from) exploration.hang.schedule = to;
}

/** Which kinds of operations could have been performed in parts. */
function partsOf({ instrumented, machine, model }: Session): { tears: boolean; bulk: boolean } {
  const { sites } = instrumented;
  const shared = model !== 'isolated' && machine.memories.some((m) => m.visible.includes(1));
  const has = (test: (mnemonic: string) => boolean) => shared && sites.op.some((op) => test(MNEMONIC[op] ?? ''));
  return {
    tears: has((name) => /^(i64|f64|v128)\.(load|store)$/.test(name)),
    bulk: has((name) => /^memory\.(fill|copy|init)$/.test(name)),
  };
}

function notesOf({ session }: ExploreContext, exploration: Exploration, shown: Traced | undefined): string[] {
  const { model, host } = session;
  const notes = [...session.notes, ...exploration.notes, ...host.notes, ...(shown?.notes ?? [])];
  if (model === 'cooperative') notes.push(...cooperativeNotes(session));
  if (model === 'isolated' && importedMeetings(session).length === 0)
    notes.push(t('Callers share no state of the module: each has its own instance.'));
  if (model === 'shared-memory' && !session.analysis.sharing.memories.some(({ common }) => common))
    notes.push(nothingInCommon(session));
  if (model === 'shared-memory' && session.callers.every(({ calls }) => calls[0].func !== INSTANTIATION))
    notes.push(...session.analysis.moduleHazards.filter(({ rule }) => WRITES_AGAIN.has(rule)).map(writtenAgain));
  return notes;
}

/** Rules about what every new instance writes to the common memory. */
const WRITES_AGAIN: ReadonlySet<string> = new Set(['start-writes-shared-memory', 'active-segment-shared-memory']);

const writtenAgain = ({ message }: { message: string }): string =>
  t(
    'All instances were created before the calls. {0} To test that, let a caller begin with ["$instantiate"].',
    message,
  );

/** Why instances have no memory in common. */
function nothingInCommon({ module }: Session): string {
  const shared = module.memories.some(({ limits }) => limits.shared);
  return shared
    ? t(
        'The module defines its shared memory instead of importing it, so each instance has a memory of its own: nothing is shared between instances, and this result says nothing about callers that share one.',
      )
    : t(
        'The module has no shared memory: nothing is shared between instances, and this result says nothing about callers that share one.',
      );
}

/** What a run under the cooperative model rests on. */
function cooperativeNotes({ scenario, analysis, interruptions, module, profile }: Session): string[] {
  const notes: string[] = [];
  if (scenario.model === 'shared-instance')
    notes.push(
      t(
        '{0} runs all calls of an instance on one thread, so they were run under the cooperative model: calls meet only in imports that suspend their caller or call back.',
        profile.label,
      ),
    );
  const named = interruptingImports(scenario.behaviours).length > 0 || analysis.sharing.suspendingNamed;
  const names = module.imports
    .filter((i) => i.kind === 'func')
    .filter(({ index }) => interruptions[index]?.suspends === true)
    .map((i) => `${i.module}.${i.name}`);
  if (names.length > 0 && !named)
    notes.push(
      t(
        'No import is named as suspending, so every imported function that may suspend was assumed to: {0}.',
        listOf(names, 5),
      ),
    );
  if (analysis.sharing.asyncify && names.length > 0)
    notes.push(
      t(
        'Suspended calls keep their frames: the unwinding and rewinding of Asyncify itself was not run. It allows one unwound call at a time, and no call of instrumented code meanwhile.',
      ),
    );
  return notes;
}
