/** Replays one schedule of a scenario and says what it shows. */

import { t } from '../../text/l10n.ts';
import { isBuffered, parseSchedule } from '../search/schedules.ts';
import type { StressFailure } from '../session/failure.ts';
import type { StressJob } from '../session/job.ts';
import { replay } from './execution.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { serialOutcomesOf } from './explore.ts';
import { stuckIn } from './hang/stuck.ts';
import { deepened, isJudged, noneEnds, wrongIn } from './outcomes.ts';
import { overlapHazard } from './overlappingCalls.ts';
import { NO_REMEDIES } from './remedies.ts';
import { report } from './report.ts';
import type { StressResult } from './result.ts';

/** How often a schedule is run until it shows nothing new about what callers share. */
const MAX_ROUNDS = 20;

/** Runs the schedule `text` and reports what it shows. A failure if `text` is not a schedule of the scenario. */
export async function replayJob(
  job: StressJob,
  context: ExploreContext,
  text: string,
  started: number,
): Promise<{ result: StressResult } | { failure: StressFailure }> {
  const { session, findings } = context;
  const turns = parseSchedule(text, session.callers.length);
  if (!Array.isArray(turns))
    return { failure: { kind: 'invalid-scenario', message: (turns as { message: string }).message } };
  const buffered = isBuffered(turns);
  const { model } = session;
  if (buffered && model !== 'shared-instance' && model !== 'shared-memory')
    return {
      failure: {
        kind: 'invalid-scenario',
        message: t(
          'the schedule has turns of store buffers, in small letters, but under the model {0} no threads share memory',
          model,
        ),
      },
    };
  let serial = await serialOutcomesOf(context);
  let rounds = 1;
  let shown = await replay(context, turns);
  for (; (shown.discovered || deepened(session, serial)) && rounds < MAX_ROUNDS; rounds++) {
    if (deepened(session, serial)) serial = await serialOutcomesOf(context);
    shown = await replay(context, turns);
  }
  const { ending, outcome, diverged } = shown;
  const exploration: Exploration = {
    serial,
    hostHazards: [],
    defects: [],
    races: [],
    wrong: [],
    hang: undefined,
    seen: new Set(),
    unjudged: outcome !== undefined && !isJudged(serial, outcome),
    exhaustive: false,
    preemptionBound: null,
    // Of an execution with store buffers only what it shows is said.
    conclusive:
      !buffered &&
      ending === 'done' &&
      !diverged &&
      outcome?.exhausted === false &&
      serial.complete &&
      (serial.byKey.size > 0 || noneEnds(serial)),
    schedules: serial.orders + rounds,
    pct: null,
    notes: [],
  };
  exploration.hostHazards.push(...(await overlapHazard(context, text)));
  for (const race of findings.fresh) findings.keep(race, exploration, text);
  const shows: Pick<Exploration, 'wrong' | 'hang'> = { wrong: [], hang: undefined };
  if (outcome !== undefined) {
    if (!exploration.unjudged) exploration.seen.add(outcome.key);
    const found = wrongIn(serial, outcome);
    if (found !== undefined)
      shows.wrong.push({
        results: outcome.results,
        probe: outcome.probe,
        state: [],
        schedule: text,
        order: found.order,
        stateOnly: found.what === 'state',
      });
  } else if (ending === 'deadlock' || ending === 'livelock' || ending === 'no-return') {
    shows.hang = { kind: ending, schedule: text, ...stuckIn(session) };
  }
  const { seen } = exploration;
  if (buffered)
    exploration.buffered = { schedules: rounds, steps: 0, seconds: 0, exhaustive: false, seen, ...shows, missed: [] };
  else Object.assign(exploration, shows);
  if (diverged)
    exploration.notes.push(
      t('The schedule names callers that could not run at that point: it belongs to another module or scenario.'),
    );
  return { result: { ...(await report(job, context, exploration, started, text)), remedies: NO_REMEDIES } };
}
