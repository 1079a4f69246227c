/** Rows of a trace: what each operation touched, read and wrote. */

import type { NamedBytes, SourceSite } from '../../debug/sourceWords.ts';
import { operationName, type Sites } from '../instrument/sites.ts';
import type { BufferedStore } from './buffers/bufferedStore.ts';
import type { Caller } from './caller.ts';
import { MemoryState } from './memoryState.ts';
import type { Notification } from './notifications.ts';
import { isVisible, type Operation, type Touch } from './operation.ts';
import { numberText } from './resultTexts.ts';
import { touchText } from './touchText.ts';
import type { TrackedCell } from './trackedCell.ts';

/** Rows kept of one execution. */
const MAX_ROWS = 20_000;

/** Receives the events of an execution in order. */
export interface TraceRecorder {
  called(caller: Caller): void;
  returned(caller: Caller, result: string): void;
  performed(caller: Caller, op: Operation): void;
  /** A host function was called: its name with its arguments; `matters` if it does something to the guest or the outcome. */
  hostCalled?(caller: Caller, text: string, matters: boolean): void;
  /** The last operation was a notification. */
  notified(notification: Notification): void;
  /** What the last operation wrote is there now. */
  settle(): void;
  /** The last operation is a store that waits in its caller's buffer. */
  waits?(): void;
  /** A store that waited in its caller's buffer reaches memory. */
  reached?(caller: Caller, store: BufferedStore): void;
}

/** Text of the current contents of a cell; undefined if there is nothing to show. */
export type ContentsOf = (cell: TrackedCell, caller: Caller) => string | undefined;

/** Records rows. */
export class Trace implements TraceRecorder {
  readonly rows: TraceRow[] = [];
  /** Rows that were left out. */
  dropped = 0;
  private readonly sites: Sites;
  private readonly contents: ContentsOf;
  /** Callers whose call has no row yet. */
  private readonly calls = new Set<Caller>();
  private open: { row: TraceRow; touch: Touch; caller: Caller; mnemonic: string } | undefined;

  constructor(sites: Sites, contents: ContentsOf) {
    this.sites = sites;
    this.contents = contents;
  }

  called(caller: Caller): void {
    this.calls.add(caller);
  }

  /** Adds the row of a call before its first step. */
  private begin(caller: Caller): void {
    if (!this.calls.delete(caller)) return;
    const { text, func } = caller.calls[caller.call];
    this.add(caller, { op: 'call', cell: text, func: Math.max(-1, func), offset: -1, matters: true });
  }

  returned(caller: Caller, result: string): void {
    this.begin(caller);
    const trap = result.startsWith('trap: ');
    const read = trap ? result.slice('trap: '.length) : result;
    const place =
      trap && caller.site >= 0
        ? this.place(caller.site)
        : { func: Math.max(-1, caller.calls[caller.call].func), offset: -1 };
    this.add(caller, { op: trap ? 'trap' : 'return', cell: '', ...place, read, matters: true });
  }

  performed(caller: Caller, op: Operation): void {
    this.settle();
    this.begin(caller);
    const touch = op.touches.find((t) => !t.silent) ?? op.touches[0];
    const mnemonic = operationName(this.sites, op.site);
    const visible = op.touches.some(isVisible);
    const writes = touch?.write === true && !touch.silent;
    const atomicExchange = mnemonic.includes('.rmw');
    const row = this.add(caller, {
      op: mnemonic,
      cell: touch === undefined ? '' : touchText(touch),
      ...this.place(op.site),
      matters: visible || op.wild,
    });
    if (row === undefined || touch === undefined) return;
    if (!writes || atomicExchange) row.read = this.value(touch, caller, mnemonic);
    if (writes || atomicExchange) this.open = { row, touch, caller, mnemonic };
  }

  hostCalled(caller: Caller, text: string, matters: boolean): void {
    this.settle();
    this.begin(caller);
    const place = this.place(caller.site);
    const last = this.rows.findLast((row) => row.caller === caller.index);
    const known = last?.op === 'call' && last.offset === place.offset && last.offset >= 0 ? last : undefined;
    if (known === undefined) this.add(caller, { op: 'host call', cell: text, ...place, matters });
    else {
      known.cell = text;
      known.matters ||= matters;
    }
  }

  notified({ caller, count, woken }: Notification): void {
    const row = this.rows.at(-1);
    if (row?.caller === caller && row.op === 'memory.atomic.notify') row.notify = { count, woken: [...woken] };
  }

  settle(): void {
    if (this.open === undefined) return;
    const { row, touch, caller, mnemonic } = this.open;
    this.open = undefined;
    row.written = this.value(touch, caller, mnemonic);
  }

  waits(): void {
    const row = this.rows.at(-1);
    if (row !== undefined) row.buffer = 'waits';
  }

  reached(caller: Caller, { op }: BufferedStore): void {
    this.settle();
    const mnemonic = operationName(this.sites, op.site);
    const row = this.add(caller, {
      op: mnemonic,
      cell: touchText(op.touches[0]),
      ...this.place(op.site),
      matters: true,
      buffer: 'reaches',
    });
    if (row !== undefined) row.written = this.value(op.touches[0], caller, mnemonic);
  }

  private place(site: number): { func: number; offset: number } {
    return { func: this.sites.func[site] ?? -1, offset: this.sites.offset[site] ?? -1 };
  }

  private add(
    caller: Caller,
    row: Omit<TraceRow, 'caller' | 'call' | 'switched' | 'times' | 'read' | 'written'> & Partial<TraceRow>,
  ): TraceRow | undefined {
    // What reaches memory is no step of its caller.
    const before = row.buffer === 'reaches' ? undefined : this.rows.findLast(({ buffer }) => buffer !== 'reaches');
    const switched =
      before !== undefined && before.caller !== caller.index && before.op !== 'return' && before.op !== 'trap';
    if (this.rows.length >= MAX_ROWS) {
      this.dropped++;
      return undefined;
    }
    const whole: TraceRow = {
      caller: caller.index,
      call: Math.min(caller.call, caller.calls.length - 1),
      switched,
      times: 1,
      read: undefined,
      written: undefined,
      ...row,
    };
    this.rows.push(whole);
    return whole;
  }

  private value(touch: Touch, caller: Caller, mnemonic: string): string | undefined {
    if (!(touch.state instanceof MemoryState)) return this.contents(touch.state, caller);
    return bytesText(touch.state, touch.start, touch.end, mnemonic);
  }
}

/** What bytes hold, as the instruction takes them: numbers up to eight bytes, else how many. */
function bytesText(memory: MemoryState, start: number, end: number, mnemonic: string): string {
  const width = end - start;
  if (end > memory.real) return 'outside the memory';
  const { data, view } = memory;
  if (mnemonic.startsWith('f32') && width === 4) return numberText(data.getFloat32(start, true));
  if (mnemonic.startsWith('f64') && width === 8) return numberText(data.getFloat64(start, true));
  if (width === 8) return String(data.getBigInt64(start, true));
  if (width === 4) return String(data.getInt32(start, true));
  if (width === 2) return String(data.getUint16(start, true));
  if (width === 1) return String(view[start]);
  if (width === 16)
    return `0x${[...view.subarray(start, end)]
      .reverse()
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('')}`;
  const first = view[start];
  const uniform = view.subarray(start, end).every((b) => b === first);
  return uniform ? `${width} bytes of ${first}` : `${width} bytes`;
}

/** A place in the original module. */
export interface Place {
  /** Where the instruction comes from in the source; added to a result where that is known. */
  place?: SourceSite;
  /** Function index in the original module, -1 where it is not known. */
  func: number;
  /** Byte offset of the instruction in the original binary. */
  offset: number;
}

/** One step of a caller, or the begin or end of a call. */
export interface TraceRow extends Place {
  caller: number;
  call: number;
  /** Mnemonic, or `call`, `return`, `trap`. */
  op: string;
  /** What it touches; empty for rows that touch nothing. */
  cell: string;
  /** The same in words of the source; added to a result where they are known. */
  variable?: NamedBytes;
  /** Values as text; undefined if there is none. */
  read: string | undefined;
  written: string | undefined;
  /** Whether it is the first step after a switch to its caller while another caller could have continued. */
  switched: boolean;
  /** Whether another caller touches the cell and one of them writes: the short form shows the row. */
  matters: boolean;
  /**
   * Of a store in a run with store buffers: it waits in its caller's buffer, or reaches memory, where others see it. The
   * latter is no step of the caller.
   */
  buffer?: 'waits' | 'reaches';
  /** Number of consecutive rows that this one represents (1 unless a loop was folded). */
  times: number;
  /** Bytes between the first and the last that these rows touch, where all of them touch one memory. */
  span?: string;
  /** Of a `memory.atomic.notify`: how many waiters it would wake (4294967295 is all), and the callers that it woke. */
  notify?: { count: number; woken: number[] };
}
