/** For tests of the self-checks: the engine with one part that does not do what it should. */
import { ExecutionMode } from '../run/mode.ts';
import type { Scheduler } from '../run/scheduler.ts';
import type { Strategy } from '../run/strategy.ts';
import { createSession } from '../session/createSession.ts';

/** The engine with other executions than those that are asked for. */
const withExecutions =
  (execute: (scheduler: Scheduler, mode: number, strategy: Strategy) => ReturnType<Scheduler['execute']>) =>
  async (...args: Parameters<typeof createSession>): ReturnType<typeof createSession> => {
    const session = await createSession(...args);
    const { scheduler } = session;
    const proper = scheduler.execute.bind(scheduler);
    const engine = Object.assign(Object.create(scheduler), { execute: proper }) as Scheduler;
    scheduler.execute = (mode, strategy) => execute(engine, mode, strategy);
    return session;
  };

/** Replays end before the first step. */
export const forgetful = withExecutions((engine, mode, strategy) =>
  engine.execute(mode, mode === ExecutionMode.Replay ? NOWHERE : strategy),
);

const NOWHERE: Strategy = { tracksDependence: false, begin() {}, choose: () => -1 };

/** Searches never begin with the second caller. */
export const sluggish = withExecutions((engine, mode, strategy) => {
  if (mode !== ExecutionMode.Explore) return engine.execute(mode, strategy);
  let first = true;
  const { begin, choose } = strategy;
  const narrowed: Strategy = Object.create(strategy, {
    begin: {
      value: (...[trace]: Parameters<Strategy['begin']>) => {
        first = true;
        begin.call(strategy, trace);
      },
    },
    choose: {
      value: (...[current, enabled, pending]: Parameters<Strategy['choose']>) => {
        const allowed = first ? enabled & 1 : enabled;
        first = false;
        return choose.call(strategy, current, allowed, pending);
      },
    },
  });
  return engine.execute(mode, narrowed);
});
