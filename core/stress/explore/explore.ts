/**
 * The exploration of a scenario: serial orders, schedules with few preemptions, all schedules up to equivalence, and
 * random ones for what is left of the budget. Everything found is turned into a schedule that was replayed.
 */

import { t } from '../../text/l10n.ts';
import type { ExecutionEnding } from '../run/dispatcher.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import type { Strategy } from '../run/strategy.ts';
import { BoundedSearch } from '../search/bounded.ts';
import { RandomSearch } from '../search/random.ts';
import { ReducedSearch } from '../search/reduction.ts';
import type { Session } from '../session/session.ts';
import { trappingCallers } from './alwaysTraps.ts';
import { Confirmation } from './confirmation.ts';
import { runExecution } from './execution.ts';
import { explanation } from './explanation.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { noneEnds, outcomeOf, type SerialOutcomes, serialOutcomes } from './outcomes.ts';
import { overlapHazard } from './overlappingCalls.ts';
import type { RaceCollector } from './raceCollector.ts';
import { leavesObjects, meetUnwound, unobservedMeetings } from './restsOn.ts';

/** Most distinct outcomes that are counted. */
const MAX_SEEN = 100_000;
/** Most restarts of a search because callers turned out to share more. */
const MAX_RESTARTS = 60;
/** Executions of each phase before the next one has a turn, and of the search once something wrong, or a defect, was found. */
const PHASE_SCHEDULES = 20_000;
const AFTERWARDS = 2_000;
/** Executions of calls that change objects which are not restored. */
const OBJECTS = 200;
const RANDOM_DEPTH = 3;
/** Share of the budget (schedules and time) that is reserved for random schedules. */
const RANDOM_SHARE = 0.2;

/** Moves to the next schedule; false if there is none. */
interface Search extends Strategy {
  next(): boolean;
  diverged?: boolean;
}

/** Explores the schedules of a session until all are explored, the budget ends, or it is stopped. */
export async function explore(context: ExploreContext): Promise<Exploration> {
  const { session, environment, stopped } = context;
  environment.progress({ phase: t('serial orders'), schedules: 0, races: 0, wrong: 0 });
  const serial = await serialOutcomes(session, session.scenario.seed, stopped);
  return new Explorer(context, serial).run();
}

class Explorer {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly findings: RaceCollector;
  private readonly result: Exploration;
  private readonly confirmation: Confirmation;
  private restarts = 0;
  private readonly started: number;
  private lastBreath: number;
  private tooLong = false;
  private noReturn = false;
  /** Executions after which the search ends because the engine has shown a defect. */
  private last: number | undefined;
  /** The clock has ended some part of the search. */
  private outOfTime = false;
  /** Of the serial orders. */
  private readonly lowestStack: number;
  /** All calls of all callers returned in some execution. */
  private returned = false;

  constructor(context: ExploreContext, serial: SerialOutcomes) {
    this.context = context;
    this.session = context.session;
    this.findings = context.findings;
    this.started = context.environment.now();
    this.lastBreath = this.started;
    this.result = {
      serial,
      hostHazards: [],
      defects: [],
      races: [],
      wrong: [],
      hang: undefined,
      seen: new Set(),
      unjudged: false,
      exhaustive: false,
      preemptionBound: null,
      conclusive: false,
      schedules: serial.orders,
      pct: null,
      notes: [],
    };
    this.lowestStack = this.session.accesses.lowestStack;
    this.confirmation = new Confirmation(context, this.result);
  }

  private get found(): boolean {
    if (this.context.wanted.size > 0) return false;
    // Sequences are divided by few switches; there may be more to find inside calls.
    return this.result.wrong.some(({ order }) => order === null) || this.result.hang !== undefined;
  }

  private get budget(): number {
    return this.session.scenario.budget.schedules;
  }

  async run(): Promise<Exploration> {
    const { result, session } = this;
    session.ranges.fixSplits(session.machine.memories);
    const single = session.callers.length === 1;
    await this.learn();
    if (!this.returned && result.serial.byKey.size === 0 && this.confirmation.alwaysStuck()) {
      result.hostHazards.push(...(await overlapHazard(this.context)));
      return result;
    }
    // Executions do not begin with the same objects, so there is nothing that searching on could show.
    if (leavesObjects(session)) this.last = result.schedules + OBJECTS;
    // Races and hangs alone are judged: nothing of that is shown before the search is done.
    const most = noneEnds(result.serial) ? this.budget : PHASE_SCHEDULES;
    const bounds = single ? 0 : session.scenario.budget.preemptions;
    for (let bound = 0; bound <= bounds && !this.over(); bound++) {
      if (bound === 2 && !this.found && (await this.reduced(most))) break;
      if (this.found && bound > 1) break;
      if (await this.bounded(bound)) {
        result.exhaustive = this.sure;
        break;
      }
    }
    if (this.found && !result.exhaustive && !this.over()) await this.reduced(AFTERWARDS);
    if (!this.found && !result.exhaustive && !this.over(1)) await this.random();
    // The engine does not see what user functions do to memory and to their state.
    if (!this.sure || session.scheduler.spinning.unproven || session.scenario.imports !== 'stub')
      result.exhaustive = false;
    if (session.scheduler.everExhausted) result.exhaustive = false;
    // Without a completed bound, absence of findings means nothing.
    // Callers that need each other have no serial order; whether they race or hang is known all the same.
    const judged = result.serial.byKey.size > 0 || (noneEnds(result.serial) && this.returned);
    this.checkSerial();
    // Nothing is claimed where it is not known what callers share.
    if (this.confirmation.unstable || this.tooLong) result.preemptionBound = null;
    result.conclusive =
      judged &&
      trappingCallers([...result.serial.byKey.values()]).length === 0 &&
      result.defects.length === 0 &&
      !result.unjudged &&
      !session.scheduler.everExhausted &&
      (result.preemptionBound !== null || result.exhaustive);
    // Unwinding and rewinding by Asyncify was not run: suspended calls kept their frames.
    if (meetUnwound(session)) result.conclusive = false;
    const unobserved = unobservedMeetings(session);
    if (unobserved.length > 0) result.conclusive = false;
    result.notes.push(...unobserved);
    result.hostHazards.push(...(await overlapHazard(this.context)));
    const { outOfTime, tooLong, confirmation } = this;
    if (leavesObjects(session)) result.pct = null;
    const { unstable } = confirmation;
    result.notes.push(...explanation(this.context, result, { unstable, outOfTime, tooLong }));
    return result;
  }

  /** An exhaustive search has seen every outcome of a serial order; else the engine has left something out. */
  private checkSerial(): void {
    const { exhaustive, serial, defects } = this.result;
    // Objects are not restored, so orders do not begin where executions do.
    if (!exhaustive || this.result.seen.size >= MAX_SEEN || leavesObjects(this.session) || serial.exhausted) return;
    // What counts as dead stack frames depends on how deep the stack was seen to be: then states cannot be compared.
    const states = this.session.accesses.lowestStack === this.lowestStack;
    const compared = (key: string): string => (states ? key : key.slice(0, key.lastIndexOf('#')));
    const seen = new Set([...this.result.seen].map(compared));
    for (const [key, { order, nested }] of serial.byKey) {
      if (nested || seen.has(compared(key))) continue;
      this.result.exhaustive = false;
      defects.push({
        kind: 'serial-outcome-missing',
        text: t('the search was complete, but the outcome of serial order {0} was not seen', order),
        schedule: order,
      });
      return;
    }
  }

  private get sure(): boolean {
    return !this.confirmation.unstable && !this.tooLong && !this.noReturn;
  }

  /** Share of the budget for everything but random schedules; all of it where none will follow. */
  private get share(): number {
    return this.found || this.session.callers.length === 1 ? 1 : 1 - RANDOM_SHARE;
  }

  /** Whether a share of the budget is used up: of the schedules, or of the time that serial orders left. */
  private over(share = this.share): boolean {
    const { stopped, environment, deadline } = this.context;
    if (stopped()) {
      if (environment.now() > deadline.end) this.outOfTime = true;
      return true;
    }
    if (this.result.schedules >= this.budget * share) return true;
    // Little of what is found after a defect can be relied on.
    if (this.result.defects.length > 0) this.last ??= this.result.schedules + AFTERWARDS;
    if (this.last !== undefined && this.result.schedules >= this.last) return true;
    if (share === 1 || environment.now() < this.started + (deadline.end - this.started) * share) return false;
    this.outOfTime = true;
    return true;
  }

  /** Runs a few random executions to learn what callers share before the searches begin. */
  private async learn(): Promise<void> {
    if (this.session.callers.length === 1) return;
    const random = new RandomSearch(this.session.callers.length, RANDOM_DEPTH, this.session.scenario.seed);
    for (let i = 0; i < 12 && !this.over(); i++) {
      await this.execute(random, false);
      if (this.noReturn || (i >= 3 && !this.session.scheduler.discovered)) return;
    }
  }

  /** All schedules within a bound; true when the bound left none out. */
  private async bounded(bound: number): Promise<boolean> {
    this.say(t('preemption bound {0}', bound));
    let search = new BoundedSearch(bound);
    const limit = this.result.schedules + (bound <= 1 ? PHASE_SCHEDULES : this.budget);
    const complete = await this.searchAll(
      () => search,
      () => {
        search = new BoundedSearch(bound);
      },
      limit,
    );
    if (!complete) return false;
    this.result.preemptionBound = bound;
    return !search.limited && !search.diverged;
  }

  /** All schedules up to equivalence, at most `most`. */
  private async reduced(most: number): Promise<boolean> {
    this.say(t('all schedules'));
    let search = new ReducedSearch();
    const complete = await this.searchAll(
      () => search,
      () => {
        search = new ReducedSearch();
      },
      this.result.schedules + most,
    );
    this.result.exhaustive = complete && !search.diverged && !search.overflowed && this.sure;
    return this.result.exhaustive;
  }

  /** Runs a search to its end; false if something else ended it. */
  private async searchAll(search: () => Search, restart: () => void, limit: number): Promise<boolean> {
    for (;;) {
      if (this.over() || this.result.schedules >= limit) return false;
      await this.execute(search(), true);
      if (this.session.scheduler.discovered) {
        if (++this.restarts > MAX_RESTARTS) this.confirmation.unstable = true;
        else {
          restart();
          continue;
        }
      }
      if (this.result.hang !== undefined && this.result.hang.kind === 'no-return') return false;
      if (!search().next()) return true;
    }
  }

  private async random(): Promise<void> {
    const { session, result } = this;
    if (session.callers.length === 1) return;
    this.say(t('random schedules'));
    const search = new RandomSearch(session.callers.length, RANDOM_DEPTH, session.scenario.seed);
    let executions = 0;
    while (!this.over(1) && !this.found) {
      await this.execute(search, true);
      executions++;
    }
    result.pct = {
      schedules: executions,
      depth: search.depth,
      steps: search.steps,
      missProbability: search.missProbability(executions),
    };
  }

  /** One execution, and what it shows. */
  private async execute(strategy: Strategy, counts: boolean): Promise<ExecutionEnding> {
    const { session, findings, result, context } = this;
    const { scheduler } = session;
    const ending = await runExecution(context, ExecutionMode.Explore, strategy);
    result.schedules++;
    const { discovered } = scheduler;
    const fresh = findings.fresh.slice();
    const { confirmation } = this;
    // Executions that discover shared cells are not judged: a later execution is.
    const shows = counts && !discovered;
    const choices = shows ? scheduler.dispatcher.choices.slice() : [];
    const before = result.races.length + result.wrong.length;
    if (ending === 'done') {
      this.returned = true;
      const outcome = await outcomeOf(session);
      if (shows) {
        if (result.seen.size < MAX_SEEN) result.seen.add(outcome.key);
        await confirmation.judge(outcome, choices);
      }
    } else if (ending === 'long') this.tooLong = true;
    else if (ending === 'deadlock' || ending === 'livelock' || ending === 'no-return') {
      if (ending === 'no-return') this.noReturn = true;
      if (shows && result.hang === undefined) await confirmation.hangs(ending, choices);
    }
    if (shows && fresh.length > 0) await confirmation.confirm(fresh, choices);
    if (result.races.length + result.wrong.length > before) this.say('replay');
    if (context.environment.now() - this.lastBreath > 50) await this.breathe();
    scheduler.discovered = discovered || confirmation.tookNews();
    return ending;
  }

  private say(phase: string): void {
    const { schedules, races, wrong } = this.result;
    this.context.environment.progress({ phase, schedules, races: races.length, wrong: wrong.length });
  }

  private async breathe(): Promise<void> {
    this.say('exploring');
    await this.context.environment.breathe();
    this.lastBreath = this.context.environment.now();
  }
}
