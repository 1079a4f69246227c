/**
 * Effects that conflict with the same effects are alike. Sets of effects are compared by the classes that they have members
 * of: of these there are few, and many sets have the same ones.
 */
import { hasBit, setBit, uniteInto, wordsFor } from './bits.ts';
import type { ConflictMasks } from './conflicts.ts';

/** What conflicts with a set of effects: at all, and whatever the arguments are. Bitsets over effect ids. */
export interface Hostile {
  readonly hostile: Uint32Array;
  readonly always: Uint32Array;
}

/** The classes of the effects of a module under some masks. */
export class EffectClasses {
  /** Words of a bitset over classes. */
  readonly words: number;
  readonly #effectWords: number;
  readonly #masks: ConflictMasks;
  /** Class of each effect, and one effect of each class. */
  readonly #of: Uint32Array;
  readonly #samples: number[] = [];
  /** For each class the bitset of those that it conflicts with. */
  readonly #rows: Uint32Array;
  readonly #known = new Map<number, { classes: Uint32Array; found: Hostile }[]>();

  /** `words`: of a row of the masks. */
  constructor(masks: ConflictMasks, words: number) {
    const { mask, always } = masks;
    const count = mask.length / words;
    this.#masks = masks;
    this.#effectWords = words;
    this.#of = new Uint32Array(count);
    const alike = new Map<number, number[]>();
    for (let e = 0; e < count; e++) {
      const hash = hashOf(always, e * words, words, hashOf(mask, e * words, words, FNV_OFFSET));
      const known = alike.get(hash);
      const same = known?.find((one) => {
        const sample = this.#samples[one] * words;
        return sameRows(mask, sample, e * words, words) && sameRows(always, sample, e * words, words);
      });
      this.#of[e] = same ?? this.#samples.push(e) - 1;
      if (same !== undefined) continue;
      if (known === undefined) alike.set(hash, [this.#of[e]]);
      else known.push(this.#of[e]);
    }
    this.words = wordsFor(this.#samples.length);
    this.#rows = new Uint32Array(this.#samples.length * this.words);
    for (let a = 0; a < this.#samples.length; a++)
      for (let b = 0; b < this.#samples.length; b++)
        if (hasBit(mask, this.#samples[a] * words, this.#samples[b])) setBit(this.#rows, a * this.words, b);
  }

  /** Bitset of the classes of a set of effects. */
  of(effects: Uint32Array): Uint32Array {
    const classes = new Uint32Array(this.words);
    for (let w = 0; w < effects.length; w++)
      for (let word = effects[w]; word !== 0; word &= word - 1)
        setBit(classes, 0, this.#of[(w << 5) + (31 - Math.clz32(word & -word))]);
    return classes;
  }

  /** The classes that conflict with one of `classes`. */
  against(classes: Uint32Array): Uint32Array {
    const found = new Uint32Array(this.words);
    for (let c = 0; c < this.#samples.length; c++) {
      if (!hasBit(classes, 0, c)) continue;
      for (let w = 0; w < this.words; w++) found[w] |= this.#rows[c * this.words + w];
    }
    return found;
  }

  /** What conflicts with a set of effects. Sets with members of the same classes share the result: it must not be changed. */
  hostileTo(effects: Uint32Array): Hostile {
    const classes = this.of(effects);
    const hash = hashOf(classes, 0, this.words, FNV_OFFSET);
    const alike = this.#known.get(hash) ?? [];
    const known = alike.find((one) => sameSets(one.classes, classes));
    if (known !== undefined) return known.found;
    const found = { hostile: new Uint32Array(this.#effectWords), always: new Uint32Array(this.#effectWords) };
    for (let c = 0; c < this.#samples.length; c++) {
      if (!hasBit(classes, 0, c)) continue;
      const row = this.#samples[c] * this.#effectWords;
      uniteInto(found.hostile, this.#masks.mask.subarray(row, row + this.#effectWords));
      uniteInto(found.always, this.#masks.always.subarray(row, row + this.#effectWords));
    }
    alike.push({ classes, found });
    this.#known.set(hash, alike);
    return found;
  }
}

/** Where the hash of a row begins. */
export const FNV_OFFSET = 0x811c9dc5;

/** FNV-1a over the words of one row, starting from `hash`. */
export function hashOf(matrix: Uint32Array, row: number, words: number, hash: number): number {
  let value = hash;
  for (let w = 0; w < words; w++) value = Math.imul(value ^ matrix[row + w], 0x01000193);
  return value;
}

function sameRows(matrix: Uint32Array, a: number, b: number, words: number): boolean {
  for (let w = 0; w < words; w++) if (matrix[a + w] !== matrix[b + w]) return false;
  return true;
}

/** Whether two bitsets of one length are equal. */
export function sameSets(a: Uint32Array, b: Uint32Array): boolean {
  for (let w = 0; w < a.length; w++) if (a[w] !== b[w]) return false;
  return true;
}
