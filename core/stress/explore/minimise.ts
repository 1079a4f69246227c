/** Shortens a schedule: removes and joins turns as long as it still shows the same. */

import type { ExecutionEnding } from '../run/dispatcher.ts';
import { MAX_REPLAYED } from '../run/dispatcher.ts';
import type { Schedule, Turn } from '../search/schedules.ts';
import { allowance } from './allowance.ts';
import { replay } from './execution.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { isSameWrong, wrongIn } from './outcomes.ts';

/** Most executions, and what they may execute, as `Scheduler.work` counts it. */
const MAX_TRIES = 300;
const WORK = 2_000_000;

/** The shortest schedule found that shows what `turns` shows. */
export async function minimise(context: ExploreContext, exploration: Exploration, turns: Schedule): Promise<Schedule> {
  const wanted = await shownBy(context, exploration, turns);
  if (wanted === undefined || turns.length < 3) return turns;
  let best = turns;
  // A candidate that runs much longer than the original schedule cannot be a shorter one.
  const { scheduler } = context.session;
  scheduler.dispatcher.mostReplayed = 4 * turns.reduce((sum, { steps }) => sum + steps, 0) + 10_000;
  const over = allowance(context, scheduler, WORK);
  let tries = 0;
  for (let improved = true; improved && tries < MAX_TRIES; ) {
    improved = false;
    for (const shorter of candidates(best)) {
      if (++tries > MAX_TRIES || over()) break;
      const did = await shownBy(context, exploration, shorter);
      if (did === undefined || !did.same(wanted) || did.turns.length >= best.length) continue;
      best = did.turns;
      improved = true;
      break;
    }
  }
  scheduler.dispatcher.mostReplayed = MAX_REPLAYED;
  return best;
}

/**
 * Schedules without one turn, whose operations the caller then performs later, and schedules with two neighbouring
 * turns exchanged.
 */
function* candidates(turns: Schedule): Generator<Schedule> {
  for (let i = turns.length - 1; i >= 0; i--) yield joined(turns.toSpliced(i, 1));
  for (let i = 1; i + 1 < turns.length; i++) {
    const moved = turns.slice();
    [moved[i - 1], moved[i]] = [moved[i], moved[i - 1]];
    yield joined(moved);
  }
}

/** Joins neighbouring turns of the same caller, and of the same buffer. */
function joined(turns: Schedule): Schedule {
  const out: Turn[] = [];
  for (const turn of turns) {
    const last = out.at(-1);
    if (last?.caller === turn.caller && last.stores === turn.stores)
      last.steps = turn.stores === true ? Math.max(last.steps, turn.steps) : last.steps + turn.steps;
    else out.push({ ...turn });
  }
  return out;
}

interface Shown {
  turns: Schedule;
  same(other: Shown): boolean;
  wrong: ReturnType<typeof wrongIn>;
  ending: ExecutionEnding;
  races: ReadonlySet<string>;
}

/** What a schedule shows; undefined if nothing is wrong in it. */
async function shownBy(
  context: ExploreContext,
  { serial }: Exploration,
  schedule: Schedule,
): Promise<Shown | undefined> {
  const { ending, outcome, turns } = await replay(context, schedule);
  const races = new Set(context.findings.seen);
  const wrong = outcome && wrongIn(serial, outcome);
  if (wrong === undefined && races.size === 0 && ending === 'done') return undefined;
  return {
    turns,
    wrong,
    ending,
    races,
    same: (other) =>
      other.ending === ending &&
      isSameWrong(other.wrong, wrong) &&
      (wrong !== undefined || ending !== 'done' || [...other.races].some((key) => races.has(key))),
  };
}
