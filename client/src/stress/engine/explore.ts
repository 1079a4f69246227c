/**
 * The exploration of a scenario: serial orders, schedules with few preemptions, all schedules up to equivalence, and
 * random ones for what is left of the budget. Everything found is turned into a schedule that was replayed.
 */
import type { Findings, FoundRace } from './findings.ts';
import { type Outcome, outcomeOf, resultsKey, type SerialOutcomes, serialOutcomes } from './outcomes.ts';
import type { Hang, RaceReport, WrongOutcome } from './result.ts';
import { type Ending, Mode } from './run/scheduler.ts';
import type { Strategy } from './run/strategy.ts';
import { BoundedSearch } from './search/bounded.ts';
import { Again, Given, scheduleText, turnsOf } from './search/given.ts';
import { RandomSearch } from './search/random.ts';
import { ReducedSearch } from './search/reduction.ts';
import type { Session } from './session.ts';
import type { Environment } from './stress.ts';

/** Wrong outcomes and their schedules that are kept. */
const MAX_WRONG = 10;
/** Different outcomes that are counted. */
const MAX_SEEN = 100_000;
/** How often a search begins anew because callers turned out to share more. */
const MAX_RESTARTS = 60;
/** Executions of each phase before the next one has a turn, and of the reduced search once something wrong was found. */
const PHASE_SCHEDULES = 20_000;
const AFTERWARDS = 2_000;
const RANDOM_DEPTH = 3;
/** Share of the budget that is kept for random schedules. */
const RANDOM_SHARE = 0.2;

export interface Exploration {
  serial: SerialOutcomes;
  races: RaceReport[];
  wrong: (WrongOutcome & { stateOnly: boolean })[];
  hang: Hang | undefined;
  /** Keys of all outcomes seen. */
  seen: Set<string>;
  exhaustive: boolean;
  preemptionBound: number | null;
  schedules: number;
  pct: { schedules: number; depth: number; steps: number; missProbability: number } | null;
  notes: string[];
}

export interface ExploreContext {
  session: Session;
  findings: Findings;
  environment: Environment;
  /** Time is up, or the user gave up. */
  stopped(): boolean;
  deadline: Deadline;
}

/** When time is up; what was found may be confirmed and written down all the same. */
export interface Deadline {
  /** A few seconds from now on, for a replay. */
  extend(): void;
  /** The search is over: no more of it, but as much as a trace takes. */
  conclude(): void;
}

/** Another schedule as long as there is one. */
interface Search extends Strategy {
  next(): boolean;
  diverged?: boolean;
}

export async function explore(context: ExploreContext): Promise<Exploration> {
  const explorer = new Explorer(context);
  return explorer.run();
}

class Explorer {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly findings: Findings;
  private readonly result: Exploration;
  private restarts = 0;
  private lastBreath: number;
  private unstable = false;
  private tooLong = false;
  private noReturn = false;
  /** A replay showed that callers share more. */
  private rediscovered = false;

  constructor(context: ExploreContext) {
    this.context = context;
    this.session = context.session;
    this.findings = context.findings;
    this.lastBreath = context.environment.now();
    this.result = {
      serial: undefined as unknown as SerialOutcomes,
      races: [],
      wrong: [],
      hang: undefined,
      seen: new Set(),
      exhaustive: false,
      preemptionBound: null,
      schedules: 0,
      pct: null,
      notes: [],
    };
  }

  private get found(): boolean {
    return this.result.wrong.length > 0 || this.result.hang !== undefined;
  }

  private get budget(): number {
    return this.session.scenario.budget.schedules;
  }

  async run(): Promise<Exploration> {
    const { result, session, context } = this;
    this.say('serial orders');
    result.serial = await serialOutcomes(session, session.scenario.seed, context.stopped);
    result.schedules += result.serial.orders;
    session.ranges.fixSplits(session.machine.memories);
    if (result.serial.byKey.size === 0 && result.serial.infeasible > 0 && this.alwaysStuck()) return result;
    const single = session.callers.length === 1;
    await this.learn();
    const bounds = single ? 0 : session.scenario.budget.preemptions;
    for (let bound = 0; bound <= bounds && !this.over(); bound++) {
      if (bound === 2 && !this.found && (await this.reduced(PHASE_SCHEDULES))) break;
      if (this.found && bound > 1) break;
      if (await this.bounded(bound)) {
        result.exhaustive = this.sure;
        break;
      }
    }
    if (this.found && !result.exhaustive && !this.over()) await this.reduced(AFTERWARDS);
    if (!this.found && !result.exhaustive && !this.over(1)) await this.random();
    if (!this.sure) result.exhaustive = false;
    this.explain();
    return result;
  }

  private get sure(): boolean {
    return !this.unstable && !this.tooLong && !this.noReturn;
  }

  /** Whether the budget without the share of random schedules is used up. */
  private over(share = 1 - RANDOM_SHARE): boolean {
    return this.context.stopped() || this.result.schedules >= this.budget * share;
  }

  /** A few random executions show what callers share; the searches then begin with that. */
  private async learn(): Promise<void> {
    if (this.session.callers.length === 1) return;
    const random = new RandomSearch(this.session.callers.length, RANDOM_DEPTH, this.session.scenario.seed);
    for (let i = 0; i < 12 && !this.over(); i++) {
      await this.execute(random, false);
      if (i >= 3 && !this.session.scheduler.discovered) return;
    }
  }

  /** All schedules within a bound; true when the bound left none out. */
  private async bounded(bound: number): Promise<boolean> {
    this.say(`preemption bound ${bound}`);
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

  /** All schedules up to equivalence, as far as the limit goes. */
  private async reduced(most: number): Promise<boolean> {
    this.say('all schedules');
    let search = new ReducedSearch();
    const complete = await this.searchAll(
      () => search,
      () => {
        search = new ReducedSearch();
      },
      this.result.schedules + most,
    );
    this.result.exhaustive = complete && !search.diverged && this.sure;
    return this.result.exhaustive;
  }

  /** Executes until a search has no more schedules; false when something else ended it. */
  private async searchAll(search: () => Search, restart: () => void, limit: number): Promise<boolean> {
    for (;;) {
      if (this.over() || this.result.schedules >= limit) return false;
      await this.execute(search(), true);
      if (this.session.scheduler.discovered) {
        if (++this.restarts > MAX_RESTARTS) this.unstable = true;
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
    this.say('random schedules');
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
  private async execute(strategy: Strategy, counts: boolean): Promise<Ending> {
    const { session, findings, result, context } = this;
    const { scheduler, host } = session;
    findings.begin();
    findings.strategy = strategy;
    host.reset();
    const ending = await scheduler.execute(Mode.Explore, strategy);
    findings.strategy = undefined;
    if (scheduler.defect !== undefined) throw scheduler.defect;
    result.schedules++;
    const { discovered } = scheduler;
    const choices = scheduler.choices.slice();
    const fresh = findings.fresh.slice();
    if (ending === 'done') {
      const outcome = await outcomeOf(session);
      if (result.seen.size < MAX_SEEN) result.seen.add(outcome.key);
      if (counts && !discovered) await this.judge(outcome, choices);
    } else if (ending === 'long') this.tooLong = true;
    else if (ending === 'deadlock' || ending === 'livelock' || ending === 'no-return') {
      if (ending === 'no-return') this.noReturn = true;
      if (counts && !discovered && result.hang === undefined) await this.hangs(ending, choices);
    }
    // A cell that has just become visible is looked at closely from the next execution on.
    if (counts && !discovered && fresh.length > 0) await this.confirm(fresh, choices);
    if (context.environment.now() - this.lastBreath > 50) await this.breathe();
    scheduler.discovered = discovered || this.rediscovered;
    this.rediscovered = false;
    return ending;
  }

  /** Whether an outcome is that of some serial order; a wrong one is replayed and kept. */
  private async judge(outcome: Outcome, choices: readonly number[]): Promise<void> {
    const { serial, wrong } = this.result;
    if (serial.byKey.has(outcome.key) || !serial.complete || serial.byKey.size === 0) return;
    if (wrong.length >= MAX_WRONG || wrong.some((w) => resultsKey(w) === resultsKey(outcome) && w.stateOnly)) return;
    if (this.wrongKeys.has(outcome.key)) return;
    this.wrongKeys.add(outcome.key);
    this.context.deadline.extend();
    const schedule = await this.scheduleOf(choices);
    const again = await this.replay(schedule);
    if (again?.outcome?.key !== outcome.key) {
      this.unstable = true;
      return;
    }
    const stateOnly = serial.results.has(resultsKey(outcome));
    wrong.push({
      results: outcome.results,
      probe: outcome.probe,
      state: [],
      schedule: scheduleText(schedule),
      stateOnly,
    });
    this.say('replay');
  }

  private readonly wrongKeys = new Set<string>();

  private async hangs(kind: Hang['kind'], choices: readonly number[]): Promise<void> {
    const lastSeen = this.lastSeen();
    const schedule = scheduleText(await this.scheduleOf(choices));
    this.result.hang = { kind, schedule, lastSeen };
  }

  /** Where callers that did not return were last seen, after an execution. */
  private lastSeen(): Hang['lastSeen'] {
    const { callers, instrumented } = this.session;
    return callers
      .map((caller) => ({ caller, call: caller.results.findIndex(isUnfinished) }))
      .filter(({ call }) => call >= 0)
      .map(({ caller, call }) => ({
        caller: caller.index,
        call,
        func: instrumented.sites.func[caller.site] ?? -1,
        offset: instrumented.sites.offset[caller.site] ?? -1,
      }));
  }

  /** Races are reported when their schedule shows them again. */
  private async confirm(fresh: readonly FoundRace[], choices: readonly number[]): Promise<void> {
    this.context.deadline.extend();
    const schedule = await this.scheduleOf(choices);
    await this.replay(schedule);
    const shown = new Set(this.findings.seen);
    for (const race of fresh) {
      if (!shown.has(race.key)) {
        this.unstable = true;
        continue;
      }
      this.findings.keep(race);
      const { key: _, ...report } = race;
      this.result.races.push({ ...report, schedule: scheduleText(schedule) });
    }
    this.say('replay');
  }

  /** The decisions of an execution as turns of operations, which do not depend on what the search knows. */
  private async scheduleOf(choices: readonly number[]): Promise<ReturnType<typeof turnsOf>> {
    const { scheduler, host } = this.session;
    host.reset();
    await scheduler.execute(Mode.Count, new Again(choices));
    return turnsOf(scheduler.segments);
  }

  async replay(
    turns: ReturnType<typeof turnsOf>,
  ): Promise<{ ending: Ending; outcome: Outcome | undefined } | undefined> {
    const { scheduler, host } = this.session;
    const strategy = new Given(turns);
    this.findings.begin();
    host.reset();
    const ending = await scheduler.execute(Mode.Replay, strategy);
    if (scheduler.defect !== undefined) throw scheduler.defect;
    if (scheduler.discovered) this.rediscovered = true;
    return { ending, outcome: ending === 'done' ? await outcomeOf(this.session) : undefined };
  }

  /** No order of the calls ever returns: nothing is left to explore. */
  private alwaysStuck(): boolean {
    const { stuck, infeasible, orders } = this.result.serial;
    const { scheduler, instrumented } = this.session;
    if (stuck === undefined || infeasible < orders || scheduler.current.trap?.includes('loop iterations') !== true)
      return false;
    this.result.hang = {
      kind: 'no-return',
      schedule: '',
      lastSeen: [
        {
          caller: stuck.caller,
          call: stuck.call,
          func: instrumented.sites.func[stuck.site] ?? -1,
          offset: instrumented.sites.offset[stuck.site] ?? -1,
        },
      ],
    };
    return true;
  }

  private explain(): void {
    const { notes, serial } = this.result;
    if (this.session.scheduler.spun)
      notes.push('A caller that read one value again and again was set aside until another caller wrote.');
    if (this.unstable)
      notes.push('Some executions touched more than earlier ones had shown, so not every schedule was tried.');
    if (this.tooLong) notes.push('Executions of more than a million decisions were cut.');
    if (this.session.growth.limited) notes.push('Memory over 2 GiB was refused to the module.');
    if (!serial.complete)
      notes.push(`Only ${serial.orders} serial orders of the calls were run, so outcomes are not called wrong.`);
    if (serial.infeasible > 0)
      notes.push(
        `In ${serial.infeasible} of ${serial.orders} serial orders a call cannot return before another caller has run; they have no outcome.`,
      );
    if (this.findings.overflow) notes.push('More races were found than are listed.');
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

const isUnfinished = (result: string): boolean =>
  result === 'trap: did not return' || result.includes('loop iterations');
