/**
 * The lines of a memory that an execution has written, and what they held at the base. The list of these lines and the
 * contents lie in a memory of the engine, the *book*, so that WebAssembly goes through them; see lineCode.ts. Behind the
 * list, which has room for all lines, come the places of saved lines, 0 for one that was not saved, and then these. Zero
 * needs no memory before it is written.
 */
import { type WasmMemory, wasmEngine } from '../../../wasm/webAssembly.ts';
import { LINE_BYTES } from '../../instrument/hooks.ts';
import { BOOK, type LineFunctions } from './lineCode.ts';
import { lineModule } from './lineModule.ts';

const PAGE = 65_536;
/** Most pages of a memory. */
const MOST_PAGES = 65_536;
const LINE_WORDS = LINE_BYTES / 4;
const LIST_WORD = BOOK.list / 4;
/** Pages for saved lines at first. */
const FIRST_PAGES = 1;
/** Folds the four words of a sum. */
const FOLD = 0x85ebca6b;

/** The guest's memory. */
export interface GuestMemory {
  readonly memory: WasmMemory;
  readonly shared: boolean;
  readonly is64: boolean;
  readonly pageBytes: number;
  /** Most pages. */
  readonly maxPages: number;
}

/** The words of a memory. */
type Words = Int32Array<ArrayBufferLike>;

/** The list and the contents; see the file's comment. */
export class WrittenLines {
  private readonly guest: GuestMemory;
  private book!: WasmMemory;
  private functions!: LineFunctions;
  /** The book in words. */
  private words!: Words;
  /** Numbers of written lines, the first `count`. */
  list!: Words;
  count = 0;
  /** Of each line, the execution since the last base in which it was put into the list last; and the current one. */
  stamps = new Uint32Array(0);
  stamp = 1;
  /** Lines that there is room for. */
  private room = 0;
  /** Offset of the places in the book, and their position among its words. */
  private places = 0;
  private placeWord = 0;
  /** Offset at which lines are saved, and at which the next one is. */
  private first = 0;
  private free = 0;

  constructor(guest: GuestMemory, lines: number) {
    this.guest = guest;
    this.make(lines);
  }

  /** Makes an empty book. */
  private make(lines: number): void {
    // So that what follows the list is aligned.
    this.room = Math.ceil(lines / LINE_WORDS) * LINE_WORDS;
    this.places = BOOK.list + 4 * this.room;
    this.placeWord = this.places >>> 2;
    this.first = this.places + 4 * this.room;
    this.free = this.first;
    this.book = new wasmEngine.Memory({ initial: Math.ceil(this.first / PAGE) + FIRST_PAGES });
    const { memory, shared, is64, pageBytes, maxPages } = this.guest;
    const pageSizeLog2 = pageBytes === PAGE ? undefined : Math.log2(pageBytes);
    const module = lineModule({ max: BigInt(maxPages), shared, is64, pageSizeLog2 });
    const { exports } = new wasmEngine.Instance(module, { memory: { guest: memory, own: this.book } });
    this.functions = exports as unknown as LineFunctions;
    this.view();
  }

  private view(): void {
    this.words = new Int32Array(this.book.buffer);
    this.list = this.words.subarray(LIST_WORD, LIST_WORD + this.room);
  }

  private grow(): void {
    const pages = this.book.buffer.byteLength / PAGE;
    // All lines of the most that a run may have need little more than half of the most.
    this.book.grow(Math.min(pages, MOST_PAGES - pages));
    this.view();
  }

  /** Makes room for a memory of that many lines. */
  fit(lines: number): void {
    if (lines > this.stamps.length) {
      const stamps = new Uint32Array(lines);
      stamps.set(this.stamps);
      this.stamps = stamps;
    }
    if (lines <= this.room) return;
    const { words: old, list, room, placeWord, first, free } = this;
    this.make(lines);
    const moved = this.first - first;
    while (free + moved > this.book.buffer.byteLength) this.grow();
    this.list.set(list.subarray(0, this.count));
    for (let line = 0; line < room; line++) {
      const place = old[placeWord + line];
      if (place !== 0) this.words[this.placeWord + line] = place + moved;
    }
    this.words.set(old.subarray(first >>> 2, free >>> 2), this.first >>> 2);
    this.free = free + moved;
  }

  /** The base is another one: nothing is saved or written. */
  forget(): void {
    this.clear();
    // New ones: of a large memory, few pages of these are ever touched.
    this.stamps = new Uint32Array(this.stamps.length);
    if (this.free > this.first) this.make(this.room);
  }

  /** Empties the list: the next execution begins. */
  clear(): void {
    this.count = 0;
    this.stamp++;
  }

  /** Whether a line is in the list. */
  has(line: number): boolean {
    return this.stamps[line] === this.stamp;
  }

  /** Puts a line into the list that is not in it, and saves it unless it is saved. `words`: those of the memory. */
  add(line: number, words: Words): void {
    this.stamps[line] = this.stamp;
    this.list[this.count++] = line;
    if (this.words[this.placeWord + line] !== 0) return;
    if (this.free + LINE_BYTES > this.book.buffer.byteLength) this.grow();
    const { words: own, free } = this;
    const to = free >>> 2;
    const from = line * LINE_WORDS;
    for (let i = 0; i < LINE_WORDS; i++) own[to + i] = words[from + i];
    own[this.placeWord + line] = free;
    this.free = free + LINE_BYTES;
  }

  /** Whether a line that is saved holds what was saved. `words`: those of the memory. */
  isBase(line: number, words: Words): boolean {
    const saved = this.words[this.placeWord + line] >>> 2;
    const from = line * LINE_WORDS;
    for (let i = 0; i < LINE_WORDS; i++) if (words[from + i] !== this.words[saved + i]) return false;
    return true;
  }

  /** Restores what is in the list, and empties that. `words`: those of the memory. */
  restore(words: Words): void {
    const { count, words: own } = this;
    if (count > 0) {
      const complete = Math.floor(words.length / LINE_WORDS);
      this.functions.restore(count, this.places, complete);
      // A last line that is not complete, of a memory with small pages.
      const saved = this.has(complete) ? own[this.placeWord + complete] >>> 2 : 0;
      if (saved !== 0) words.set(own.subarray(saved, saved + (words.length % LINE_WORDS)), complete * LINE_WORDS);
    }
    this.clear();
  }

  /** Begins a sum of hashes: of lines in the list that differ from the base, apart from `[from, to)` and from `after` on. */
  sum(from: number, to: number, after: number): void {
    if (this.count > 0) this.functions.sum(this.count, this.places, from, to, after);
    else this.words.fill(0, 0, 4);
  }

  /**
   * Adds that of a line of which only some words count. `words`: those of the memory, and at the base where they are not
   * saved.
   */
  addPart(line: number, words: Words, counts: (word: number) => boolean, base?: Words): void {
    const { words: own } = this;
    const from = line * LINE_WORDS;
    const saved = own[this.placeWord + line] >>> 2;
    for (let i = 0; i < LINE_WORDS; i++) {
      const isLive = from + i < words.length && counts(from + i);
      const before = base === undefined ? own[saved + i] : base[from + i];
      own[BOOK.current / 4 + i] = isLive ? words[from + i] : 0;
      own[BOOK.base / 4 + i] = isLive ? before : 0;
    }
    this.functions.add(line);
  }

  /** The sum: two words. */
  get low(): number {
    return this.words[0] ^ Math.imul(this.words[2], FOLD);
  }
  get high(): number {
    return this.words[1] ^ Math.imul(this.words[3], FOLD);
  }
}
