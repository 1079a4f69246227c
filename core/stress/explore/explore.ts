/**
 * The exploration of a scenario: a survey of all schedules up to equivalence, which also knows the serial orders where
 * these are many; then, for the simplest schedule of what it saw and for what it left out, schedules with few preemptions,
 * the rest of all schedules, and random ones for what is left of the budget. Everything found is turned into a schedule that
 * was replayed.
 */

import { t } from '../../text/l10n.ts';
import { BoundedSearch } from '../search/bounded.ts';
import { RandomSearch } from '../search/random.ts';
import { ReducedSearch } from '../search/reduction.ts';
import type { Session } from '../session/session.ts';
import { trappingCallers } from './alwaysTraps.ts';
import { explanation } from './explanation.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { deepened, isUnjudged, noneEnds, type SerialOutcomes } from './outcomes.ts';
import { overlapHazard } from './overlappingCalls.ts';
import { leavesObjects, meetUnwound, unobservedMeetings } from './restsOn.ts';
import { AFTERWARDS, MOST_OUTCOMES, RANDOM_DEPTH, Searcher } from './searcher.ts';
import { missingSerialOutcome } from './serialCheck.ts';
import { fewOrders, manyOrders, ordersOf, twoOrders } from './serialOrders.ts';
import { noOutcomes, serialOutcomes } from './serialOutcomes.ts';
import { serialStates } from './serialStates.ts';
import { Survey } from './survey.ts';
import { Unconfirmed } from './unconfirmed.ts';

/** Executions of each phase before the next one has a turn. */
const PHASE_SCHEDULES = 20_000;
/** Executions of the survey, more where only it can know all serial orders; what they may execute, as `Scheduler.work` counts it. */
const SURVEY_SCHEDULES = { usual: 1_000, manyOrders: 4_000 };
const SURVEY_WORK = 500_000;
/** Share of the budget for it: of the schedules, and of the time, which only slow machines reach. */
const SURVEY_SHARE = 0.25;
const SURVEY_TIME = 0.5;
/** What the search over states may execute: in all, and as a share of the schedules; and the share of the time after which it ends. */
const STATES_WORK = 1_000_000;
const STATES_SHARE = 0.25;
const STATES_TIME = 0.65;
/** Executions of each phase after a complete survey: they only look for simpler schedules. */
const SIMPLER_SCHEDULES = 500;
/** Executions of calls that change objects which are not restored. */
const OBJECTS = 200;
/** How often an exploration begins because the stack was seen deeper. */
const MAX_ROUNDS = 4;

/** Explores the schedules of a session until all are explored, the budget ends, or it is stopped. */
export async function explore(context: ExploreContext): Promise<Exploration> {
  const wanted = [...context.wanted];
  for (let schedules = 0, round = 1; ; round++) {
    const explorer = new Explorer(context, schedules);
    const found = await explorer.run();
    if (!explorer.deepened || round === MAX_ROUNDS || context.stopped()) return found;
    // States were compared under too little of the stack: what was found so far may be wrong.
    ({ schedules } = found);
    context.findings.forget();
    for (const key of wanted) context.wanted.add(key);
  }
}

/** What an exploration would judge outcomes by. */
export const serialOutcomesOf = (context: ExploreContext): Promise<SerialOutcomes> =>
  new Explorer(context).serialOutcomes();

class Explorer {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly result: Exploration;
  private readonly searcher: Searcher;
  private survey: Survey | undefined;
  private unconfirmed: Unconfirmed | undefined;

  /** @param schedules number of executions before it */
  constructor(context: ExploreContext, schedules = 0) {
    this.context = context;
    this.session = context.session;
    this.result = {
      serial: noOutcomes(this.session, { units: false, calls: false }),
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
      schedules,
      pct: null,
      notes: [],
    };
    this.searcher = new Searcher(context, this.result);
  }

  /**
   * What outcomes are judged by. Few orders are executed; where they are many, the survey shows them, if it is complete.
   */
  async serialOutcomes(): Promise<SerialOutcomes> {
    const { session, result, context } = this;
    const counts = session.callers.map(({ calls }) => calls.length);
    const few = fewOrders(counts);
    context.environment.progress({ phase: t('serial orders'), schedules: 0, races: 0, wrong: 0 });
    result.serial = await serialOutcomes(session, context.stopped, few ? undefined : twoOrders(counts));
    result.schedules += result.serial.orders;
    session.ranges.fixSplits(session.machine.memories);
    if (few) return result.serial;
    await this.searcher.learn();
    // States of a survey in which the stack was seen deeper are not alike; the next one knows how deep it is.
    for (let round = 1; round === 1 || (round <= MAX_ROUNDS && this.survey?.deepened === true); round++)
      await this.look(true);
    const derived = this.survey?.serialOutcomes;
    if (derived !== undefined) {
      const missing = deepened(session, result.serial) ? undefined : missingSerialOutcome(result.serial, derived.byKey);
      if (missing !== undefined) result.defects.push(missing);
      result.serial = { ...derived, orders: result.serial.orders };
    } else {
      result.serial = (await this.fromStates()) ?? (await serialOutcomes(session, context.stopped));
      result.schedules += result.serial.orders;
    }
    return result.serial;
  }

  /** The outcomes of orders that are too many to be executed, where calls return alone and leave few states. */
  private async fromStates(): Promise<SerialOutcomes | undefined> {
    const { session, result, context, searcher } = this;
    const { infeasible, timedOut, byKey } = result.serial;
    if (infeasible > 0 || timedOut > 0 || byKey.size === 0 || ordersOf(session.scenario).complete) return undefined;
    const last = session.scheduler.work + STATES_WORK;
    const most = searcher.budget * STATES_SHARE;
    const late = (): boolean => context.stopped() || searcher.late(STATES_TIME);
    return serialStates(session, (executions) => executions > most || session.scheduler.work > last || late());
  }

  async run(): Promise<Exploration> {
    const { result, session } = this;
    const single = session.callers.length === 1;
    await this.serialOutcomes();
    if (this.survey === undefined) await this.searcher.learn();
    if (!this.searcher.returned && result.serial.byKey.size === 0 && this.searcher.confirmation.alwaysStuck()) {
      result.hostHazards.push(...(await overlapHazard(this.context)));
      return result;
    }
    // Executions do not begin with the same objects, so there is nothing that searching on could show.
    if (leavesObjects(session)) this.searcher.last = result.schedules + OBJECTS;
    if (this.survey === undefined) await this.look(false);
    await this.phases(single ? 0 : session.scenario.budget.preemptions);
    await this.closeSurvey();
    if (this.searcher.found && !result.exhaustive && !this.searcher.over()) await this.reduced(AFTERWARDS);
    if (!this.searcher.found && !result.exhaustive && !this.searcher.over(1)) await this.random();
    // The engine does not see what user functions do to memory and to their state.
    if (!this.searcher.sure || session.scheduler.spinning.unproven || session.scenario.imports !== 'stub')
      result.exhaustive = false;
    if (session.scheduler.everExhausted || this.deepened) result.exhaustive = false;
    // Without a completed bound, absence of findings means nothing.
    // Callers that need each other have no serial order; whether they race or hang is known all the same.
    const judged = result.serial.byKey.size > 0 || (noneEnds(result.serial) && this.searcher.returned);
    this.checkSerial();
    // Nothing is claimed where it is not known what callers share.
    if (this.searcher.confirmation.unstable || this.searcher.tooLong || this.deepened) result.preemptionBound = null;
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
    if (leavesObjects(session)) result.pct = null;
    const { outOfTime, tooLong, confirmation } = this.searcher;
    const unstable = confirmation.unstable || this.deepened;
    result.notes.push(...explanation(this.context, result, { unstable, outOfTime, tooLong }));
    return result;
  }

  /** What it says is about states that were not alike. */
  get deepened(): boolean {
    return this.searcher.deepened;
  }

  /** Schedules with few preemptions, then all of them. After a complete survey only until what it saw has shown again. */
  private async phases(bounds: number): Promise<void> {
    const { context, result, survey, searcher } = this;
    if (survey !== undefined)
      this.unconfirmed = new Unconfirmed(survey, searcher.confirmation, context.findings, result);
    // Races and hangs alone are judged: nothing of that is shown before the search is done.
    const most = noneEnds(result.serial) ? this.searcher.budget : PHASE_SCHEDULES;
    for (let bound = 0; bound <= bounds && !this.searcher.over() && !this.nothingLeft; bound++) {
      if (bound === 2) await this.closeSurvey();
      if (bound === 2 && !this.searcher.found && !this.nothingLeft && (await this.reduced(most))) break;
      if ((this.searcher.found && bound > 1) || this.nothingLeft) break;
      if (await this.bounded(bound)) {
        result.exhaustive = this.searcher.sure;
        break;
      }
    }
  }

  /** The survey executed all schedules, and what the engine does not see plays no part. */
  private get surveyed(): boolean {
    const { survey, session } = this;
    const { spinning, everExhausted } = session.scheduler;
    const seesAll = !spinning.unproven && !everExhausted && session.scenario.imports === 'stub';
    return survey?.complete === true && survey.holds && seesAll && this.searcher.sure;
  }

  /** A complete survey has seen nothing that is not reported. */
  private get nothingLeft(): boolean {
    return this.surveyed && this.unconfirmed?.left === false;
  }

  /** Reports what the survey saw and no phase has shown, and what its being complete means. */
  private async closeSurvey(): Promise<void> {
    const { survey, result } = this;
    if (survey === undefined || !survey.holds) return;
    await this.unconfirmed?.confirm(() => this.context.environment.cancelled() || this.context.deadline.late());
    if (!survey.holds) return;
    for (const { outcome } of survey.outcomes.values()) {
      if (isUnjudged(result.serial, outcome)) result.unjudged = true;
      else if (result.seen.size < MOST_OUTCOMES) result.seen.add(outcome.key);
    }
    if (this.surveyed) result.exhaustive = true;
  }

  /** An exhaustive search has seen every outcome of a serial order; else the engine has left something out. */
  private checkSerial(): void {
    const { exhaustive, serial, seen, defects } = this.result;
    // Objects are not restored, so orders do not begin where executions do.
    if (!exhaustive || seen.size >= MOST_OUTCOMES || leavesObjects(this.session) || serial.exhausted || this.deepened)
      return;
    const missing = missingSerialOutcome(serial, seen);
    if (missing === undefined) return;
    this.result.exhaustive = false;
    defects.push(missing);
  }

  /** The survey. @param derives whether serial orders are to be known from it */
  private async look(derives: boolean): Promise<void> {
    const { session, context, searcher } = this;
    // On one thread all steps depend on one another: schedules with few switches are as many, and come first.
    if (session.callers.length === 1 || session.scheduler.cooperative || leavesObjects(session)) return;
    this.searcher.say(t('all schedules'));
    const survey = new Survey(context, derives);
    this.survey = survey;
    const many = manyOrders(session.callers.map(({ calls }) => calls.length));
    const most = many ? SURVEY_SCHEDULES.manyOrders : SURVEY_SCHEDULES.usual;
    const last = session.scheduler.work + SURVEY_WORK;
    const complete = await this.searcher.searchAll({
      search: () => survey.search,
      restart: () => survey.restart(),
      judge: (ending, fresh) => survey.note(ending, fresh),
      limit: this.result.schedules + Math.min(most, searcher.budget * SURVEY_SHARE),
      enough: () => {
        const broken = searcher.noReturn || searcher.tooLong;
        return broken || session.scheduler.work > last || searcher.late(SURVEY_TIME);
      },
    });
    // Executions that showed more than was known were not noted.
    survey.end(complete && searcher.sure);
  }

  /** All schedules within a bound; true when the bound left none out. */
  private async bounded(bound: number): Promise<boolean> {
    this.searcher.say(t('preemption bound {0}', bound));
    const { survey } = this;
    let search = new BoundedSearch(bound);
    const most = bound <= 1 ? PHASE_SCHEDULES : this.searcher.budget;
    const complete = await this.searcher.searchAll({
      search: () => search,
      restart: () => {
        search = new BoundedSearch(bound);
      },
      judge: this.searcher.judge,
      limit: this.result.schedules + (this.surveyed ? Math.max(SIMPLER_SCHEDULES, survey?.executions ?? 0) : most),
      enough: () => this.nothingLeft,
    });
    if (!complete) return false;
    this.result.preemptionBound = bound;
    return !search.limited && !search.diverged;
  }

  /** All schedules up to equivalence, at most `most`; those of the survey need not be executed again. */
  private async reduced(most: number): Promise<boolean> {
    this.searcher.say(t('all schedules'));
    const { survey } = this;
    const goesOn = survey?.complete === false && survey.holds;
    let search = goesOn ? survey.search : new ReducedSearch();
    const complete = await this.searcher.searchAll({
      search: () => search,
      restart: () => {
        search = new ReducedSearch();
      },
      judge: this.searcher.judge,
      limit: this.result.schedules + most,
    });
    this.result.exhaustive = complete && !search.diverged && !search.overflowed && this.searcher.sure;
    return this.result.exhaustive;
  }

  private async random(): Promise<void> {
    const { session, result } = this;
    if (session.callers.length === 1) return;
    this.searcher.say(t('random schedules'));
    const search = new RandomSearch(session.callers.length, RANDOM_DEPTH, session.scenario.seed);
    let executions = 0;
    while (!this.searcher.over(1) && !this.searcher.found) {
      await this.searcher.execute(search, this.searcher.judge);
      executions++;
    }
    result.pct = {
      schedules: executions,
      depth: search.depth,
      steps: search.steps,
      missProbability: search.missProbability(executions),
    };
  }
}
