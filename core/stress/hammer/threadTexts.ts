/** Texts that threads share by number: messages of traps, and results that are no numbers. */

/** How many different texts a thread can have, and the bytes of each with its length. */
export interface TextSizes {
  texts: number;
  bytes: number;
}

/** Messages of traps. */
export const TRAP_TEXTS: TextSizes = { texts: 64, bytes: 256 };
/** Results of steps: text of reads, which contents.ts keeps short, and expectations that do not hold. */
export const RESULT_TEXTS: TextSizes = { texts: 512, bytes: 2048 };

/** Bytes of the length of a text. */
const LENGTH_BYTES = 2;
/** Stands for all texts beyond the limit. */
const OTHERS = 'other texts';

/** The memory of the texts of all threads, zero. */
export const textBuffer = (threads: number, { texts, bytes }: TextSizes): SharedArrayBuffer =>
  new SharedArrayBuffer(threads * texts * bytes);

/** Texts by number; each thread writes its own part. */
export class ThreadTexts {
  private readonly bytes: Uint8Array;
  private readonly first: number;
  private readonly sizes: TextSizes;
  private readonly known = new Map<string, number>();

  constructor(buffer: SharedArrayBuffer, thread: number, sizes: TextSizes) {
    this.bytes = new Uint8Array(buffer);
    this.first = thread * sizes.texts;
    this.sizes = sizes;
  }

  /** Number of a text of this thread; texts beyond the limit share one number. */
  number(text: string): number {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const { sizes } = this;
    if (this.known.size >= sizes.texts - 1 && text !== OTHERS) return this.number(OTHERS);
    const number = this.first + this.known.size;
    this.known.set(text, number);
    const at = number * sizes.bytes;
    // A copy, since encoders and decoders do not accept shared memory. The written text ends with a whole character.
    const encoded = new Uint8Array(sizes.bytes - LENGTH_BYTES);
    const { written } = new TextEncoder().encodeInto(text, encoded);
    this.bytes[at] = written & 0xff;
    this.bytes[at + 1] = written >> 8;
    this.bytes.set(encoded, at + LENGTH_BYTES);
    return number;
  }

  /** Text of any thread. */
  text(number: number): string {
    const at = number * this.sizes.bytes;
    const from = at + LENGTH_BYTES;
    return new TextDecoder().decode(this.bytes.slice(from, from + this.bytes[at] + (this.bytes[at + 1] << 8)));
  }
}
