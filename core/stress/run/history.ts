/**
 * The events of one execution and the order among them. Two orders are kept as vector clocks: *happens-before* by
 * synchronisation, for data races (FastTrack's epochs, a byte or cell at a time), here, and *dependence* beside it.
 * Sources: Flanagan, Freund: FastTrack, PLDI 2009; Flanagan, Godefroid: Dynamic partial-order reduction, POPL 2005;
 * happens-before of WebAssembly: https://webassembly.github.io/threads/core/exec/relaxed.html
 */
import { LINE_BYTES, LINE_LOG2 } from '../instrument/hooks.ts';
import type { AccessLog } from './accessLog.ts';
import { Dependence } from './dependence.ts';
import { MemoryState } from './memoryState.ts';
import type { Operation, Touch } from './operation.ts';
import type { TrackedCell, TrackedCellKind } from './trackedCell.ts';

/** How an operation synchronises. */
export const Sync = { None: 0, Acquire: 1, Release: 2, Both: 3 } as const;

/** One access of a race. */
export interface RaceEvent {
  caller: number;
  call: number;
  site: number;
  write: boolean;
  atomic: boolean;
}

/** Instead of a range: the access is not atomic. */
const PLAIN = -1;
const NO_READ = -1;
/** Sites below this number make pairs of less than 31 bits. */
const SMALL = 2 ** 13;

/** A byte range as one number; an atomic access has at most 8 bytes. */
const rangeKey = ({ start, end }: Touch): number => start * 32 + (end - start);

/** Two instructions, whichever came first, and which of them write, as one number. */
function pairKey(a: number, aWrites: boolean, b: number, bWrites: boolean): number {
  if (a > b) return pairKey(b, bWrites, a, aWrites);
  const writes = (aWrites ? 2 : 0) + (bWrites ? 1 : 0);
  // Small integers where possible, for they are compared fast.
  return b < SMALL ? ((a * SMALL + b) << 2) | writes : -((a * 2 ** 24 + b) * 4 + writes);
}

/** What a race is about: bytes of a memory, or another kind of cell. */
export type TouchedKind = 'memory' | TrackedCellKind;

/** The kind of a cell, or of the bytes of a memory. */
export const touchedKind = (state: MemoryState | TrackedCell): TouchedKind =>
  state instanceof MemoryState ? 'memory' : state.kind;

/** Receives what a history finds. */
export interface HistoryListener {
  /**
   * Two accesses of different callers, one writing, not both atomic, unordered. `range`: bytes of a memory; `pair`: equal
   * for the same two instructions.
   */
  race(
    state: MemoryState | TrackedCell,
    range: { start: number; end: number },
    earlier: RaceEvent,
    later: RaceEvent,
    pair: number,
  ): void;
  /** Whether it need not be told of a race on this kind of cell; `pair`: as in `race`. */
  ignores(kind: TouchedKind, pair: number): boolean;
}

/** The events of the current execution. */
export class History {
  private readonly callers: number;
  private readonly listener: HistoryListener;
  readonly dependence: Dependence;
  private run = 0;
  /** Number of events; the lists by event below are overwritten in the next execution. */
  private count = 0;
  private readonly byCaller: number[] = [];
  private readonly byCall: number[] = [];
  private readonly bySite: number[] = [];
  private readonly atClock: number[] = [];
  /** Row of caller `p` at `p * callers`. */
  private readonly clocks: Int32Array;
  /** Pairs of instructions whose race was reported in this execution, by kind of cell. */
  private readonly reported = new Map<TouchedKind, Set<number>>();
  private readonly released = new Map<MemoryState | TrackedCell, Map<number, Int32Array>>();

  constructor(callers: number, listener: HistoryListener) {
    this.callers = callers;
    this.listener = listener;
    this.clocks = new Int32Array(callers * callers);
    this.dependence = new Dependence(callers);
  }

  begin(run: number): void {
    this.run = run;
    this.count = 0;
    this.clocks.fill(0);
    for (let p = 0; p < this.callers; p++) this.clocks[p * this.callers + p] = 1;
    this.dependence.begin();
    if (this.released.size > 0) this.released.clear();
    if (this.reported.size > 0) this.reported.clear();
  }

  get events(): number {
    return this.count;
  }

  /**
   * Records an operation that is performed now, at decision `node`; `planned` is what the caller stood before. True when
   * it ended the caller's epoch.
   */
  record(caller: number, call: number, op: Operation, node: number, planned: Operation): boolean {
    const { sync, at } = op;
    const event = this.count++;
    this.byCaller[event] = caller;
    this.byCall[event] = call;
    this.bySite[event] = op.site;
    this.atClock[event] = this.clocks[caller * this.callers + caller];
    if (this.dependence.tracks) this.dependence.open(event, caller, call, node, op, planned);
    const first = sync === Sync.None ? undefined : op.touches[0];
    // Atomics synchronise with those of the same range only.
    const place = first === undefined ? 0 : at * 32 + (first.end - first.start);
    // What was released is known to the access itself.
    if (first !== undefined && (sync & Sync.Acquire) !== 0) this.acquire(caller, first.state, place);
    for (const touch of op.touches) {
      if (touch.state instanceof MemoryState) this.touchMemory(event, caller, touch.state, touch);
      else this.touchCell(event, caller, touch.state, touch);
    }
    if (this.dependence.tracks) this.dependence.close(event, caller);
    if (first === undefined || (sync & Sync.Release) === 0) return false;
    this.release(caller, first.state, place);
    return true;
  }

  /** Orders `to` after `from`, which has woken it. */
  wake(from: number, to: number): void {
    const n = this.callers;
    for (let q = 0; q < n; q++) this.clocks[to * n + q] = Math.max(this.clocks[to * n + q], this.clocks[from * n + q]);
    this.dependence.wake(from, to);
    this.clocks[from * n + from]++;
  }

  /**
   * An operation that this execution will not perform could have come before what it depends on, too: the execution
   * ended while the caller stood before it, or a notification came before the end of a wait by itself.
   */
  foresee(caller: number, op: Operation): void {
    if (!this.dependence.tracks) return;
    for (const touch of op.touches) {
      if (touch.state instanceof MemoryState) this.foreseeMemory(caller, touch.state, touch);
      else {
        touch.state.begin(this.run);
        this.foreseeAt(caller, touch.state.write, touch.orders ? touch.state.reads : undefined, 0, 1);
      }
    }
    this.dependence.foresee(caller, op);
  }

  private foreseeMemory(caller: number, state: MemoryState, { start, end, write }: Touch): void {
    for (let at = start; at < end; at++) {
      const line = at >>> LINE_LOG2;
      if (state.visible[line] !== 1 && !state.copied) continue;
      const shadow = state.shadow(line, this.run, true);
      const byte = at & (LINE_BYTES - 1);
      this.foreseeAt(caller, shadow.write[byte], write ? shadow.reads : undefined, byte, LINE_BYTES);
    }
  }

  private foreseeAt(
    caller: number,
    write: number,
    reads: Int32Array | undefined,
    offset: number,
    stride: number,
  ): void {
    if (write >= 0 && this.byCaller[write] !== caller) this.dependence.on(write, caller);
    for (let q = 0; reads !== undefined && q < this.callers; q++) {
      const read = q === caller ? NO_READ : reads[q * stride + offset];
      if (read >= 0) this.dependence.on(read, caller);
    }
  }

  private touchMemory(event: number, caller: number, state: MemoryState, touch: Touch): void {
    const n = this.callers;
    const { tracks } = this.dependence;
    const lastLine = (touch.end - 1) >>> LINE_LOG2;
    for (let line = touch.start >>> LINE_LOG2; line <= lastLine; line++) {
      if (state.visible[line] !== 1 && !state.copied) continue;
      const { write, reads, log } = state.shadow(line, this.run, tracks);
      const base = line << LINE_LOG2;
      const from = Math.max(touch.start - base, 0);
      const to = Math.min(touch.end - base, LINE_BYTES);
      if (!touch.silent) this.detect(log, event, caller, state, touch, base + from, base + to);
      if (!tracks) continue;
      for (let byte = from; byte < to; byte++) {
        const before = write[byte];
        if (before >= 0 && this.byCaller[before] !== caller) this.dependence.on(before, caller);
        if (touch.write) {
          for (let q = 0; q < n; q++) {
            const read = q === caller ? -1 : reads[q * LINE_BYTES + byte];
            if (read >= 0) this.dependence.on(read, caller);
          }
          write[byte] = event;
        } else reads[caller * LINE_BYTES + byte] = event;
      }
    }
  }

  private touchCell(event: number, caller: number, state: TrackedCell, touch: Touch): void {
    state.begin(this.run);
    if (!touch.silent) this.detect(state.log, event, caller, state, touch, 0, 1);
    if (!this.dependence.tracks) return;
    const before = state.write;
    if (before >= 0 && this.byCaller[before] !== caller) this.dependence.on(before, caller);
    if (touch.orders) {
      for (let q = 0; q < this.callers; q++) {
        const read = q === caller ? -1 : state.reads[q];
        if (read >= 0) this.dependence.on(read, caller);
      }
      state.write = event;
    } else state.reads[caller] = event;
  }

  /** Whether this execution has not shown the race of a pair of instructions on this kind of cell before. */
  private isNews(kind: TouchedKind, pair: number): boolean {
    let pairs = this.reported.get(kind);
    if (pairs === undefined) {
      pairs = new Set();
      this.reported.set(kind, pairs);
    }
    if (pairs.has(pair)) return false;
    pairs.add(pair);
    return true;
  }

  private raceEvent(event: number, write: boolean, atomic: boolean): RaceEvent {
    return {
      caller: this.byCaller[event],
      call: this.byCall[event],
      site: this.bySite[event],
      write,
      atomic,
    };
  }

  /** Reports what races with an access of `[from, to)`: conflicting accesses of others that it is not ordered behind. */
  private detect(
    log: AccessLog,
    event: number,
    caller: number,
    state: MemoryState | TrackedCell,
    touch: Touch,
    from: number,
    to: number,
  ): void {
    const row = caller * this.callers;
    // Atomic accesses of one and the same range never race.
    const atomic = touch.atomic ? rangeKey(touch) : PLAIN;
    for (let i = 0; i < log.size; i++) {
      const known = log.at(i);
      if (known.caller === caller || (!known.write && !touch.write)) continue;
      if (known.end <= from || known.start >= to) continue;
      if (this.atClock[known.event] <= this.clocks[row + known.caller]) continue;
      if (atomic !== PLAIN && known.atomic === atomic) continue;
      const pair = pairKey(known.site, known.write, this.bySite[event], touch.write);
      const kind = touchedKind(state);
      if (this.listener.ignores(kind, pair) || !this.isNews(kind, pair)) continue;
      this.listener.race(
        state,
        { start: Math.max(known.start, from), end: touch.end },
        this.raceEvent(known.event, known.write, known.atomic !== PLAIN),
        this.raceEvent(event, touch.write, touch.atomic),
        pair,
      );
    }
    log.note(caller, this.bySite[event], from, to, touch.write, atomic, event);
  }

  private acquire(caller: number, state: MemoryState | TrackedCell, place: number): void {
    const before = this.released.get(state)?.get(place);
    if (before === undefined) return;
    const row = caller * this.callers;
    for (let q = 0; q < this.callers; q++) this.clocks[row + q] = Math.max(this.clocks[row + q], before[q]);
  }

  private release(caller: number, state: MemoryState | TrackedCell, place: number): void {
    let places = this.released.get(state);
    if (places === undefined) {
      places = new Map();
      this.released.set(state, places);
    }
    const row = caller * this.callers;
    places.set(place, this.clocks.slice(row, row + this.callers));
    this.clocks[row + caller]++;
  }
}
