/**
 * Of a hang that needs store buffers: the stores that were seen too late. Each waited in its caller's buffer while another
 * caller read what was there before; that it matters is shown by the same schedule with a fence behind the store.
 */
import type { BufferedStore } from '../../run/buffers/bufferedStore.ts';
import type { Caller } from '../../run/caller.ts';
import { isVisible, NOTHING, type Operation, type Touch } from '../../run/operation.ts';
import type { Strategy } from '../../run/strategy.ts';
import { touchText } from '../../run/touchText.ts';
import type { TraceRecorder } from '../../run/traceRows.ts';
import { isBuffered, type Schedule, ScheduleReplay } from '../../search/schedules.ts';
import type { ExploreContext } from '../exploration.ts';
import { withBuffers } from './experiments.ts';
import type { LateStore } from './hang.ts';
import { placeOf } from './stuck.ts';

/** Most stores of an execution that are looked at, and most that are told. */
const MAX_WAITING = 10_000;
const MAX_TRIED = 24;
const MAX_TOLD = 4;

/**
 * The stores that were late in the execution of a schedule that hangs; none where no turn is that of a store buffer. Where
 * no single fence ends the hang, all that were missed, as far as they are few.
 */
export async function lateStores(context: ExploreContext, turns: Schedule): Promise<LateStore[]> {
  if (!isBuffered(turns)) return [];
  const { session } = context;
  const { length } = session.callers;
  const log = new MissedStores();
  await withBuffers(context, new ScheduleReplay(turns, length), log);
  const late: LateStore[] = [];
  for (const one of log.missed().slice(0, MAX_TRIED)) {
    // A fence lets the stores before it go, too: the first that is enough is the one that matters.
    if (late.some(({ caller, fenced }) => fenced && caller === one.caller)) continue;
    const ending = await withBuffers(context, new Fenced(turns, length, one));
    const { caller, call, op, by } = one;
    const at = touchText(op.touches.filter(waitsIn)[0]);
    late.push({ caller, call, ...placeOf(session, op.site), at, missedBy: by, fenced: ending === 'done' });
  }
  const sure = late.filter(({ fenced }) => fenced);
  return (sure.length > 0 ? sure : late).slice(0, MAX_TOLD);
}

/** A store in its caller's buffer, and who read its place meanwhile. */
interface Waiting {
  caller: number;
  call: number;
  op: Operation;
  /** Number of the operation among those of its caller, once that is known. */
  step: number;
  by: number[];
}

const waitsIn = (touch: Touch): boolean => touch.orders && isVisible(touch);

const meets = (one: Touch, other: Touch): boolean =>
  one.state === other.state && one.start < other.end && other.start < one.end;

/** Notes which stores other callers missed. */
class MissedStores implements TraceRecorder {
  private readonly buffers = new Map<number, Waiting[]>();
  private readonly all: Waiting[] = [];
  private last: Waiting | undefined;

  called(): void {}
  returned(): void {}
  notified(): void {}
  settle(): void {}

  performed(caller: Caller, op: Operation): void {
    this.last = { caller: caller.index, call: caller.call, op, step: 0, by: [] };
    for (const [owner, buffer] of this.buffers) {
      if (owner === caller.index) continue;
      for (const one of buffer)
        if (reads(op).some((read) => one.op.touches.some((touch) => waitsIn(touch) && meets(touch, read))))
          if (!one.by.includes(caller.index)) one.by.push(caller.index);
    }
  }

  waits(): void {
    const { last } = this;
    if (last === undefined || this.all.length >= MAX_WAITING) return;
    this.all.push(last);
    this.buffers.set(last.caller, [...(this.buffers.get(last.caller) ?? []), last]);
  }

  /** The first that reaches memory is the oldest; a store of several parts is there with the first of them. */
  reached(caller: Caller, { op }: BufferedStore): void {
    const buffer = this.buffers.get(caller.index) ?? [];
    const at = buffer.findIndex(
      (one) => one.op.site === op.site && one.op.touches.some((t) => meets(t, op.touches[0])),
    );
    if (at < 0) return;
    buffer[at].step = op.step ?? 0;
    buffer.splice(0, at + 1);
  }

  /** In the order in which they were made. */
  missed(): Waiting[] {
    return this.all.filter(({ by, step }) => by.length > 0 && step > 0);
  }
}

const reads = ({ touches, effect }: Operation): readonly Touch[] =>
  touches.filter(({ write, silent }) => !silent && (!write || effect === 'exchanges'));

/** The same decisions, but for a fence of one caller behind one of its stores. */
class Fenced implements Strategy {
  readonly tracksDependence = false;
  private readonly inner: ScheduleReplay;
  private readonly caller: number;
  private readonly buffer: number;
  private readonly step: number;
  /** Operations of the caller, as schedules count them. */
  private made = 0;

  constructor(turns: Schedule, callers: number, { caller, step }: Pick<Waiting, 'caller' | 'step'>) {
    this.inner = new ScheduleReplay(turns, callers);
    this.caller = caller;
    this.buffer = callers + caller;
    this.step = step;
  }

  get follows(): boolean {
    return this.inner.follows;
  }

  begin(): void {
    this.inner.begin();
    this.made = 0;
  }

  choose(current: number, enabled: number, pendings: readonly (Operation | undefined)[]): number {
    const oldest = ((enabled >> this.buffer) & 1) === 1 ? pendings[this.buffer]?.step : undefined;
    if (oldest !== undefined && oldest <= this.step && this.made >= this.step) return this.buffer;
    const chosen = this.inner.choose(current, enabled, pendings);
    if (chosen === this.caller && (pendings[chosen] ?? NOTHING) !== NOTHING) this.made++;
    return chosen;
  }
}
