/**
 * A memory under stress. Bookkeeping is by lines of `LINE_BYTES`: who touched a line, whether it is dirty, what it held
 * in the base state (saved at the first write, so that resetting costs what was written, not what there is). Lines that
 * callers share have shadows with one entry a byte.
 */

import type { WasmMemory } from '../../wasm/webAssembly.ts';
import { LINE_BYTES, LINE_LOG2 } from '../instrument/hooks.ts';
import { AccessLog } from './accessLog.ts';
import { isShared, NO_EVENT, TrackedCell } from './trackedCell.ts';

const LINE_WORDS = LINE_BYTES / 4;
const WORDS_LOG2 = LINE_LOG2 - 2;

/** A mask of callers for each line. */
type CallerMasks = Uint8Array | Uint16Array;

/** Last accesses of each byte of a line: event numbers. */
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
  collect(written: (line: number) => void): void;
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
  /** Execution, counted from the base state, in which a line was written last. */
  private dirtyIn: Uint32Array = new Uint32Array(0);
  private executions = 1;
  /** First word of a line in `arena`, plus 1; 0 for one that was not saved. Zero needs no memory before it is written. */
  private slots: Int32Array = new Int32Array(0);
  /** Position of a line's shadow, plus 1. */
  private shadowAt: Int32Array = new Int32Array(0);
  private readonly shadows: LineShadow[] = [];
  /** Words of lines at the base, one line after the other; `slots` has the first word of each. */
  private arena = new Int32Array(64 * LINE_WORDS);
  private arenaUsed = 0;
  /** Hashes of the lines in `arena`. */
  private arenaHashes = new Int32Array(64);
  /** Lines written in this execution, apart from those that `watch` collects. */
  private readonly dirty: number[] = [];
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
    this.dirtyIn = larger(this.dirtyIn, new Uint32Array(room));
    this.slots = larger(this.slots, new Int32Array(room));
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
  written(): readonly number[] {
    this.watch?.collect(this.collected);
    return this.dirty;
  }

  private readonly collected = (line: number): void => {
    if (this.dirtyIn[line] === this.executions) return;
    this.dirtyIn[line] = this.executions;
    this.dirty.push(line);
  };

  /** Before a write: saves the line's contents, for the base state and for growth in progress. */
  dirties(line: number): void {
    if (this.growths.length > 0) this.keepForGrowth(line * LINE_BYTES, (line + 1) * LINE_BYTES);
    if (this.dirtyIn[line] === this.executions) return;
    this.dirtyIn[line] = this.executions;
    this.dirty.push(line);
    if (this.slots[line] !== 0) return;
    if (this.arenaUsed === this.arena.length) {
      this.arena = larger(this.arena, new Int32Array(this.arena.length * 2));
      this.arenaHashes = larger(this.arenaHashes, new Int32Array(this.arenaHashes.length * 2));
    }
    const from = line * LINE_WORDS;
    for (let i = 0; i < LINE_WORDS; i++) this.arena[this.arenaUsed + i] = this.words[from + i];
    this.arenaHashes[this.arenaUsed >>> WORDS_LOG2] = hashOf(line, this.words, from);
    this.slots[line] = this.arenaUsed + 1;
    this.arenaUsed += LINE_WORDS;
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
    this.written();
    this.bytes = this.real;
    this.baseBytes = this.bytes;
    this.dirty.length = 0;
    // New arrays: of a large memory, few pages of these are ever touched.
    this.dirtyIn = new Uint32Array(this.dirtyIn.length);
    this.slots = new Int32Array(this.slots.length);
    this.arenaUsed = 0;
    this.whole = keepWhole ? this.words.slice() : undefined;
  }

  /** Restores the base state. */
  restore(): void {
    const dirty = this.written();
    this.executions++;
    this.bytes = this.baseBytes;
    this.growths.length = 0;
    if (this.whole !== undefined) {
      this.refresh();
      this.words.set(this.whole);
      this.words.fill(0, this.whole.length);
    } else {
      this.restoreLines(dirty);
    }
    this.dirty.length = 0;
  }

  /** Lines that are neighbours are often saved as neighbours, and then restored together. */
  private restoreLines(lines: readonly number[]): void {
    const { words, arena, slots } = this;
    for (let i = 0; i < lines.length; ) {
      const line = lines[i];
      const step = lines[i + 1] - line;
      let count = 1;
      if (step === 1 || step === -1)
        while (
          lines[i + count] === line + step * count &&
          slots[lines[i + count]] === slots[line] + step * count * LINE_WORDS
        )
          count++;
      const last = line + step * (count - 1);
      const first = count > 1 && step < 0 ? last : line;
      const from = slots[first] - 1;
      const to = first * LINE_WORDS;
      const length = count * LINE_WORDS;
      if (count > 2) words.set(arena.subarray(from, from + length), to);
      else for (let k = 0; k < length; k++) words[to + k] = arena[from + k];
      i += count;
    }
  }

  /** Shadow of a line in execution `run`. */
  shadow(line: number, run: number): LineShadow {
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
      shadow.write.fill(NO_EVENT);
      shadow.reads.fill(NO_EVENT);
      shadow.log.begin(run);
    }
    return shadow;
  }

  /** Whether a line that was written holds what it held at the base. */
  isBase(line: number): boolean {
    const at = this.slots[line] - 1;
    const from = line * LINE_WORDS;
    for (let k = 0; k < LINE_WORDS; k++) if (this.words[from + k] !== this.arena[at + k]) return false;
    return true;
  }

  /** Hash of what differs from the base, independent of the order of writes: that of each line less that of its base. */
  hash(deadStart: number, deadEnd: number): number {
    let sum = this.bytes | 0;
    const { words, slots, arenaHashes } = this;
    const dirty = this.written();
    const isWhole = this.whole !== undefined;
    const base = this.whole ?? this.arena;
    const count = isWhole ? Math.ceil(this.real / LINE_BYTES) : dirty.length;
    for (let position = 0; position < count; position++) {
      const line = isWhole ? position : dirty[position];
      const start = line * LINE_BYTES;
      if (start >= this.bytes) continue;
      const from = line * LINE_WORDS;
      const isLive = start >= deadEnd || start + LINE_BYTES <= deadStart;
      if (isLive && !isWhole) sum += hashOf(line, words, from) - arenaHashes[(slots[line] - 1) >>> WORDS_LOG2];
      else {
        const at = isWhole ? from : slots[line] - 1;
        sum += liveHash(line, words, from, deadStart, deadEnd) - liveHash(line, base, at, deadStart, deadEnd);
      }
      sum |= 0;
    }
    return sum;
  }
}

/** Words of a line without dead ones. Stacks are aligned to more than a word. */
const live = new Int32Array(LINE_WORDS);

/** Hash of a line whose words begin at `from`; dead ones count as zero, and so do those beyond the end. */
function liveHash(
  line: number,
  words: Int32Array<ArrayBufferLike>,
  from: number,
  deadStart: number,
  deadEnd: number,
): number {
  for (let k = 0; k < LINE_WORDS; k++) {
    const at = line * LINE_BYTES + 4 * k;
    live[k] = (at >= deadStart && at < deadEnd) || from + k >= words.length ? 0 : words[from + k];
  }
  return hashOf(line, live, 0);
}

/** Hash of a line's number and of its words, which begin at `from`. Four chains of four words each, because a chain waits for its multiplications. */
function hashOf(line: number, words: Int32Array<ArrayBufferLike>, from: number): number {
  let a = Math.imul(line, 0x9e3779b1) ^ 0x85ebca6b;
  let b = a + 1;
  let c = a + 2;
  let d = a + 3;
  for (let i = from; i < from + LINE_WORDS; i += 4) {
    a = Math.imul(a ^ words[i], 0x85ebca77);
    b = Math.imul(b ^ words[i + 1], 0xc2b2ae3d);
    c = Math.imul(c ^ words[i + 2], 0x27d4eb2f);
    d = Math.imul(d ^ words[i + 3], 0x165667b1);
    a ^= a >>> 13;
    b ^= b >>> 13;
    c ^= c >>> 13;
    d ^= d >>> 13;
  }
  return Math.imul(Math.imul(Math.imul(a, 0x85ebca77) ^ b, 0x85ebca77) ^ c, 0x85ebca77) ^ d;
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
