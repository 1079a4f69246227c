/** Which state of a wrong outcome differs from that of the serial outcome with the same results. */

import { t } from '../../text/l10n.ts';
import { LINE_BYTES } from '../instrument/hooks.ts';
import { ExecutionMode } from '../run/mode.ts';
import { bytesText } from '../run/touchText.ts';
import { isBuffered, parseSchedule, ScheduleReplay } from '../search/schedules.ts';
import type { Session } from '../session/session.ts';
import { runExecution } from './execution.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { orderWithResults } from './outcomes.ts';
import type { WrongOutcome } from './result.ts';

/** Differences that are listed. */
const MAX_LISTED = 8;

/**
 * Runs the wrong outcome's schedule and the serial order with the same results, and lists the cells that differ, at
 * most `MAX_LISTED`. Empty if there is no such serial order.
 */
export async function stateDifference(
  context: ExploreContext,
  exploration: Exploration,
  wrong: Pick<WrongOutcome, 'results' | 'probe' | 'schedule'>,
): Promise<string[]> {
  const { session } = context;
  const { scheduler, host, callers } = session;
  const order = orderWithResults(exploration.serial, wrong);
  const turns = parseSchedule(wrong.schedule, callers.length);
  if (order === undefined || !Array.isArray(turns)) return [];
  host.reset();
  await scheduler.serial.run(
    ExecutionMode.Serial,
    [...order].map((letter) => letter.charCodeAt(0) - 65),
  );
  const lines = writtenLines(session);
  const expected = snapshot(session);
  await runExecution(
    context,
    ExecutionMode.Replay,
    new ScheduleReplay(turns, callers.length),
    undefined,
    isBuffered(turns),
  );
  for (const [i, written] of writtenLines(session).entries()) for (const line of written) lines[i].add(line);
  const seen = snapshot(session);
  session.machine.restore();
  const base = memoryWords(session, lines);
  const differences: string[] = [];
  for (const key of new Set([...expected.keys(), ...seen.keys()])) {
    const was = expected.get(key) ?? base.get(key);
    const is = seen.get(key) ?? base.get(key);
    if (was === is || is === undefined) continue;
    differences.push(
      was === undefined ? t('{0} is {1}', key, is) : t('{0} is {1}, {2} in serial order {3}', key, is, was, order),
    );
  }
  return differences.slice(0, MAX_LISTED);
}

/** Lines of each memory that were written since the base state was restored. */
const writtenLines = ({ machine }: Session): Set<number>[] =>
  machine.memories.map((memory) => new Set(memory.written()));

/** Words of lines, by name. */
function memoryWords({ machine }: Session, lines: readonly ReadonlySet<number>[]): Map<string, string> {
  const words = new Map<string, string>();
  for (const [i, memory] of machine.memories.entries()) {
    for (const line of lines[i]) {
      for (let at = line * LINE_BYTES; at < Math.min((line + 1) * LINE_BYTES, memory.bytes); at += 4)
        words.set(bytesText(memory, at), String(memory.data.getInt32(at, true)));
    }
  }
  return words;
}

/** State that an execution left behind, by name: words of changed memory, globals, sizes, slots of tables. */
function snapshot(session: Session): Map<string, string> {
  const { machine, callers } = session;
  machine.references.inOrder(callers.map(({ results }) => results));
  const state = memoryWords(session, writtenLines(session));
  for (const memory of machine.memories)
    state.set(t('the size of {0}', memory.name), t('{0} pages', memory.bytes / memory.pageBytes));
  for (const instance of machine.instances) {
    for (const global of instance.globals)
      if (global !== undefined) state.set(global.cell.name, machine.valueText(global));
    for (const table of instance.tables)
      if (table !== undefined) state.set(t('the size of {0}', table.name), t('{0} slots', table.length));
  }
  return state;
}
