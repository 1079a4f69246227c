/** For tests: searches by themselves, without the phases and judgements of an exploration. */
import { outcomeOf } from '../explore/outcomes.ts';
import { RaceCollector } from '../explore/raceCollector.ts';
import { ExecutionMode } from '../run/mode.ts';
import type { Strategy } from '../run/strategy.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';
import { BoundedSearch } from '../search/bounded.ts';
import { RandomSearch } from '../search/random.ts';
import { ReducedSearch } from '../search/reduction.ts';
import { createSession } from '../session/createSession.ts';
import type { Session } from '../session/session.ts';
import { environment } from './run.ts';

/** Executions after which no test needs more. */
const MOST = 200_000;
/** Executions of every schedule up to which a program is compared. */
const MOST_COMPARED = 10_000;

/** What a search did. */
export interface Searched {
  executions: number;
  /** Executions that repeated only what others had shown. */
  cut: number;
  diverged: boolean;
  /** Keys of the outcomes, one for each execution that ended. */
  outcomes: string[];
  /** Decisions of each execution. */
  schedules: string[];
  /** Keys of the races of all executions. */
  races: Set<string>;
}

/** A session with what collects its races. */
export interface SearchedSession extends Session {
  findings: RaceCollector;
}

/** A session whose searches know what callers share. */
export async function sessionFor(
  bytes: Uint8Array,
  file: ScenarioFile,
  known?: Pick<Session, 'module' | 'analysis' | 'instrumented'>,
): Promise<SearchedSession> {
  const findings = new RaceCollector();
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  const job = { bytes, name: 'test.wat', scenario };
  const session = await createSession(job, environment(), findings, () => false, known);
  findings.attach(session);
  session.ranges.fixSplits(session.machine.memories);
  await learn(session);
  return { ...session, findings };
}

/** Runs random schedules until they show nothing new about what callers share. */
async function learn(session: Session): Promise<void> {
  const random = new RandomSearch(session.callers.length, 3, 1);
  for (let quiet = 0; quiet < 5; ) {
    await execute(session, random);
    quiet = session.scheduler.discovered ? 0 : quiet + 1;
  }
}

async function execute({ scheduler, host }: Session, strategy: Strategy): Promise<string> {
  host.reset();
  const ending = await scheduler.execute(ExecutionMode.Explore, strategy);
  if (scheduler.defect !== undefined) throw scheduler.defect;
  return ending;
}

/** All executions of the optimal search. Begins again when one shows that callers share more. */
export async function searched(session: SearchedSession): Promise<Searched> {
  const found = await searchedBy(session, () => new ReducedSearch(), MOST);
  if (found === undefined) throw new Error(`more than ${MOST} executions`);
  return found;
}

/** The same of a search of every schedule, for comparison; undefined if there are too many. */
export const searchedWhole = (session: SearchedSession): Promise<Searched | undefined> =>
  searchedBy(session, () => new BoundedSearch(Number.POSITIVE_INFINITY), MOST_COMPARED);

async function searchedBy(
  session: SearchedSession,
  begin: () => ReducedSearch | BoundedSearch,
  most: number,
): Promise<Searched | undefined> {
  const { scheduler, findings } = session;
  let search = begin();
  const found: Searched = { executions: 0, cut: 0, diverged: false, outcomes: [], schedules: [], races: new Set() };
  while (++found.executions <= most) {
    findings.begin(false);
    const ending = await execute(session, search);
    found.schedules.push(scheduler.dispatcher.choices.join(''));
    for (const race of findings.seen) found.races.add(race);
    if (scheduler.discovered) {
      search = begin();
      Object.assign(found, { executions: 0, outcomes: [], schedules: [], races: new Set() });
      continue;
    }
    found.outcomes.push(ending === 'done' ? (await outcomeOf(session)).key : ending);
    if (search.next()) continue;
    return { ...found, cut: search instanceof ReducedSearch ? search.cut : 0, diverged: search.diverged };
  }
  return undefined;
}
