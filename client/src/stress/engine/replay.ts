/** Replays one schedule of a scenario and says what it shows. */
import { lastSeenIn } from './confirmation.ts';
import type { Exploration, ExploreContext } from './explore.ts';
import type { FoundRace } from './findings.ts';
import { outcomeOf, resultsKey, serialOutcomes } from './outcomes.ts';
import { report } from './report.ts';
import { Mode } from './run/scheduler.ts';
import { Given, parseSchedule } from './search/given.ts';
import type { StressAnswer, StressJob } from './stress.ts';

/** How often a schedule is run until it shows nothing new about what callers share. */
const MAX_ROUNDS = 20;

export async function replayJob(
  job: StressJob,
  context: ExploreContext,
  text: string,
  started: number,
): Promise<StressAnswer> {
  const { session, findings } = context;
  const turns = parseSchedule(text, session.callers.length);
  if (!Array.isArray(turns))
    return { failure: { kind: 'invalid-scenario', message: (turns as { message: string }).message } };
  const { scheduler, host } = session;
  const serial = await serialOutcomes(session, session.scenario.seed, context.stopped);
  session.ranges.fixSplits(session.machine.memories);
  const strategy = new Given(turns);
  let ending: Awaited<ReturnType<typeof scheduler.execute>> = 'done';
  let rounds = 0;
  do {
    findings.begin();
    host.reset();
    ending = await scheduler.execute(Mode.Replay, strategy);
    if (scheduler.defect !== undefined) throw scheduler.defect;
  } while (scheduler.discovered && ++rounds < MAX_ROUNDS);
  const races = findings.fresh.map(({ key: _, ...race }: FoundRace) => ({ ...race, schedule: text }));
  const exploration: Exploration = {
    serial,
    races,
    wrong: [],
    hang: undefined,
    seen: new Set(),
    exhaustive: false,
    preemptionBound: null,
    schedules: serial.orders + rounds + 1,
    pct: null,
    notes: [],
  };
  if (ending === 'done') {
    const outcome = await outcomeOf(session);
    exploration.seen.add(outcome.key);
    if (serial.complete && serial.byKey.size > 0 && !serial.byKey.has(outcome.key)) {
      const stateOnly = serial.results.has(resultsKey(outcome));
      exploration.wrong.push({ results: outcome.results, probe: outcome.probe, state: [], schedule: text, stateOnly });
    }
  } else if (ending === 'deadlock' || ending === 'livelock' || ending === 'no-return') {
    exploration.hang = { kind: ending, schedule: text, lastSeen: lastSeenIn(session) };
  }
  if (strategy.diverged)
    exploration.notes.push(
      'The schedule names callers that could not go on there: it was made for another module or scenario.',
    );
  const result = await report(job, context, exploration, started, text);
  const judged = ending === 'done' && !strategy.diverged && serial.complete && serial.byKey.size > 0;
  if (result.verdict === 'inconclusive' && judged) result.verdict = 'safe';
  return { result };
}
