/**
 * A reading position in a byte range. Methods throw `DecodeFailure`, which does not leave the decoder: it is caught at
 * the boundary of a section or a body and becomes a `DecodeError`.
 */

import { type Message, t, translated } from '../text/l10n.ts';

/** Why reading stopped and at which byte offset. */
export class DecodeFailure extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Implementation limit of V8 and SpiderMonkey for every vector of a module; bounds memory on hostile counts. */
export const MAX_ITEMS = 1_000_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads the encodings of the binary format from `[pos, end)` of `bytes`.
 * @throws DecodeFailure from every method that meets malformed bytes or the end.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  pos: number;
  readonly end: number;

  constructor(bytes: Uint8Array, pos: number, end: number) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
  }

  fail(message: string, offset = this.pos): never {
    throw new DecodeFailure(offset, message);
  }

  atEnd(): boolean {
    return this.pos >= this.end;
  }

  u8(): number {
    if (this.pos >= this.end) this.fail(t('unexpected end'));
    return this.bytes[this.pos++];
  }

  peek(): number {
    if (this.pos >= this.end) this.fail(t('unexpected end'));
    return this.bytes[this.pos];
  }

  /** Unsigned LEB128 of at most 32 bits; padded forms of up to five bytes are allowed. */
  u32(): number {
    const start = this.pos;
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = this.u8();
      if (shift === 28 && byte > 0x0f)
        this.fail(byte > 0x7f ? t('integer representation too long') : t('integer too large'), start);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail(t('integer representation too long'), start);
  }

  /** Unsigned LEB128 of at most 64 bits. */
  u64(): bigint {
    const start = this.pos;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      if (shift === 63n && byte > 1) this.fail(t('integer too large'), start);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return this.fail(t('integer representation too long'), start);
  }

  /** Signed LEB128 of at most 33 bits (heap and block types). */
  s33(): number {
    const start = this.pos;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 5; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return byte & 0x40 ? value - scale : value;
    }
    return this.fail(t('integer representation too long'), start);
  }

  /**
   * Count of a vector whose items take at least `itemSize` bytes. A count that cannot fit is an
   * error before anything is allocated for it.
   */
  count(what: Message, itemSize = 1, most = MAX_ITEMS): number {
    const offset = this.pos;
    const count = this.u32();
    if (count * itemSize > this.end - this.pos)
      this.fail(t('{0} {1} do not fit into {2} bytes', count, translated(what), this.end - this.pos), offset);
    if (count > most) this.fail(t('{0} {1} are over the limit of {2}', count, translated(what), most), offset);
    return count;
  }

  /** Skips `size` bytes. */
  skip(size: number): void {
    if (size > this.end - this.pos) this.fail(t('unexpected end'));
    this.pos += size;
  }

  /** A name: its length, then UTF-8. */
  name(): string {
    const size = this.u32();
    const start = this.pos;
    this.skip(size);
    try {
      // A copy, since TextDecoder refuses shared memory in browsers.
      return utf8.decode(this.bytes.slice(start, start + size));
    } catch {
      return this.fail('malformed UTF-8 encoding', start);
    }
  }
}

/** UTF-8 text with replacement characters for malformed bytes. */
export const decodeLossy = (bytes: Uint8Array): string => utf8Lossy.decode(bytes);
