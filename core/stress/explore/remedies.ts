/**
 * Remedies checked by running: the same calls explored again with an instance for each caller, and with memories as
 * large from the start as the calls make them. Small budgets: each costs a few per cent of the run that it follows.
 */

import type { SharingModel } from '../../hosts/profile.ts';
import { createSession } from '../session/createSession.ts';
import type { Environment } from '../session/environment.ts';
import { SessionError } from '../session/failure.ts';
import type { StressJob } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import { allowance } from './allowance.ts';
import { verdictOf } from './conclude.ts';
import type { Deadline, Exploration, ExploreContext } from './exploration.ts';
import { explore } from './explore.ts';
import { RaceCollector } from './raceCollector.ts';
import type { MemoryGrowth, RemedyRun, RemedyRuns, StressResult } from './result.ts';

/** Most executions of one remedy, and what they may execute, as `Scheduler.work` counts it. */
const SCHEDULES = 1_000;
const WORK = 200_000;

/** The value for a result whose remedies were not run. */
export const NO_REMEDIES: RemedyRuns = { isolated: null, preallocated: null };

/** Memories that serial orders make larger. */
export function growthOf({ machine, module }: Session, { serial }: Pick<Exploration, 'serial'>): MemoryGrowth[] {
  const byIndex = new Map<number, MemoryGrowth>();
  for (const [i, { index, name, pageBytes }] of machine.memories.entries()) {
    const { base, most } = serial.pages[i] ?? { base: 0, most: 0 };
    const known = byIndex.get(index);
    if (most <= base || (known !== undefined && known.most >= most)) continue;
    const declared = Number(module.memories[index].limits.min);
    // Each isolated instance has its own memory; one entry represents all of them.
    byIndex.set(index, { memory: name.replace(/ of instance \d+$/, ''), index, pageBytes, declared, base, most });
  }
  return [...byIndex.values()];
}

/** Explores the remedies of a result that is not safe. Changes the session's base state. */
export async function remedyRuns(
  job: StressJob,
  context: ExploreContext,
  { races, wrongOutcome, hostHazards, model, hang, growth, replayed }: StressResult,
): Promise<RemedyRuns> {
  const { environment } = context;
  const findsState = races.length > 0 || wrongOutcome || hostHazards.length > 0;
  if (replayed || hang !== null || !findsState || environment.cancelled() || environment.enough?.()) return NO_REMEDIES;
  const isolated = model === 'isolated' ? null : await underModel(job, context, 'isolated');
  return { isolated, preallocated: growth.length > 0 ? await preallocated(context, growth) : null };
}

/** The same scenario under another sharing model, within a small budget; null where too little of it could be run. */
export async function underModel(
  job: StressJob,
  context: ExploreContext,
  model: SharingModel,
): Promise<RemedyRun | null> {
  const { session, environment } = context;
  const late = (): boolean => environment.cancelled() || context.deadline.late();
  const findings = new RaceCollector();
  let own: Session | undefined;
  try {
    const scenario = { ...session.scenario, model };
    own = await createSession({ ...job, scenario }, quiet(environment), findings, late, session);
    findings.attach(own);
    return summary(context, await explored(context, own, findings));
  } catch (error) {
    // When the instances cannot be created, there is no such run; the one that it belongs to has not failed.
    if (error instanceof SessionError) return null;
    throw error;
  } finally {
    own?.scheduler.close();
  }
}

/** The same session from a base state that already has the pages. */
async function preallocated(
  context: ExploreContext,
  growth: readonly MemoryGrowth[],
): Promise<RemedyRuns['preallocated']> {
  const { session, findings } = context;
  const { machine } = session;
  for (const memory of machine.memories) {
    const grown = growth.find(({ index }) => index === memory.index);
    if (grown !== undefined && !memory.preallocate(grown.most)) return null;
  }
  for (const instance of machine.instances) machine.fitTags(instance);
  findings.forget();
  const exploration = await explored(context, session, findings);
  const run = summary(context, exploration);
  const { pages } = exploration.serial;
  const grows = machine.memories.flatMap(({ index }, i) => (pages[i].most > pages[i].base ? [index] : []));
  return run && { ...run, grows: [...new Set(grows)] };
}

function explored(context: ExploreContext, session: Session, findings: RaceCollector): Promise<Exploration> {
  const budget = { ...session.scenario.budget, schedules: SCHEDULES };
  return explore({
    session: { ...session, scenario: { ...session.scenario, budget } },
    findings,
    environment: quiet(context.environment),
    stopped: allowance(context, session.scheduler, WORK),
    deadline: FIXED,
    wanted: new Set(),
  });
}

/** Findings of a remedy are counted, not shown, so their confirmation gets no extra time. */
const FIXED: Deadline = {
  end: Number.POSITIVE_INFINITY,
  extend() {},
  conclude() {},
  late: () => false,
  missed: false,
};

/** Without progress: numbers of another exploration would look like those of the run. */
const quiet = (environment: Environment): Environment => ({
  now: () => environment.now(),
  cancelled: () => environment.cancelled(),
  breathe: () => environment.breathe(),
  progress() {},
  world: environment.world,
  at: environment.at,
});

/** Null where too little could be run to say anything, or the clock has ended it. */
function summary({ deadline }: ExploreContext, exploration: Exploration): RemedyRun | null {
  if (deadline.late()) return null;
  const { verdict, wrongOutcome } = verdictOf(exploration);
  if (verdict === 'inconclusive') return null;
  const { exhaustive, schedules, preemptionBound, races } = exploration;
  return {
    verdict,
    wrongOutcome,
    exhaustive,
    schedules,
    preemptionBound,
    races: [...new Set(races.map(({ kind }) => kind))].sort(),
  };
}
