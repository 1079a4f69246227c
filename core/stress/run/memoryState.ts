/**
 * A memory under stress. Bookkeeping is by lines of `LINE_BYTES`: who touched a line, whether it is dirty, what it held
 * in the base state (saved at the first write, so that resetting costs what was written, not what there is). Lines that
 * callers share have shadows with one entry a byte.
 */

import type { WasmMemory } from '../../wasm/webAssembly.ts';
import { LINE_BYTES, LINE_LOG2 } from '../instrument/hooks.ts';
import { AccessLog } from './accessLog.ts';
import { WrittenLines } from './lines/writtenLines.ts';
import { isShared, NO_EVENT, TrackedCell } from './trackedCell.ts';

/** A mask of callers for each line. */
type CallerMasks = Uint8Array | Uint16Array;

/** Accesses of a line: event numbers of the last ones of each byte, in executions that keep their dependence. */
interface LineShadow {
  run: number;
  write: Int32Array;
  /** By caller, then byte. */
  reads: Int32Array;
  /** For the race detector. */
  log: AccessLog;
}

/** Growth that has copied the memory but not yet published the copy. */
export interface PendingGrowth {
  /** Contents of lines when they were copied: of those that may have been written since. */
  saved: Map<number, Uint8Array>;
  /** Ranges that were written since. */
  written: [start: number, end: number][];
}

/** What a memory tells the records of its lines, and asks them. */
export interface LineWatch {
  /** Callers share a line from now on. */
  shared(line: number): void;
  /** Lists lines that were written without `dirties`. Each was written with it in an earlier execution. */
  collect(written: WrittenLines): void;
}

/** A memory and its bookkeeping. */
export class MemoryState {
  readonly memory: WasmMemory;
  readonly index: number;
  readonly name: string;
  readonly shared: boolean;
  readonly is64: boolean;
  readonly pageBytes: number;
  /** Most pages. */
  readonly maxPages: number;
  readonly callers: number;
  /** Bytes that it may grow to; set by the machine. */
  mostBytes = 0;
  view!: Uint8Array<ArrayBufferLike>;
  /** The same in words, for whole lines. */
  private words!: Int32Array<ArrayBufferLike>;
  data!: DataView<ArrayBufferLike>;
  /** Size as the guest sees it, and its real size: V8's memories never shrink. */
  bytes: number;
  real: number;
  /** Size at the base. */
  baseBytes: number;
  /** Callers that accessed it at all, and the extent, which growth writes. */
  readonly extent: TrackedCell;
  /** Order of growth and of operations that it does not commute with; see extents.ts. */
  readonly size: TrackedCell;
  readonly contents: TrackedCell;
  /** Some growth copies it: whatever is written may be written again by a publication, also what one caller alone uses. */
  copied = false;
  readers: CallerMasks = new Uint8Array(0);
  writers: CallerMasks = new Uint8Array(0);
  visible: Uint8Array = new Uint8Array(0);
  /** Position of a line's shadow, plus 1. */
  private shadowAt: Int32Array = new Int32Array(0);
  private readonly shadows: LineShadow[] = [];
  /** Lines written in this execution, apart from those that `watch` collects, and their contents at the base. */
  private readonly lines: WrittenLines;
  /** The last hash: two numbers and their text. */
  private hashLow = 0;
  private hashHigh = 0;
  private hashText = '0:0';
  /** Set by the machine. */
  watch: LineWatch | undefined;
  readonly growths: PendingGrowth[] = [];
  /** Set when host code may write anywhere: the whole memory is then saved and restored. */
  private whole: Int32Array | undefined;

  constructor(
    memory: WasmMemory,
    about: {
      index: number;
      name: string;
      shared: boolean;
      is64: boolean;
      pageBytes: number;
      maxPages: number;
      callers: number;
    },
  ) {
    this.memory = memory;
    this.index = about.index;
    this.name = about.name;
    this.shared = about.shared;
    this.is64 = about.is64;
    this.pageBytes = about.pageBytes;
    this.maxPages = about.maxPages;
    this.callers = about.callers;
    this.extent = new TrackedCell('memory.grow', `${about.name} size`, about.callers);
    this.size = new TrackedCell('memory.grow', `order of the size of ${about.name}`, about.callers);
    this.contents = new TrackedCell('memory.grow', `order of copies of ${about.name}`, about.callers);
    this.bytes = memory.buffer.byteLength;
    this.real = this.bytes;
    this.baseBytes = this.bytes;
    this.lines = new WrittenLines(this, Math.ceil(this.bytes / LINE_BYTES));
    this.refresh();
  }

  /** Makes new views and bookkeeping after the memory grew. */
  refresh(): void {
    const { buffer } = this.memory;
    this.view = new Uint8Array(buffer);
    this.words = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    this.data = new DataView(buffer);
    this.real = buffer.byteLength;
    const lines = Math.ceil(this.real / LINE_BYTES);
    const known = this.readers.length;
    if (lines <= known) return;
    const room = Math.max(lines, known * 2);
    const masks = (): CallerMasks => (this.callers <= 8 ? new Uint8Array(room) : new Uint16Array(room));
    this.readers = larger(this.readers, masks());
    this.writers = larger(this.writers, masks());
    this.visible = larger(this.visible, new Uint8Array(room));
    this.lines.fit(room);
    this.shadowAt = larger(this.shadowAt, new Int32Array(room));
  }

  /** Makes the memory at least `bytes` large; false when the engine refuses. */
  reserve(bytes: number): boolean {
    if (bytes <= this.real) return true;
    const pages = Math.ceil((bytes - this.real) / this.pageBytes);
    try {
      this.memory.grow(this.is64 ? BigInt(pages) : pages);
    } catch {
      return false; // A RangeError: beyond the maximum, or out of memory.
    }
    this.refresh();
    return true;
  }

  /** Gives the base state at least that many pages, the new ones zero; false when the engine refuses. */
  preallocate(pages: number): boolean {
    const bytes = Math.min(pages, this.maxPages) * this.pageBytes;
    if (!this.reserve(bytes)) return false;
    this.baseBytes = Math.max(this.baseBytes, bytes);
    return true;
  }

  /** Records that a caller touches a line; true when that makes it visible. */
  touch(line: number, bit: number, write: boolean): boolean {
    const masks = write ? this.writers : this.readers;
    if ((masks[line] & bit) !== 0) return false;
    masks[line] |= bit;
    if (this.visible[line] === 1 || !isShared(this.readers[line], this.writers[line])) return false;
    this.visible[line] = 1;
    this.watch?.shared(line);
    return true;
  }

  /** The parts of `[start, end)` that are in visible lines. */
  visibleParts(start: number, end: number): [start: number, end: number][] {
    const parts: [number, number][] = [];
    for (let line = start >>> LINE_LOG2; line <= (end - 1) >>> LINE_LOG2; line++) {
      if (this.visible[line] !== 1) continue;
      const [from, to] = [Math.max(start, line * LINE_BYTES), Math.min(end, (line + 1) * LINE_BYTES)];
      const last = parts.at(-1);
      if (last?.[1] === from) last[1] = to;
      else parts.push([from, to]);
    }
    return parts;
  }

  /** Lines written since the base state was restored. */
  written(): Int32Array<ArrayBufferLike> {
    const { lines } = this;
    this.watch?.collect(lines);
    return lines.list.subarray(0, lines.count);
  }

  /** Before a write: saves the line's contents, for the base state and for growth in progress. */
  dirties(line: number): void {
    if (this.growths.length > 0) this.keepForGrowth(line * LINE_BYTES, (line + 1) * LINE_BYTES);
    if (!this.lines.has(line)) this.lines.add(line, this.words);
  }

  /** Bytes are about to be written: growth that has copied them loses that. */
  writesDuringGrowth(start: number, end: number): void {
    this.keepForGrowth(start, end);
    for (const { written } of this.growths)
      if (!written.some(([from, to]) => from <= start && end <= to)) written.push([start, end]);
  }

  /** Saves bytes before a write, for growth that has copied them. */
  private keepForGrowth(start: number, end: number): void {
    for (let line = start >>> LINE_LOG2; line <= (end - 1) >>> LINE_LOG2; line++) {
      for (const { saved } of this.growths)
        if (!saved.has(line)) saved.set(line, this.view.slice(line * LINE_BYTES, (line + 1) * LINE_BYTES));
    }
  }

  /** Makes the current state the base state. */
  mark(keepWhole: boolean): void {
    this.refresh();
    this.watch?.collect(this.lines);
    this.bytes = this.real;
    this.baseBytes = this.bytes;
    this.lines.forget();
    this.whole = keepWhole ? this.words.slice() : undefined;
  }

  /** Restores the base state. */
  restore(): void {
    this.watch?.collect(this.lines);
    this.bytes = this.baseBytes;
    this.growths.length = 0;
    if (this.whole === undefined) this.lines.restore(this.words);
    else {
      this.lines.clear();
      this.refresh();
      this.words.set(this.whole);
      this.words.fill(0, this.whole.length);
    }
  }

  /** Shadow of a line in execution `run`; `tracks`: whether accesses of single bytes are kept in it. */
  shadow(line: number, run: number, tracks: boolean): LineShadow {
    let at = this.shadowAt[line] - 1;
    if (at < 0) {
      at =
        this.shadows.push({
          run: 0,
          write: new Int32Array(LINE_BYTES),
          reads: new Int32Array(LINE_BYTES * this.callers),
          log: new AccessLog(),
        }) - 1;
      this.shadowAt[line] = at + 1;
    }
    const shadow = this.shadows[at];
    if (shadow.run !== run) {
      shadow.run = run;
      if (tracks) {
        shadow.write.fill(NO_EVENT);
        shadow.reads.fill(NO_EVENT);
      }
      shadow.log.begin(run);
    }
    return shadow;
  }

  /** Whether a line that was written holds what it held at the base. */
  isBase(line: number): boolean {
    return this.lines.isBase(line, this.words);
  }

  /**
   * Hash of the size and of what differs from the base, independent of the order of writes; bytes `[deadStart, deadEnd)`
   * do not count. Stacks are aligned to more than a word.
   */
  hash(deadStart: number, deadEnd: number): string {
    const { lines } = this;
    this.watch?.collect(lines);
    const counts = (word: number): boolean => {
      const at = 4 * word;
      return at < this.bytes && (at < deadStart || at >= deadEnd);
    };
    const complete = Math.floor(this.bytes / LINE_BYTES);
    if (this.whole !== undefined) {
      lines.sum(0, 0, 0);
      const count = Math.ceil(this.bytes / LINE_BYTES);
      for (let line = 0; line < count; line++) lines.addPart(line, this.words, counts, this.whole);
    } else if (deadStart < deadEnd) {
      const [from, to] = [deadStart >>> LINE_LOG2, ((deadEnd - 1) >>> LINE_LOG2) + 1];
      lines.sum(from, to, complete);
      for (const line of new Set([from, to - 1, complete]))
        if (lines.has(line)) lines.addPart(line, this.words, counts);
    } else {
      lines.sum(0, 0, complete);
      if (lines.has(complete)) lines.addPart(complete, this.words, counts);
    }
    return this.textOf(lines.low ^ this.bytes, lines.high);
  }

  /** Most executions have the same hash as one before. */
  private textOf(low: number, high: number): string {
    if (low !== this.hashLow || high !== this.hashHigh) {
      this.hashLow = low;
      this.hashHigh = high;
      this.hashText = `${low}:${high}`;
    }
    return this.hashText;
  }
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
