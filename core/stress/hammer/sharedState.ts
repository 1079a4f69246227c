/**
 * State in the shared memories between rounds: the base state, the words that calls change, and a hash of those.
 * Rounds run without instrumentation, so the words are learned from serial orders, and everything else is compared
 * from time to time.
 */
import { t } from '../../text/l10n.ts';
import { F32, F64 } from '../../wasm/types.ts';
import type { WasmMemory } from '../../wasm/webAssembly.ts';

/** A memory whose words are state. */
export interface StateMemory {
  memory: WasmMemory;
  /** Name of a word in reports: an address of a memory, or a global. */
  nameOf(byte: number): string;
  /** Where it holds nothing but floats, by byte offset; absent if that is not known. */
  floats?: ReadonlyMap<number, typeof F32 | typeof F64>;
}

interface Watched extends StateMemory {
  view: Int32Array;
  base: Int32Array;
  /** A bit for each word that changes, and their number: a call may fill a whole large memory. */
  known: Uint32Array;
  count: number;
  /** Words that change, ascending; and those of them that are state, without dead stack. */
  words: Int32Array;
  hashed: Int32Array;
  /** Words of dead stack, `[start, end)`. */
  dead: [start: number, end: number];
}

/** Two hashes that together make a number of 53 bits. */
export interface Hash {
  a: number;
  b: number;
}

/** The hash of no words. */
export const emptyHash = (): Hash => ({ a: 0x811c9dc5, b: 0x1b873593 });

/** Adds a word to a hash. */
export function mix(hash: Hash, word: number): void {
  hash.a = Math.imul(hash.a ^ word, 0x01000193);
  hash.a ^= hash.a >>> 15;
  hash.b = Math.imul((hash.b << 13) ^ (hash.b >>> 19) ^ word, 0x85ebca6b);
}

/** A hash as one number of 53 bits. */
export const keyOf = ({ a, b }: Hash): number => (a >>> 0) * 0x200000 + (b & 0x1fffff);

/** The word of the sign and of the quiet bit of a NaN without a payload, f64 and f32. */
const NAN_64 = 0x7ff8_0000;
const NAN_32 = 0x7fc0_0000;

/**
 * A word as it is compared. Sign and payload of a NaN do not count, because the engine may choose them in arithmetic and its
 * compilers differ in them. Where a word may be an integer, only the sign of a NaN without a payload is left out.
 */
function comparable({ floats }: Watched, words: Int32Array, index: number): number {
  const word = words[index] | 0;
  const unsigned = word & 0x7fff_ffff;
  if (unsigned === NAN_64 || unsigned === NAN_32) return unsigned;
  if (floats === undefined) return word;
  const byte = index * 4;
  if (floats.get(byte) === F32) return unsigned > 0x7f80_0000 ? NAN_32 : word;
  if (floats.get(byte) === F64) return isNaN64(words[index + 1], word) ? 0 : word;
  return floats.get(byte - 4) === F64 && isNaN64(word, words[index - 1]) ? NAN_64 : word;
}

const isNaN64 = (high: number, low: number): boolean =>
  (high & 0x7fff_ffff) > 0x7ff0_0000 || ((high & 0x7fff_ffff) === 0x7ff0_0000 && low !== 0);

/** Words of one state that are compared, memory by memory. */
export type Values = Int32Array[];

/** The state in some shared memories. */
export class SharedState {
  private readonly watched: Watched[];

  constructor(memories: readonly StateMemory[]) {
    this.watched = memories.map(({ memory, nameOf, floats }) => ({
      memory,
      nameOf,
      floats: floats?.size === 0 ? undefined : floats,
      view: new Int32Array(memory.buffer),
      base: new Int32Array(0),
      known: new Uint32Array(0),
      count: 0,
      words: new Int32Array(0),
      hashed: new Int32Array(0),
      dead: [0, 0],
    }));
  }

  /** Makes the current state the base state. */
  mark(): void {
    for (const one of this.watched) {
      one.view = new Int32Array(one.memory.buffer);
      one.base = one.view.slice();
    }
  }

  /** Excludes words `[start, end)` of memory `index` from the state. */
  setDead(index: number, start: number, end: number): void {
    this.watched[index].dead = [start, end];
    list(this.watched[index]);
  }

  /** Restores the words that are known to change. */
  restore(): void {
    for (const { view, base, words } of this.watched) {
      for (let i = 0; i < words.length; i++) {
        const word = words[i];
        view[word] = word < base.length ? base[word] : 0;
      }
    }
  }

  /** Restores all words. */
  restoreAll(): void {
    for (const { view, base } of this.watched) {
      view.set(base);
      view.fill(0, base.length);
    }
  }

  /** Learns which words differ from the base; true if some of them were not known to change. */
  learn(): boolean {
    let news = false;
    for (const one of this.watched) {
      const view = new Int32Array(one.memory.buffer);
      if (one.known.length * 32 < view.length) {
        const known = new Uint32Array(Math.ceil(view.length / 32));
        known.set(one.known);
        one.known = known;
      }
      const { base, count } = one;
      for (let i = 0; i < base.length; i++) if (view[i] !== base[i]) note(one, i);
      for (let i = base.length; i < view.length; i++) if (view[i] !== 0) note(one, i);
      if (one.count === count) continue;
      news = true;
      list(one);
    }
    return news;
  }

  /** Whether a memory is larger than at the base. */
  grown(): boolean {
    return this.watched.some(({ memory, base }) => memory.buffer.byteLength !== base.length * 4);
  }

  /** Bytes of each memory at the base. */
  sizes(): number[] {
    return this.watched.map(({ base }) => base.length * 4);
  }

  /** Replaces all memories by new ones of the base's sizes, and writes the contents of the base to them. */
  replace(memories: readonly WasmMemory[]): void {
    this.watched.forEach((one, i) => {
      one.memory = memories[i];
      one.view = new Int32Array(memories[i].buffer);
      one.view.set(one.base);
    });
  }

  mixInto(hash: Hash): void {
    for (const one of this.watched) {
      const { memory, base, view, hashed } = one;
      const { byteLength } = memory.buffer;
      const words = byteLength === base.length * 4 ? view : new Int32Array(memory.buffer);
      mix(hash, byteLength);
      for (let i = 0; i < hashed.length; i++) mix(hash, comparable(one, words, hashed[i]));
    }
  }

  /** Current values of the compared words; undefined if there are too many to keep. */
  values(most: number): Values | undefined {
    if (this.watched.reduce((sum, { hashed }) => sum + hashed.length, 0) > most) return undefined;
    return this.watched.map((one) => {
      const { memory, hashed } = one;
      const words = new Int32Array(memory.buffer);
      const values = new Int32Array(1 + hashed.length);
      values[0] = memory.buffer.byteLength;
      for (let i = 0; i < hashed.length; i++) values[1 + i] = comparable(one, words, hashed[i]);
      return values;
    });
  }

  /** How the current state differs from kept values, as sentences. */
  differences(kept: Values, of: string, most: number): string[] {
    const found: string[] = [];
    const now = this.values(Number.POSITIVE_INFINITY) as Values;
    this.watched.forEach(({ hashed, nameOf }, m) => {
      if (kept[m].length !== now[m].length) return;
      for (let i = 0; i < now[m].length && found.length < most; i++) {
        if (now[m][i] === kept[m][i]) continue;
        const [is, was] = [now[m][i], kept[m][i]];
        found.push(
          i === 0
            ? t('the size of {0} is {1} bytes, {2} in serial order {3}', nameOf(-1), is, was, of)
            : t('{0} is {1}, {2} in serial order {3}', nameOf(hashed[i - 1] * 4), is, was, of),
        );
      }
    });
    return found;
  }
}

function note(one: Watched, word: number): void {
  const bit = 1 << (word & 31);
  if ((one.known[word >> 5] & bit) !== 0) return;
  one.known[word >> 5] |= bit;
  one.count++;
}

/** Lists the words that are known to change. */
function list(one: Watched): void {
  const { known, count } = one;
  const words = new Int32Array(count);
  for (let at = 0, i = 0; i < known.length; i++)
    for (let bits = known[i]; bits !== 0; bits &= bits - 1) words[at++] = i * 32 + (31 - Math.clz32(bits & -bits));
  const [start, end] = one.dead;
  one.words = words;
  one.hashed = words.filter((word) => word < start || word >= end);
}
