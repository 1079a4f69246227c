/** Results of calls in memory that the threads share: raw values, so that a round writes and compares a few words. */
import { F32, F64, I64, isRef, type ValType } from '../../wasm/types.ts';
import { resultText } from '../run/resultTexts.ts';
import type { ThreadTexts } from './threadTexts.ts';

/** How a call ended; `Text`: it returned, and its result is a text by number. */
export const Ended = { Returned: 1, Trapped: 2, NotReturned: 3, Text: 4 } as const;

/** What the numbers in the area stand for. */
export interface AreaTexts {
  traps: ThreadTexts;
  results: ThreadTexts;
}

/** Position of the results of one call: word of the status, then two words for each value. */
export interface CallPlace {
  at: number;
  results: readonly ValType[];
  /** In place of a result that outcomes do not compare: `results` is empty then. */
  shown?: string;
}

/** Positions of all results in the result area, in words of 32 bits. */
export interface ResultLayout {
  /** By caller and call. */
  callers: CallPlace[][];
  probe: CallPlace[];
  /** By caller: word of the first private global; of all of them, the first word. */
  globals: number[];
  globalsAt: number;
  /** Types of the private globals that outcomes compare. */
  globalTypes: readonly ValType[];
  /** Number of words before those of the probe, and of all words. */
  probeAt: number;
  words: number;
}

/**
 * Lays out the result area. The parameters are the results of each call of each caller, those of each probe call, and
 * the types of the private globals that outcomes compare.
 */
export function resultLayout(
  callers: readonly (readonly Omit<CallPlace, 'at'>[])[],
  probe: readonly Omit<CallPlace, 'at'>[],
  globalTypes: readonly ValType[],
): ResultLayout {
  let words = 0;
  const place = ({ results, shown }: Omit<CallPlace, 'at'>): CallPlace => {
    const at = words;
    words += 2 + 2 * results.length;
    return { at, results, shown };
  };
  const places = callers.map((calls) => calls.map(place));
  const globalsAt = words;
  const globals = callers.map(() => {
    const at = words;
    words += 2 * globalTypes.length;
    return at;
  });
  const probeAt = words;
  return { callers: places, globals, globalsAt, globalTypes, probeAt, probe: probe.map(place), words };
}

/** Of a reference that is an i31. */
const SMALL = 2;

/** The results in the area. */
export class ResultArea {
  readonly words: Int32Array;
  private readonly floats: Float64Array;
  private readonly longs: BigInt64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    this.longs = new BigInt64Array(buffer);
  }

  returned({ at, results }: CallPlace, value: unknown): void {
    this.words[at] = Ended.Returned;
    this.words[at + 1] = 0;
    if (results.length === 1) this.value(at + 2, results[0], value);
    else if (results.length > 1)
      for (let i = 0; i < results.length; i++) this.value(at + 2 + 2 * i, results[i], (value as unknown[])[i]);
  }

  /** Records how a call ended; `text` is the number of the text of the trap or the result. */
  ended({ at, results }: CallPlace, how: number, text: number): void {
    this.words[at] = how;
    this.words[at + 1] = text;
    this.words.fill(0, at + 2, at + 2 + 2 * results.length);
  }

  /** Writes a value in two words, such that values have equal bits if and only if their texts are equal. */
  value(at: number, type: ValType, value: unknown): void {
    if (type === I64) this.longs[at >> 1] = value as bigint;
    else if (type === F32 || type === F64) this.floats[at >> 1] = Number.isNaN(value) ? Number.NaN : (value as number);
    else {
      // References to small integers (i31) are represented by their value.
      const small = isRef(type) && typeof value === 'number';
      this.words[at] = small ? SMALL : isRef(type) ? (value === null ? 0 : 1) : (value as number);
      this.words[at + 1] = small ? value : 0;
    }
  }

  read(at: number, type: ValType): unknown {
    if (type === I64) return this.longs[at >> 1];
    if (type === F32 || type === F64) return this.floats[at >> 1];
    if (isRef(type)) return this.words[at] === SMALL ? this.words[at + 1] : this.words[at] === 0 ? null : {};
    return this.words[at];
  }

  /** The result of a call, with the same text as in exploration. */
  text({ at, results, shown }: CallPlace, texts: AreaTexts): string {
    if (this.words[at] === Ended.Trapped) return `trap: ${texts.traps.text(this.words[at + 1])}`;
    if (this.words[at] === Ended.Text) return texts.results.text(this.words[at + 1]);
    if (this.words[at] === Ended.NotReturned) return 'trap: did not return';
    if (results.length === 0) return shown ?? '()';
    const values = results.map((type, i) => this.read(at + 2 + 2 * i, type));
    return resultText(values.length === 1 ? values[0] : values, { reference: () => 1 });
  }

  notReturned({ at }: CallPlace): boolean {
    return this.words[at] === Ended.NotReturned;
  }
}
