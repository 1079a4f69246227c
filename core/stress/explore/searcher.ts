/** Executes searches: one execution after the other, and what each shows, within the budget of an exploration. */

import type { ExecutionEnding } from '../run/dispatcher.ts';
import { ExecutionMode } from '../run/mode.ts';
import type { Strategy } from '../run/strategy.ts';
import { RandomSearch } from '../search/random.ts';
import type { Session } from '../session/session.ts';
import { Confirmation } from './confirmation.ts';
import { runExecution } from './execution.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { deepened, outcomeOf } from './outcomes.ts';
import type { FoundRace } from './raceCollector.ts';

/** Most distinct outcomes that are counted. */
export const MOST_OUTCOMES = 100_000;
/** Most restarts of a search because callers turned out to share more. */
const MAX_RESTARTS = 60;
/** Executions of a search once something wrong, or a defect, was found. */
export const AFTERWARDS = 2_000;
/** Executions that show what callers share, and the depth of these and of other random ones. */
const LEARNING = 12;
export const RANDOM_DEPTH = 3;
/** Share of the budget (schedules and time) that is reserved for random schedules. */
const RANDOM_SHARE = 0.2;

/** Moves to the next schedule; false if there is none. */
export interface Search extends Strategy {
  next(): boolean;
  diverged?: boolean;
}

/** Takes what an execution showed, unless it discovered what callers share: then a later one is judged. */
export type Judge = (ending: ExecutionEnding, fresh: readonly FoundRace[]) => Promise<void>;

/** Searches and what becomes of their executions. */
export interface Searching {
  search(): Search;
  /** Begins anew. */
  restart(): void;
  judge: Judge;
  /** Most executions of the whole exploration. */
  limit: number;
  /** There is nothing left to be found. */
  enough?(): boolean;
}

/** The executions of one exploration; see the file's comment. */
export class Searcher {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly result: Exploration;
  readonly confirmation: Confirmation;
  private restarts = 0;
  private readonly started: number;
  private lastBreath: number;
  /** Some execution was cut off; some call never returned by itself. */
  tooLong = false;
  noReturn = false;
  /** All calls of all callers returned in some execution. */
  returned = false;
  /** The clock has ended some part of the search. */
  outOfTime = false;
  /** Executions after which the search ends, because little of what is found then can be relied on. */
  last: number | undefined;

  constructor(context: ExploreContext, result: Exploration) {
    this.context = context;
    this.session = context.session;
    this.result = result;
    this.confirmation = new Confirmation(context, result);
    this.started = context.environment.now();
    this.lastBreath = this.started;
  }

  /** Something is wrong for certain, and nothing else is wanted. */
  get found(): boolean {
    if (this.context.wanted.size > 0) return false;
    // Sequences are divided by few switches; there may be more to find inside calls.
    return this.result.wrong.some(({ order }) => order === null) || this.result.hang !== undefined;
  }

  get budget(): number {
    return this.session.scenario.budget.schedules;
  }

  /** Executions decide alike, and none was left out. */
  get sure(): boolean {
    return !this.confirmation.unstable && !this.tooLong && !this.noReturn;
  }

  /** Share of the budget for everything but random schedules; all of it where none will follow. */
  private get share(): number {
    return this.found || this.session.callers.length === 1 ? 1 : 1 - RANDOM_SHARE;
  }

  /** Outcomes can no longer be compared with those of serial orders: the exploration has to begin again. */
  get deepened(): boolean {
    return this.result.serial.byKey.size > 0 && deepened(this.session, this.result.serial);
  }

  /** Whether a share of the time is over. */
  late(share: number): boolean {
    const { environment, deadline } = this.context;
    return environment.now() >= this.started + (deadline.end - this.started) * share;
  }

  /** Whether a share of the budget is used up: of the schedules, or of the time that serial orders left. */
  over(share = this.share): boolean {
    const { stopped, environment, deadline } = this.context;
    if (stopped()) {
      if (environment.now() > deadline.end) this.outOfTime = true;
      return true;
    }
    if (this.result.schedules >= this.budget * share || this.deepened) return true;
    // Little of what is found after a defect can be relied on.
    if (this.result.defects.length > 0) this.last ??= this.result.schedules + AFTERWARDS;
    if (this.last !== undefined && this.result.schedules >= this.last) return true;
    if (share === 1 || !this.late(share)) return false;
    this.outOfTime = true;
    return true;
  }

  /** Runs a few random executions to learn what callers share before the searches begin. */
  async learn(): Promise<void> {
    if (this.session.callers.length === 1) return;
    const random = new RandomSearch(this.session.callers.length, RANDOM_DEPTH, this.session.scenario.seed);
    for (let i = 0; i < LEARNING && !this.over(); i++) {
      await this.execute(random, undefined);
      if (this.noReturn || (i >= 3 && !this.session.scheduler.discovered)) return;
    }
  }

  /** Runs a search to its end; false if something else ended it. */
  async searchAll({ search, restart, judge, limit, enough }: Searching): Promise<boolean> {
    for (;;) {
      if (this.over() || this.result.schedules >= limit || enough?.() === true) return false;
      await this.execute(search(), judge);
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

  /** One execution, and what it shows. */
  async execute(strategy: Strategy, judge: Judge | undefined): Promise<void> {
    const { session, result, context, confirmation } = this;
    const { findings } = context;
    const { scheduler } = session;
    const ending = await runExecution(context, ExecutionMode.Explore, strategy);
    result.schedules++;
    const { discovered } = scheduler;
    const before = result.races.length + result.wrong.length;
    if (ending === 'done') this.returned = true;
    else if (ending === 'long') this.tooLong = true;
    else if (ending === 'no-return') this.noReturn = true;
    // Executions that discover shared cells are not judged: a later execution is.
    if (judge !== undefined && !discovered && !this.deepened) await judge(ending, findings.fresh);
    else if (ending === 'done') await outcomeOf(session);
    if (result.races.length + result.wrong.length > before) this.say('replay');
    if (context.environment.now() - this.lastBreath > 50) await this.breathe();
    scheduler.discovered = discovered || confirmation.tookNews();
  }

  /** Replays and keeps what is new in the execution that has just ended. */
  judge: Judge = async (ending, fresh) => {
    const { session, result, confirmation } = this;
    const choices = session.scheduler.dispatcher.choices;
    if (ending === 'done') {
      const outcome = await outcomeOf(session);
      if (result.seen.size < MOST_OUTCOMES) result.seen.add(outcome.key);
      await confirmation.judge(outcome, choices);
    } else if (ending === 'deadlock' || ending === 'livelock' || ending === 'no-return') {
      if (result.hang === undefined) await confirmation.hangs(ending, choices);
    }
    if (fresh.length > 0) await confirmation.confirm(fresh, choices);
  };

  say(phase: string): void {
    const { schedules, races, wrong } = this.result;
    this.context.environment.progress({ phase, schedules, races: races.length, wrong: wrong.length });
  }

  private async breathe(): Promise<void> {
    this.say('exploring');
    await this.context.environment.breathe();
    this.lastBreath = this.context.environment.now();
  }
}
