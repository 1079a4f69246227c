/**
 * A survey: all schedules up to equivalence, as far as few executions go, before the search for the simplest schedule of
 * whatever is wrong. It knows what there is to be found, and where it was complete, that there is nothing else; what it
 * saw is judged when the outcomes of serial orders are known, which a complete survey knows as well.
 */
import type { ExecutionEnding } from '../run/dispatcher.ts';
import { CallOrders } from '../search/callOrder.ts';
import { ReducedSearch } from '../search/reduction.ts';
import type { Session } from '../session/session.ts';
import type { ExploreContext } from './exploration.ts';
import type { Hang } from './hang/hang.ts';
import { deepened, type ExecutionOutcome, outcomeOf, type SerialOutcomes } from './outcomes.ts';
import type { FoundRace, RaceCollector } from './raceCollector.ts';
import { leavesObjects } from './restsOn.ts';
import { addOutcome, makesCallbacks, noOutcomes, notePages, settled, togetherIn } from './serialOutcomes.ts';

/** An outcome and the decisions of the first execution that had it. */
export interface SeenOutcome {
  outcome: ExecutionOutcome;
  choices: number[];
}

/** Races that are not confirmed yet, and the decisions of the execution that had them. */
export interface SeenRaces {
  races: readonly FoundRace[];
  choices: number[];
}

/** What the executions of the optimal search showed; see the file's comment. */
export class Survey {
  private readonly session: Session;
  private readonly findings: RaceCollector;
  /** It goes on where the survey has ended. */
  search = new ReducedSearch();
  executions = 0;
  /** All schedules were executed. */
  complete = false;
  readonly outcomes = new Map<string, SeenOutcome>();
  readonly races: SeenRaces[] = [];
  hang: { kind: Hang['kind']; choices: number[] } | undefined;
  /** Outcomes of the executions that are equivalent to serial ones. */
  private serial: SerialOutcomes;
  private readonly orders: CallOrders | undefined;
  private discoveries = 0;
  /** See `deepened`. */
  lowestStack: number;
  /** @param derives whether to find out which executions are equivalent to serial ones */
  constructor({ session, findings }: Pick<ExploreContext, 'session' | 'findings'>, derives: boolean) {
    this.session = session;
    this.findings = findings;
    const calls = session.callers.map((caller) => caller.calls.length);
    const orders = derives && mayDerive(session) ? new CallOrders(calls, togetherIn(session)) : undefined;
    this.orders = orders?.possible === true ? orders : undefined;
    this.serial = noOutcomes(session, { units: true, calls: true });
    this.lowestStack = session.accesses.lowestStack;
  }

  /** Forgets everything: callers turned out to share more. */
  restart(): void {
    this.search = new ReducedSearch();
    this.executions = 0;
    this.outcomes.clear();
    this.races.length = 0;
    this.hang = undefined;
    this.findings.release();
    this.serial = noOutcomes(this.session, { units: true, calls: true });
    this.lowestStack = this.session.accesses.lowestStack;
  }

  /** The execution that has just ended; `fresh`: its races that were not known. */
  async note(ending: ExecutionEnding, fresh: readonly FoundRace[]): Promise<void> {
    const { session, findings } = this;
    this.executions++;
    const { choices } = session.scheduler.dispatcher;
    if (fresh.length > 0) {
      this.races.push({ races: fresh, choices });
      findings.defer(fresh);
    }
    if (ending === 'deadlock' || ending === 'livelock' || ending === 'no-return')
      this.hang ??= { kind: ending, choices };
    if (ending !== 'done') return;
    const serial = this.orders?.of(session.history.dependence);
    if (serial !== undefined) notePages(this.serial.pages, session);
    const outcome = await outcomeOf(session);
    if (!this.outcomes.has(outcome.key)) this.outcomes.set(outcome.key, { outcome, choices });
    if (serial !== undefined) addOutcome(this.serial, outcome, { ...serial, nested: false });
  }

  /** It is over. */
  end(complete: boolean): void {
    this.complete = complete && !this.search.diverged && !this.search.overflowed;
    this.discoveries = this.session.scheduler.discoveries;
    this.findings.release();
  }

  /** Whether executions still decide where those of the survey did, and states are still alike. */
  get holds(): boolean {
    return this.discoveries === this.session.scheduler.discoveries && !this.deepened;
  }

  /** Whether the stack was seen deeper than when it began, so that states of its outcomes are not alike. */
  get deepened(): boolean {
    return deepened(this.session, this);
  }

  /**
   * The outcomes of all serial orders, where the survey shows them: it was complete, and each order is equivalent to one
   * of its executions.
   */
  get serialOutcomes(): SerialOutcomes | undefined {
    const { session, serial } = this;
    const { scheduler } = session;
    if (this.orders === undefined || !this.complete || this.hang !== undefined) return undefined;
    // Calls that do not return alone have no execution in those orders; what counts as state has to be the same in all.
    const alone = !scheduler.waited && !scheduler.spinning.spun && !scheduler.everExhausted;
    if (!alone || this.deepened || serial.byKey.size === 0) return undefined;
    return settled(serial, false);
  }
}

/** Not where there is state that the engine does not see or restore, or where imports make calls of their own. */
const mayDerive = (session: Session): boolean =>
  session.scenario.imports === 'stub' && !makesCallbacks(session) && !leavesObjects(session);
