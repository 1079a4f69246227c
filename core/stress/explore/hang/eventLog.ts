/** What callers did to words of memory in one execution: the evidence for the cause of a hang. */
import { MNEMONIC } from '../../../wasm/instructions.ts';
import type { BufferedStore } from '../../run/buffers/bufferedStore.ts';
import type { Caller } from '../../run/caller.ts';
import { readUnsigned } from '../../run/exchange.ts';
import type { Machine } from '../../run/machine.ts';
import { MemoryState } from '../../run/memoryState.ts';
import type { Notification } from '../../run/notifications.ts';
import type { Operation } from '../../run/operation.ts';
import { bytesText } from '../../run/touchText.ts';
import type { TraceRecorder } from '../../run/traceRows.ts';
import type { Session } from '../../session/session.ts';

/** Events of one execution that are kept. */
const MAX_EVENTS = 200_000;
/** Widest access that counts as one of a word, in bytes. */
const WORD = 8;

/** An access of a word, or a notification. */
export interface WordEvent {
  caller: number;
  call: number;
  /** `read` also is a wait that was entered: see `waits`. */
  kind: 'read' | 'write' | 'rmw' | 'notify';
  /** As `WaitCells.keyOf`: number of the memory, and address; `cell NAME` for state outside of memories. */
  key: string;
  /** `memory[0] 0x8`. */
  at: string;
  /** Number of the access site, and its mnemonic. */
  site: number;
  op: string;
  /** Contents before and after; equal where nothing changed, 0 for state outside of memories. */
  before: bigint;
  after: bigint;
  /** Only of a notification. */
  notification?: Notification;
}

/** Records the events of one execution in order. */
export class EventLog implements TraceRecorder {
  readonly events: WordEvent[] = [];
  /** By caller, how many events there were when its last wait began; missing where it never waited. */
  readonly waitedFrom = new Map<number, number>();
  /** Some events are missing. */
  overflow = false;
  private readonly machine: Machine;
  private readonly op: ArrayLike<number>;
  private open: { event: WordEvent; memory: MemoryState; start: number; width: number } | undefined;

  constructor({ machine, instrumented }: Pick<Session, 'machine' | 'instrumented'>) {
    this.machine = machine;
    this.op = instrumented.sites.op;
  }

  called(): void {}

  returned(): void {
    this.settle();
  }

  performed(caller: Caller, operation: Operation): void {
    this.settle();
    const touch = operation.touches.find(({ silent }) => !silent);
    if (touch === undefined) return;
    const op = MNEMONIC[this.op[operation.site]] ?? '';
    const { state, start, end, write } = touch;
    const about = { caller: caller.index, call: caller.call, site: operation.site, op };
    if (!(state instanceof MemoryState)) {
      // State of the host is no place that a caller could watch.
      if (state.kind === 'host') return;
      const cell = { key: `cell ${state.name}`, at: state.name, before: 0n, after: 0n };
      this.add({ ...about, ...cell, kind: write ? 'write' : 'read' });
      return;
    }
    const width = end - start;
    if (width > WORD || end > state.bytes) return;
    const before = readUnsigned(state, start, width);
    const event: WordEvent = {
      ...about,
      kind: op.includes('.rmw') ? 'rmw' : write ? 'write' : 'read',
      key: `${this.machine.memories.indexOf(state)} ${start}`,
      at: bytesText(state, start),
      before,
      after: before,
    };
    if (op.startsWith('memory.atomic.wait')) this.waitedFrom.set(caller.index, this.events.length);
    if (this.add(event) && write) this.open = { event, memory: state, start, width };
  }

  /** What waits in a buffer has not happened yet for the others. */
  waits(): void {
    if (this.open === undefined) return;
    this.open = undefined;
    this.events.pop();
  }

  reached({ index, call }: Caller, { op, under }: BufferedStore): void {
    this.settle();
    const [{ state, start, end }] = op.touches;
    const about = { caller: index, call, kind: 'write', site: op.site, op: MNEMONIC[this.op[op.site]] ?? '' } as const;
    if (!(state instanceof MemoryState)) {
      this.add({ ...about, key: `cell ${state.name}`, at: state.name, before: 0n, after: 0n });
      return;
    }
    const width = end - start;
    if (width > WORD) return;
    const before = (under as Uint8Array).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const key = `${this.machine.memories.indexOf(state)} ${start}`;
    this.add({ ...about, key, at: bytesText(state, start), before, after: readUnsigned(state, start, width) });
  }

  notified(notification: Notification): void {
    const { caller, call, site, key } = notification;
    const nothing = { at: '', before: 0n, after: 0n };
    this.add({ caller, call, site, kind: 'notify', key, op: 'memory.atomic.notify', ...nothing, notification });
  }

  settle(): void {
    if (this.open === undefined) return;
    const { event, memory, start, width } = this.open;
    this.open = undefined;
    event.after = readUnsigned(memory, start, width);
  }

  private add(event: WordEvent): boolean {
    if (this.events.length >= MAX_EVENTS) {
      this.overflow = true;
      return false;
    }
    this.events.push(event);
    return true;
  }
}
