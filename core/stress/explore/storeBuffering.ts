/**
 * Exploration with store buffers, after all schedules without them are known to be right: hardware makes a plain store
 * seen by other threads later than the instructions behind it, so races have outcomes that no interleaving gives.
 * Callers are threads of the machine under the models `shared-instance` (goroutines too: the Go runtime runs them on
 * several threads) and `shared-memory`, not under the others.
 */

import { t } from '../../text/l10n.ts';
import type { ExecutionEnding } from '../run/dispatcher.ts';
import { ExecutionMode } from '../run/mode.ts';
import type { Strategy } from '../run/strategy.ts';
import { BoundedBufferedSearch, BufferedSearch } from '../search/buffered.ts';
import { DecisionReplay, type Schedule, scheduleOf, scheduleText } from '../search/schedules.ts';
import type { Session } from '../session/session.ts';
import { allowance } from './allowance.ts';
import { replay, runExecution } from './execution.ts';
import type { BufferedExploration, Exploration, ExploreContext } from './exploration.ts';
import type { FoundHang } from './hang/hang.ts';
import { stuckIn } from './hang/stuck.ts';
import { deepened, type ExecutionOutcome, outcomeOf, resultsKey, wrongIn } from './outcomes.ts';

/** Most executions of one bound; of all, and what they may execute, as `Scheduler.work` counts it: see `limitsFor`. */
const BOUND_SCHEDULES = 2_000;
const SCHEDULES = 20_000;
const WORK = 2_000_000;
/** Executions after something was found. */
const AFTERWARDS = 200;
/** Preemptions, and times that a caller begins to read ahead of its stores, of the bounded searches. */
const BOUNDS = 3;
/** Different wrong outcomes that are kept. */
const MAX_WRONG = 5;
const MAX_RESTARTS = 20;
/** Masks have a bit for each caller and one for its buffer. */
const MAX_CALLERS = 8;

/** Explores with store buffers where that can show more, and adds what it finds. */
export async function storeBuffering(context: ExploreContext, found: Exploration): Promise<void> {
  if (!matters(context.session, found)) return;
  const { environment, session } = context;
  const [started, steps] = [environment.now(), session.scheduler.accesses];
  const buffered = await new BufferedExplorer(context, found).run();
  buffered.steps = session.scheduler.accesses - steps;
  buffered.seconds = (environment.now() - started) / 1000;
  found.buffered = buffered;
  for (const schedule of buffered.missed)
    found.defects.push({
      kind: 'not-replayed',
      text: t('{0} was found, but replaying its schedule did not show it again', t('a finding with store buffers')),
      schedule,
    });
}

/**
 * Accesses that race, callers that return in every schedule without buffers, and nothing that the engine does not see.
 * Without races there are no other outcomes than those of interleavings.
 */
function matters({ model, scenario, callers, growth }: Session, found: Exploration): boolean {
  const threads = model === 'shared-instance' || model === 'shared-memory';
  if (!threads || callers.length < 2 || callers.length > MAX_CALLERS) return false;
  if (!found.races.some(({ kind }) => kind === 'memory' || kind === 'global')) return false;
  const right = found.hang === undefined && found.defects.length === 0;
  // Growth in parts copies memory while stores are on their way.
  return right && found.conclusive && scenario.imports === 'stub' && !growth.inParts;
}

/** What is wrong without buffers says more than what they add; then, and after a long search, less is spent on them. */
function limitsFor(
  { wrong, schedules }: Pick<Exploration, 'wrong' | 'schedules'>,
  work: number,
  wanted: boolean,
): { schedules: number; work: number } {
  const few = wrong.length > 0 && !wanted;
  return {
    schedules: Math.min(SCHEDULES, Math.max(few ? 500 : 8_000, few ? 0 : schedules)),
    work: Math.min(WORK, Math.max(few ? 50_000 : 400_000, few ? 0 : work)),
  };
}

/** What was found without buffers. */
type Known = Pick<Exploration, 'serial' | 'seen' | 'schedules' | 'wrong'>;

interface Search extends Strategy {
  next(): boolean;
  diverged: boolean;
  readAhead: number;
}

/** The exploration; see the file's comment. */
export class BufferedExplorer {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly found: Known;
  readonly result: BufferedExploration;
  private readonly over: () => boolean;
  private restarts = 0;
  private last: number;
  private lastBreath: number;

  /** @param found what was found without buffers: its outcomes are not those of buffers */
  constructor(context: ExploreContext, found: Known) {
    this.context = context;
    this.session = context.session;
    this.found = found;
    const { scheduler } = context.session;
    const limits = limitsFor(found, scheduler.work, context.wanted.size > 0);
    this.last = limits.schedules;
    const spent = allowance(context, scheduler, limits.work);
    this.over = () => context.stopped() || spent();
    this.lastBreath = context.environment.now();
    this.result = {
      schedules: 0,
      steps: 0,
      seconds: 0,
      exhaustive: false,
      seen: new Set(),
      wrong: [],
      hang: undefined,
      missed: [],
    };
  }

  /** First executions in which little is reordered, as these are the easiest to understand, then all. */
  async run(): Promise<BufferedExploration> {
    const { result } = this;
    const callers = this.session.callers.length;
    this.say();
    for (let bound = 1; bound <= BOUNDS && !this.enough; bound++)
      await this.searchAll(() => new BoundedBufferedSearch(callers, bound), result.schedules + BOUND_SCHEDULES);
    if (this.enough) this.last = Math.min(this.last, result.schedules + AFTERWARDS);
    result.exhaustive = await this.all();
    return result;
  }

  /** All executions; false where something was left out. */
  async all(): Promise<boolean> {
    const callers = this.session.callers.length;
    const complete = await this.searchAll(() => new BufferedSearch(callers), Number.POSITIVE_INFINITY);
    const { spinning, dispatcher } = this.session.scheduler;
    return complete && !spinning.unproven && dispatcher.buffers?.full !== true && this.result.missed.length === 0;
  }

  /** Something was found, and what is wanted. */
  private get enough(): boolean {
    const { wrong, hang } = this.result;
    return (wrong.length > 0 || hang !== undefined) && this.context.wanted.size === 0;
  }

  /** Runs a search to its end; false if something else ended it. */
  private async searchAll(make: () => Search, limit: number): Promise<boolean> {
    let search = make();
    for (;;) {
      if (this.over() || this.result.schedules >= Math.min(limit, this.last)) return false;
      await this.execute(search);
      // Callers turned out to share more: decisions were missing.
      if (this.session.scheduler.discovered) {
        if (++this.restarts > MAX_RESTARTS) return false;
        search = make();
      } else if (!search.next()) return !search.diverged;
    }
  }

  /** One execution, and what it shows. */
  private async execute(search: Search): Promise<void> {
    const { context, session, result } = this;
    const { scheduler } = session;
    const ending = await runExecution(context, ExecutionMode.Explore, search, undefined, true);
    result.schedules++;
    const { discovered } = scheduler;
    const choices = scheduler.dispatcher.choices;
    if (ending === 'long' || ending === 'no-return') this.last = 0;
    // Outcomes can no longer be compared with those of serial orders.
    if (deepened(session, this.found.serial)) this.last = 0;
    else if (!discovered) await this.judge(ending, search.readAhead !== 0, choices);
    if (context.environment.now() - this.lastBreath > 50) {
      this.say();
      await context.environment.breathe();
      this.lastBreath = context.environment.now();
    }
    scheduler.discovered = discovered;
  }

  /** @param ahead some caller has read ahead of its stores: else the execution is one of those without buffers */
  private async judge(ending: ExecutionEnding, ahead: boolean, choices: readonly number[]): Promise<void> {
    const { session, result } = this;
    if (ending === 'deadlock' || ending === 'livelock') {
      if (ahead && result.hang === undefined) await this.keepHang(ending, choices);
      return;
    }
    if (ending !== 'done') return;
    const outcome = await outcomeOf(session);
    if (result.seen.has(outcome.key)) return;
    result.seen.add(outcome.key);
    if (this.found.seen.has(outcome.key)) return;
    const wrong = ahead ? wrongIn(this.found.serial, outcome) : undefined;
    if (wrong === undefined) return;
    if (result.wrong.length >= MAX_WRONG && !this.context.wanted.has(resultsKey(outcome))) return;
    if (result.wrong.some((one) => resultsKey(one) === resultsKey(outcome))) return;
    await this.keepWrong(outcome, wrong, choices);
  }

  private async keepWrong(
    { results, probe, key }: ExecutionOutcome,
    { what, order }: NonNullable<ReturnType<typeof wrongIn>>,
    choices: readonly number[],
  ): Promise<void> {
    const turns = await this.scheduleOf(choices);
    const schedule = scheduleText(turns);
    const again = await replay(this.context, turns);
    if (again.outcome?.key !== key) {
      this.result.missed.push(schedule);
      return;
    }
    this.context.wanted.delete(resultsKey({ results, probe }));
    this.result.wrong.push({ results, probe, state: [], order, schedule, stateOnly: what === 'state' });
  }

  private async keepHang(kind: FoundHang['kind'], choices: readonly number[]): Promise<void> {
    const turns = await this.scheduleOf(choices);
    const schedule = scheduleText(turns);
    const again = await replay(this.context, turns);
    if (again.ending !== kind) this.result.missed.push(schedule);
    else this.result.hang = { kind, schedule, ...stuckIn(this.session) };
  }

  private async scheduleOf(choices: readonly number[]): Promise<Schedule> {
    await runExecution(this.context, ExecutionMode.Count, new DecisionReplay(choices), undefined, true);
    return scheduleOf(this.session.scheduler.segments);
  }

  private say(): void {
    this.context.environment.progress({
      phase: t('store buffers'),
      schedules: this.result.schedules,
      races: 0,
      wrong: this.result.wrong.length,
    });
  }
}
