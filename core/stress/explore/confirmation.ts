/** Runs findings of an exploration again before they are reported: wrong outcomes, races and hangs, each with its schedule. */

import { t } from '../../text/l10n.ts';
import { ExecutionMode } from '../run/mode.ts';
import { DecisionReplay, type Schedule, scheduleOf, scheduleText } from '../search/schedules.ts';
import type { Session } from '../session/session.ts';
import { type Replayed, replay, runExecution } from './execution.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import type { Hang } from './hang/hang.ts';
import { stuckIn } from './hang/stuck.ts';
import { deepened, type ExecutionOutcome, isUnjudged, resultsKey, type Wrong, wrongIn } from './outcomes.ts';
import type { FoundRace, RaceCollector } from './raceCollector.ts';
import { leavesObjects } from './restsOn.ts';

/** Wrong outcomes and their schedules that are kept, of calls and of sequences each. */
const MAX_WRONG = 10;
/** Defects of the engine that are told. */
const MAX_DEFECTS = 5;

/** Judges the executions of one exploration and replays what they found; only findings that show again are kept. */
export class Confirmation {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly findings: RaceCollector;
  private readonly result: Exploration;
  private readonly wrongKeys = new Set<string>();
  /** Some finding did not show again: executions touch more than is known. */
  unstable = false;
  /** A replay showed that callers share more. */
  private rediscovered = false;

  constructor(context: ExploreContext, result: Exploration) {
    this.context = context;
    this.session = context.session;
    this.findings = context.findings;
    this.result = result;
  }

  /** Whether a replay since the last call made a cell visible. */
  tookNews(): boolean {
    const news = this.rediscovered;
    this.rediscovered = false;
    return news;
  }

  /** What is wrong with an outcome that would be kept; undefined if it is that of some serial order, or known. */
  news(outcome: ExecutionOutcome): Wrong | undefined {
    const { serial, wrong } = this.result;
    const found = wrongIn(serial, outcome);
    if (found === undefined || this.wrongKeys.has(outcome.key)) return undefined;
    const isWanted = this.context.wanted.has(resultsKey(outcome));
    const alike = wrong.filter(({ order }) => (order === null) === (found.order === null));
    if (alike.length >= MAX_WRONG && !isWanted) return undefined;
    const known = wrong.some((w) => w.stateOnly && resultsKey(w) === resultsKey(outcome));
    return known ? undefined : found;
  }

  /** Whether an outcome is that of some serial order; a wrong one is replayed and kept. */
  async judge(outcome: ExecutionOutcome, choices: readonly number[]): Promise<void> {
    const { wrong, serial, seen } = this.result;
    const { wanted } = this.context;
    if (isUnjudged(serial, outcome)) {
      this.result.unjudged = true;
      seen.delete(outcome.key);
      return;
    }
    const found = this.news(outcome);
    if (found === undefined) return;
    this.wrongKeys.add(outcome.key);
    this.context.deadline.extend();
    const schedule = await this.scheduleOf(choices);
    const again = await this.replay(schedule);
    if (again.outcome?.key !== outcome.key) {
      this.wrongKeys.delete(outcome.key);
      this.missed(t('a wrong outcome'), schedule, again);
      return;
    }
    wanted.delete(resultsKey(outcome));
    wrong.push({
      results: outcome.results,
      probe: outcome.probe,
      state: [],
      schedule: scheduleText(schedule),
      order: found.order,
      stateOnly: found.what === 'state',
    });
  }

  async hangs(kind: Hang['kind'], choices: readonly number[]): Promise<void> {
    this.context.deadline.extend();
    const schedule = await this.scheduleOf(choices);
    const again = await this.replay(schedule);
    if (again.ending === kind) this.result.hang = { kind, schedule: scheduleText(schedule), ...stuckIn(this.session) };
    else this.missed(t('a hang'), schedule, again);
  }

  /** Races are reported when their schedule shows them again. */
  async confirm(fresh: readonly FoundRace[], choices: readonly number[]): Promise<void> {
    this.context.deadline.extend();
    const schedule = await this.scheduleOf(choices);
    const again = await this.replay(schedule);
    const shown = new Set(this.findings.seen);
    for (const race of fresh) {
      if (!shown.has(race.key)) {
        this.missed(t('a race on {0}', race.cell), schedule, again);
        continue;
      }
      this.findings.keep(race, this.result, scheduleText(schedule));
    }
  }

  /** A finding did not show again. One that is only due to what became known now is found anew by the next search. */
  private missed(what: string, turns: Schedule, { discovered, ending }: Replayed): void {
    if (discovered) return;
    this.unstable = true;
    const { defects } = this.result;
    // The time was over, states are not alike, or there is what no execution restores: state of the user's functions or in
    // objects, and depth.
    if (
      ending === 'stopped' ||
      this.session.scheduler.everExhausted ||
      deepened(this.session, this.result.serial) ||
      this.session.scenario.imports !== 'stub' ||
      leavesObjects(this.session)
    )
      return;
    const schedule = scheduleText(turns);
    if (defects.length < MAX_DEFECTS && !defects.some((known) => known.schedule === schedule))
      defects.push({
        kind: 'not-replayed',
        text: t('{0} was found, but replaying its schedule did not show it again', what),
        schedule,
      });
  }

  /** The decisions of an execution as turns of operations, which do not depend on what the search knows. */
  private async scheduleOf(choices: readonly number[]): Promise<Schedule> {
    await runExecution(this.context, ExecutionMode.Count, new DecisionReplay(choices));
    return scheduleOf(this.session.scheduler.segments);
  }

  private async replay(turns: Schedule): Promise<Replayed> {
    const replayed = await replay(this.context, turns);
    if (replayed.discovered) this.rediscovered = true;
    return replayed;
  }

  /** No serial order of the calls ends because of a loop: a hang, where no other execution ends either. */
  alwaysStuck(): boolean {
    const { stuck, infeasible, orders } = this.result.serial;
    const { instrumented } = this.session;
    if (stuck === undefined || infeasible < orders || !stuck.loops) return false;
    this.result.hang = {
      kind: 'no-return',
      schedule: '',
      lastSeen: [
        {
          caller: stuck.caller,
          call: stuck.call,
          func: instrumented.sites.func[stuck.site] ?? -1,
          offset: instrumented.sites.offset[stuck.site] ?? -1,
          loops: true,
        },
      ],
    };
    return true;
  }
}
