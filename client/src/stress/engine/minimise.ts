/** Shortens a schedule: turns are left out or put together as long as it still shows the same. */
import type { Exploration, ExploreContext } from './explore.ts';
import { outcomeOf, resultsKey } from './outcomes.ts';
import { MAX_REPLAYED, Mode } from './run/scheduler.ts';
import { Given, type Turns } from './search/given.ts';

/** Executions spent on it. */
const MAX_TRIES = 300;

/** The shortest schedule found that shows what `turns` shows. */
export async function minimise(context: ExploreContext, exploration: Exploration, turns: Turns): Promise<Turns> {
  const wanted = await shownBy(context, exploration, turns);
  if (wanted === undefined || turns.length < 3) return turns;
  let best = turns;
  // A candidate that goes on for much longer than what it is made of shows nothing that is shorter.
  const { scheduler } = context.session;
  scheduler.mostReplayed = 4 * turns.reduce((sum, { steps }) => sum + steps, 0) + 10_000;
  let tries = 0;
  for (let improved = true; improved && tries < MAX_TRIES && !context.stopped(); ) {
    improved = false;
    for (const shorter of candidates(best)) {
      if (++tries > MAX_TRIES) break;
      const did = await shownBy(context, exploration, shorter);
      if (did === undefined || !did.same(wanted) || did.turns.length >= best.length) continue;
      best = did.turns;
      improved = true;
      break;
    }
  }
  scheduler.mostReplayed = MAX_REPLAYED;
  return best;
}

/** Without one turn, what its caller did there coming later; and with a turn moved in front of the one before. */
function* candidates(turns: Turns): Generator<Turns> {
  for (let i = turns.length - 1; i >= 0; i--) yield joined(turns.toSpliced(i, 1));
  for (let i = 1; i + 1 < turns.length; i++) {
    const moved = turns.slice();
    [moved[i - 1], moved[i]] = [moved[i], moved[i - 1]];
    yield joined(moved);
  }
}

/** Neighbouring turns of one caller as one. */
function joined(turns: Turns): Turns {
  const out: { caller: number; steps: number }[] = [];
  for (const turn of turns) {
    const last = out.at(-1);
    if (last?.caller === turn.caller) last.steps += turn.steps;
    else out.push({ ...turn });
  }
  return out;
}

interface Shown {
  turns: Turns;
  same(other: Shown): boolean;
  wrong: boolean;
  visible: boolean;
  ending: string;
  races: ReadonlySet<string>;
}

/** What a schedule shows; undefined when nothing is wrong with it. */
async function shownBy(
  { session, findings }: ExploreContext,
  exploration: Exploration,
  turns: Turns,
): Promise<Shown | undefined> {
  const { scheduler, host } = session;
  findings.begin();
  host.reset();
  const ending = await scheduler.execute(Mode.Replay, new Given(turns));
  const races = new Set(findings.seen);
  const did: { caller: number; steps: number }[] = [];
  for (let i = 0; i < scheduler.segments.length; i += 2)
    did.push({ caller: scheduler.segments[i], steps: scheduler.segments[i + 1] });
  const outcome = ending === 'done' ? await outcomeOf(session) : undefined;
  const { serial } = exploration;
  const judged = serial.complete && serial.byKey.size > 0;
  const wrong = judged && outcome !== undefined && !serial.byKey.has(outcome.key);
  const visible = wrong && outcome !== undefined && !serial.results.has(resultsKey(outcome));
  if (!wrong && races.size === 0 && ending === 'done') return undefined;
  const self: Shown = {
    turns: did,
    wrong,
    visible,
    ending,
    races,
    same: (other) =>
      other.ending === ending &&
      other.wrong === wrong &&
      other.visible === visible &&
      (wrong || ending !== 'done' || [...other.races].some((key) => races.has(key))),
  };
  return self;
}
