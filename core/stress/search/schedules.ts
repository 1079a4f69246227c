/** Strategies that follow a given schedule: the decisions of an earlier execution, or a schedule as text. */

import { t } from '../../text/l10n.ts';
import { NOTHING, type Operation } from '../run/operation.ts';
import type { Strategy } from '../run/strategy.ts';
import { callerName, MAX_CALLERS } from '../scenario/scenario.ts';
import { canRun, lowest } from './masks.ts';

/** Repeats the decisions of an earlier execution. */
export class DecisionReplay implements Strategy {
  readonly tracksDependence = false;
  private readonly choices: readonly number[];
  private at = 0;

  constructor(choices: readonly number[]) {
    this.choices = choices;
  }

  begin(): void {
    this.at = 0;
  }

  choose(current: number, enabled: number, pending: readonly (Operation | undefined)[]): number {
    const choice = this.choices[this.at++];
    return choice !== undefined && canRun(choice, enabled, pending) ? choice : goOn(choice ?? current, enabled);
  }
}

const goOn = (wanted: number, enabled: number): number =>
  wanted >= 0 && (enabled >> wanted) & 1 ? wanted : lowest(enabled);

/** A turn of a caller: how many operations it performs before the next turn. */
export interface Turn {
  caller: number;
  steps: number;
  /** Not a turn of the caller but of its store buffer: what its first `steps` operations stored reaches memory. */
  stores?: true;
}

/** Turns in their order. Where one is that of a store buffer, all stores wait in buffers. */
export type Schedule = readonly Turn[];

/** Whether stores wait in buffers under a schedule. */
export const isBuffered = (turns: Schedule): boolean => turns.some(({ stores }) => stores === true);

/** Follows turns, with a decision at each operation. After the last turn the running caller continues. */
export class ScheduleReplay implements Strategy {
  readonly tracksDependence = false;
  private readonly turns: Schedule;
  private readonly callers: number;
  private readonly buffered: boolean;
  private turn = 0;
  private taken = 0;
  /** Whether the schedule chose a caller that could not run. */
  diverged = false;

  /** @param callers how many there are; their buffers come after them */
  constructor(turns: Schedule, callers: number) {
    this.turns = turns;
    this.callers = callers;
    this.buffered = isBuffered(turns);
  }

  get follows(): boolean {
    return this.turn < this.turns.length;
  }

  begin(): void {
    this.turn = 0;
    this.taken = 0;
    this.diverged = false;
  }

  choose(current: number, enabled: number, pending: readonly (Operation | undefined)[]): number {
    for (; this.turn < this.turns.length; this.turn++, this.taken = 0) {
      const { caller, steps, stores } = this.turns[this.turn];
      const buffer = this.callers + caller;
      const waits = this.buffered && ((enabled >> buffer) & 1) === 1;
      if (stores === true) {
        if (waits && (pending[buffer]?.step ?? 0) <= steps) return buffer;
        continue;
      }
      if (this.taken >= steps) continue;
      // What it does next has to wait for its stores.
      if (waits && ((enabled >> caller) & 1) === 0 && pending[caller] !== undefined) return buffer;
      if (((enabled >> caller) & 1) === 0) {
        this.diverged = true;
        continue;
      }
      // That a woken caller goes on is a decision, and no operation.
      if ((pending[caller] ?? NOTHING) !== NOTHING) this.taken++;
      return caller;
    }
    return goOn(current, enabled);
  }
}

/** Parses `A3B2A1`, or `A2B2a1` with store buffers; a message if it is not a schedule. */
export function parseSchedule(text: string, callers: number): Schedule | { message: string } {
  const compact = text.replace(/\s+/g, '');
  if (compact === '' || compact.length > 1_000_000)
    return { message: t('the schedule is empty or too long; it is written like A3B2A1') };
  const turns: Turn[] = [];
  const pattern = /([A-Za-z])(\d{1,9})/gy;
  while (pattern.lastIndex < compact.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(compact);
    if (match === null)
      return {
        message: t('at character {0} of the schedule: expected a caller and a number of steps, as in A3B2A1', at + 1),
      };
    const name = match[1].toUpperCase();
    const caller = name.charCodeAt(0) - 65;
    if (caller >= Math.min(callers, MAX_CALLERS))
      return {
        message: t(
          'the schedule names caller {0}, the scenario has {1} (the last is {2})',
          name,
          callers,
          callerName(callers - 1),
        ),
      };
    turns.push({ caller, steps: Number(match[2]), ...(name === match[1] ? {} : { stores: true as const }) });
  }
  return turns;
}

/** Turns as text. */
export const scheduleText = (turns: Schedule): string =>
  turns
    .map(({ caller, steps, stores }) => {
      const name = callerName(caller);
      return `${stores === true ? name.toLowerCase() : name}${steps}`;
    })
    .join('');

/** Pairs of caller and steps as turns; the complement of a caller is its buffer. */
export function scheduleOf(segments: readonly number[]): Turn[] {
  const turns: Turn[] = [];
  for (let i = 0; i < segments.length; i += 2) {
    const [caller, steps] = [segments[i], segments[i + 1]];
    turns.push(caller < 0 ? { caller: ~caller, steps, stores: true } : { caller, steps });
  }
  return turns;
}
