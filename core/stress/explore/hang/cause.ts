/** The cause of a hang, from its execution and from what the same calls do under other conditions. */
import { paragraph } from '../../../text/phrases.ts';
import { functionName } from '../../../wasm/displayNames.ts';
import type { Notification } from '../../run/notifications.ts';
import { waitPlace } from '../../run/notifications.ts';
import { parseSchedule } from '../../search/schedules.ts';
import type { Session } from '../../session/session.ts';
import type { ExploreContext } from '../exploration.ts';
import type { SerialOutcomes } from '../outcomes.ts';
import { causeSentence, lateText } from './causeText.ts';
import type { EventLog, WordEvent } from './eventLog.ts';
import { beginningWith, type Experiment, repeated, returnsAtRandom } from './experiments.ts';
import type { FoundHang, HangCause, HangCauseKind, WaitsFor } from './hang.ts';
import { lateStores } from './lateStores.ts';
import { foundTaken, holders, releasedWords } from './locks.ts';
import { BLOCKED, notifyReport } from './stuck.ts';
import { whoEnds } from './whoEnds.ts';

/** Words that a caller which loops has accessed last, among which a lock is looked for. */
const RECENT = 8;

/** Which of several causes is told: what was shown by an experiment before what follows from the absence of something. */
const ORDER: readonly HangCauseKind[] = [
  'notified-another',
  'lost-notification',
  'not-notified',
  'not-released',
  'circular-wait',
  'nobody-left',
  'livelock',
  'endless-loop',
  'unknown',
];

type Cause = Omit<HangCause, 'text'>;

/** Runs the schedule of the hang again, and the calls under other conditions; the hang must be the one that was found last. */
export async function hangCause(context: ExploreContext, serial: SerialOutcomes, hang: FoundHang): Promise<HangCause> {
  const { session } = context;
  const cause = await new Inquiry(context, serial).of(hang);
  const functions = hang.lastSeen.flatMap(({ caller, func }) =>
    func < 0 || !cause.callers.includes(caller) ? [] : functionName(session.module, func),
  );
  const turns = parseSchedule(hang.schedule, session.callers.length);
  const late = Array.isArray(turns) ? await lateStores(context, turns) : [];
  const text = paragraph([causeSentence(cause, [...new Set(functions)]), ...lateText(late)]);
  return { ...cause, text, ...(late.length === 0 ? {} : { lateStores: late }) };
}

class Inquiry {
  private readonly context: ExploreContext;
  private readonly session: Session;
  private readonly serial: SerialOutcomes;
  /** Where each caller that waits does so; of those that loop, the words that they accessed last. */
  private readonly words = new Map<number, readonly string[]>();
  private readonly blocked = new Map<number, string>();
  private base!: Experiment;
  /** The same calls are known to return in some order: serially, one caller after the other, or at random. */
  private returnsOtherwise: boolean | null = null;
  private alone: Experiment[] = [];

  constructor(context: ExploreContext, serial: SerialOutcomes) {
    this.context = context;
    this.session = context.session;
    this.serial = serial;
  }

  async of({ kind, schedule, lastSeen }: FoundHang): Promise<Cause> {
    const callers = lastSeen.map(({ caller }) => caller);
    if (kind === 'no-return') {
      // Only the one whose loop was cut off is known to loop: the others were ended with it.
      const looping = lastSeen.filter(({ loops }) => loops === true).map(({ caller }) => caller);
      return schedule === ''
        ? this.stuckAlone(looping[0])
        : this.endless(looping, this.serial.byKey.size > 0 ? true : null);
    }
    const turns = parseSchedule(schedule, this.session.callers.length);
    if (!Array.isArray(turns)) return { ...NOTHING_KNOWN, callers };
    this.base = await repeated(this.context, turns);
    const { log, stuck } = this.base;
    if (stuck.length === 0 || log.overflow) return { ...NOTHING_KNOWN, callers };
    this.remember(log, stuck);
    const blocking = stuck.filter((caller) => this.session.callers[caller].results.includes(BLOCKED));
    if (blocking.length > 0)
      return { ...NOTHING_KNOWN, kind: 'thread-blocked', callers: blocking, at: this.places(blocking) };
    await this.runAlone();
    const returns =
      this.serial.byKey.size > 0 ||
      this.alone.some(({ ending }) => ending === 'done') ||
      (await returnsAtRandom(this.context));
    this.returnsOtherwise = returns ? true : null;
    const locks = this.lockEdges();
    const cycle = cycleIn(locks);
    if (cycle !== undefined) return this.lockCycle(cycle);
    const roots = stuck.filter((caller) => !locks.some((edge) => edge.caller === caller && stuck.includes(edge.for)));
    const woken = await repeated(this.context, turns, 'end');
    const all = this.meets(roots, passedOver) ? await repeated(this.context, turns, 'all') : undefined;
    const found = roots.map((caller) => this.rootCause(caller, { locks, woken, all }));
    const circular = cycleIn([...locks, ...this.pendingEdges(stuck)]);
    if (circular !== undefined)
      found.push({
        ...this.about(
          'circular-wait',
          circular.map(({ caller }) => caller),
        ),
        waits: circular,
      });
    const rank = ({ kind: one }: Cause): number => ORDER.indexOf(one);
    const [worst] = found.toSorted((a, b) => rank(a) - rank(b));
    return worst === undefined ? { ...NOTHING_KNOWN, callers } : this.joined(worst, found);
  }

  private async runAlone(): Promise<void> {
    this.alone = [];
    for (const { index } of this.session.callers) this.alone.push(await beginningWith(this.context, index));
  }

  /** A call that loops in every serial order: it waits for another caller, or loops without an end. */
  private async stuckAlone(caller: number): Promise<Cause> {
    this.base = await beginningWith(this.context, caller);
    const { log, stuck, ending } = this.base;
    if (!stuck.includes(caller) || (ending !== 'livelock' && ending !== 'deadlock'))
      return this.endless([caller], false);
    const callers = stuck.filter((one) => this.session.callers[one].waiting === undefined);
    this.remember(log, stuck);
    this.returnsOtherwise = false;
    await this.runAlone();
    const locks = this.lockEdges();
    const cycle = cycleIn(locks);
    return cycle === undefined ? this.about('nobody-left', callers) : this.lockCycle(cycle);
  }

  private endless(callers: readonly number[], returnsOtherwise: boolean | null): Cause {
    return { ...NOTHING_KNOWN, kind: 'endless-loop', callers: [...callers], loops: true, returnsOtherwise };
  }

  /** Where callers wait, before another execution begins. */
  private remember({ events }: EventLog, stuck: readonly number[]): void {
    for (const caller of stuck) {
      const key = this.session.callers[caller].waiting?.key;
      if (key !== undefined) this.blocked.set(caller, key);
      const recent = events.filter((event) => event.caller === caller && event.kind !== 'notify').slice(-RECENT);
      this.words.set(caller, key === undefined ? [...new Set(recent.map((event) => event.key).reverse())] : [key]);
    }
  }

  private get events(): readonly WordEvent[] {
    return this.base.log.events;
  }

  /** For each caller that waits for a lock: who holds it. */
  private lockEdges(): WaitsFor[] {
    const held = holders(this.events, this.blocked);
    const released = releasedWords(this.alone.map(({ log: { events } }, first) => ({ events, first })));
    return [...this.words].flatMap(([caller, keys]) => {
      const lock = keys.find((key) => held.has(key) && (released.has(key) || foundTaken(this.events, caller, key)));
      if (lock === undefined) return [];
      const by = held.get(lock) ?? [];
      // Whoever holds a lock together with others waits for the others.
      const others = by.length > 1 ? by.filter((holder) => holder !== caller) : by;
      return others.map((holder) => ({ caller, at: this.place(lock), for: holder, held: true }));
    });
  }

  private lockCycle(cycle: readonly WaitsFor[]): Cause {
    const callers = cycle.map(({ caller }) => caller);
    const places = new Set(cycle.map(({ at }) => at));
    return {
      ...this.about(places.size === 1 ? 'own-lock' : 'lock-order', callers),
      at: [...places],
      waits: [...cycle],
    };
  }

  /** Callers that would change or notify, if they got that far, what another one waits for. */
  private pendingEdges(stuck: readonly number[]): WaitsFor[] {
    return stuck.flatMap((caller) => {
      const [key] = this.words.get(caller) ?? [];
      if (key === undefined) return [];
      return stuck
        .filter((other) => other !== caller && this.wouldTouch(other, key))
        .map((other) => ({ caller, at: this.place(key), for: other, held: false }));
    });
  }

  private wouldTouch(caller: number, key: string): boolean {
    const { log, stuck } = this.alone[caller];
    const touches = (events: readonly WordEvent[]): number =>
      events.filter((e) => e.caller === caller && e.key === key && (e.kind === 'notify' || e.before !== e.after))
        .length;
    return !stuck.includes(caller) && touches(log.events) > touches(this.events);
  }

  /** Why a caller waits that waits for no other one that is stuck. */
  private rootCause(
    caller: number,
    { locks, woken, all }: { locks: readonly WaitsFor[]; woken: Experiment; all: Experiment | undefined },
  ): Cause {
    const held = locks.filter((edge) => edge.caller === caller);
    if (held.length > 0) return { ...this.about('not-released', [caller]), at: [held[0].at], waits: held };
    const key = this.blocked.get(caller);
    if (key === undefined) return this.loopCause(caller);
    const over = this.notifications(key).findLast((one) => passedOver(one, caller));
    if (over !== undefined && all !== undefined && !all.stuck.includes(caller))
      return { ...this.about('notified-another', [caller]), notification: notifyReport(this.session, over) };
    if (woken.stuck.includes(caller))
      return this.about(this.returnsOtherwise === true ? 'unknown' : 'nobody-left', [caller]);
    const lost = this.before(caller, key);
    if (lost !== undefined)
      return { ...this.about('lost-notification', [caller]), notification: notifyReport(this.session, lost) };
    if (this.sawChange(caller, woken)) return this.about('not-notified', [caller]);
    return this.about(this.returnsOtherwise === true ? 'unknown' : 'nobody-left', [caller]);
  }

  /** A loop over plain reads may be no wait at all, but follow links that lead in a circle. */
  private loopCause(caller: number): Cause {
    if (this.returnsOtherwise !== true) return this.about('nobody-left', [caller]);
    const last = this.events.findLast((event) => event.caller === caller && event.kind !== 'notify');
    return this.about(last?.op.includes('.atomic.') === true ? 'livelock' : 'endless-loop', [caller]);
  }

  /** The last notification before a caller began to wait. */
  private before(caller: number, key: string): Notification | undefined {
    const from = this.base.log.waitedFrom.get(caller) ?? this.events.length;
    return this.events
      .slice(0, from)
      .findLast(({ notification: one }) => one?.key === key && one.caller !== caller && !one.woken.includes(caller))
      ?.notification;
  }

  /** Whether a caller that was woken reads something else than before it waited. */
  private sawChange(caller: number, { log }: Experiment): boolean {
    const [was, is] = [this.events, log.events.slice(this.events.length)].map((events) =>
      events.filter((event) => event.caller === caller && event.kind !== 'notify'),
    );
    return is.some(({ key, before }, i) => {
      const known = is.slice(0, i).findLast((event) => event.key === key) ?? was.findLast((event) => event.key === key);
      return known !== undefined && known.after !== before;
    });
  }

  private notifications(key: string): Notification[] {
    return this.events.flatMap(({ notification }) => (notification?.key === key ? notification : []));
  }

  private meets(callers: readonly number[], test: (one: Notification, caller: number) => boolean): boolean {
    return callers.some((caller) => {
      const key = this.blocked.get(caller);
      return key !== undefined && this.notifications(key).some((one) => test(one, caller));
    });
  }

  /** The callers of several causes of one kind are told together; a notification only with those that it concerns. */
  private joined(cause: Cause, all: readonly Cause[]): Cause {
    const notified = JSON.stringify(cause.notification);
    const same = all.filter(
      (one) =>
        one.kind === cause.kind &&
        JSON.stringify(one.notification) === notified &&
        one.loops === cause.loops &&
        one.kind !== 'circular-wait',
    );
    if (same.length < 2) return cause;
    return {
      ...cause,
      callers: same.flatMap(({ callers }) => callers),
      at: [...new Set(same.flatMap(({ at }) => at))],
      waits: same.flatMap(({ waits }) => waits),
      exports: uniqueExports(same.flatMap(({ exports }) => exports)),
    };
  }

  private about(kind: HangCauseKind, callers: readonly number[]): Cause {
    return {
      kind,
      callers: [...callers],
      at: this.places(callers),
      waits: [],
      notification: null,
      loops: callers.every((caller) => !this.blocked.has(caller)),
      exports: kind === 'nobody-left' || kind === 'livelock' ? this.whoEnds(callers) : [],
      returnsOtherwise: this.returnsOtherwise,
    };
  }

  private whoEnds(callers: readonly number[]): HangCause['exports'] {
    const { analysis, machine, callers: all } = this.session;
    return uniqueExports(
      callers.flatMap((caller) => {
        const [key] = this.words.get(caller) ?? [];
        if (key === undefined) return [];
        const [memory, address] = key.split(' ');
        // The number of a memory in the module, not among those of all instances.
        const index = all[caller].instance.memories.indexOf(machine.memories[Number(memory)]);
        return whoEnds(analysis, `${index} ${address}`, this.blocked.has(caller) ? 'notifies' : 'writes');
      }),
    );
  }

  private places(callers: readonly number[]): string[] {
    return [...new Set(callers.flatMap((caller) => (this.words.get(caller) ?? []).slice(0, 1)))].map((key) =>
      this.place(key),
    );
  }

  private place(key: string): string {
    return key.startsWith('cell ') ? key.slice('cell '.length) : waitPlace(this.session.machine, key);
  }
}

const NOTHING_KNOWN: Cause = {
  kind: 'unknown',
  callers: [],
  at: [],
  waits: [],
  notification: null,
  loops: false,
  exports: [],
  returnsOtherwise: null,
};

/** A caller waited when it was notified, and others were woken instead. */
const passedOver = ({ waiting, woken }: Notification, caller: number): boolean =>
  waiting.includes(caller) && !woken.includes(caller) && woken.length > 0;

/** The first cycle among callers that wait for each other; its edges in order. */
function cycleIn(edges: readonly WaitsFor[]): WaitsFor[] | undefined {
  for (const first of edges) {
    const path = pathTo(first.caller, first, edges, new Set());
    if (path !== undefined) return path;
  }
  return undefined;
}

function pathTo(goal: number, edge: WaitsFor, edges: readonly WaitsFor[], seen: Set<number>): WaitsFor[] | undefined {
  if (edge.for === goal) return [edge];
  if (seen.has(edge.for)) return undefined;
  seen.add(edge.for);
  for (const next of edges) {
    if (next.caller !== edge.for) continue;
    const rest = pathTo(goal, next, edges, seen);
    if (rest !== undefined) return [edge, ...rest];
  }
  return undefined;
}

function uniqueExports(exports: HangCause['exports']): HangCause['exports'] {
  const sure = new Map<string, boolean>();
  for (const one of exports) sure.set(one.name, one.sure || sure.get(one.name) === true);
  return [...sure].map(([name, is]) => ({ name, sure: is })).toSorted((a, b) => Number(b.sure) - Number(a.sure));
}
