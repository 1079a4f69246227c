/** Reads the encodings of DWARF from a section. */
import { t } from '../../text/l10n.ts';
import { decodeLossy } from '../../wasm/cursor.ts';

/** A section with debug information: its name and its contents. Offsets are relative to the contents. */
export interface DebugSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Why a part of a section cannot be read. It does not leave the reader: it becomes a problem. */
export class DwarfFailure extends Error {
  readonly section: string;
  readonly offset: number;
  constructor(message: string, section: string, offset: number) {
    super(message);
    this.section = section;
    this.offset = offset;
  }
}

/** Longest name or path that is read, in bytes: mangled names have some thousand at most. */
const LONGEST = 8192;

/** Digits of LEB128 from here on are padding: they are beyond 64 bits. */
const TOO_LARGE = 2 ** 64;

/** Size of an offset that a unit announces by this length: eight bytes instead of four. */
const LENGTH_64 = 0xffffffff;
const FIRST_RESERVED_LENGTH = 0xfffffff0;

/**
 * A position in `[pos, end)` of a section. Numbers of 64 bits are rounded where they are not safe integers: no valid
 * size or address of a module is as large.
 * @throws DwarfFailure from every method that meets the end
 */
export class DwarfReader {
  readonly section: DebugSection;
  readonly bytes: Uint8Array;
  pos: number;
  end: number;

  constructor(section: DebugSection, pos = 0, end = section.bytes.length) {
    this.section = section;
    this.bytes = section.bytes;
    this.end = Math.min(end, section.bytes.length);
    this.pos = pos;
    if (!(pos >= 0 && pos <= this.end)) this.fail(t('offset {0} is outside of the section', pos), pos);
  }

  fail(message: string, offset = this.pos): never {
    throw new DwarfFailure(message, this.section.name, offset);
  }

  atEnd(): boolean {
    return this.pos >= this.end;
  }

  skip(size: number): void {
    if (!(size <= this.end - this.pos)) this.fail(t('unexpected end'));
    this.pos += size;
  }

  u8(): number {
    if (this.pos >= this.end) this.fail(t('unexpected end'));
    return this.bytes[this.pos++];
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    this.skip(2);
    return this.bytes[this.pos - 2] | (this.bytes[this.pos - 1] << 8);
  }

  u24(): number {
    return this.u16() | (this.u8() << 16);
  }

  u32(): number {
    this.skip(4);
    const { bytes, pos } = this;
    return (bytes[pos - 4] | (bytes[pos - 3] << 8) | (bytes[pos - 2] << 16) | (bytes[pos - 1] << 24)) >>> 0;
  }

  u64(): number {
    const low = this.u32();
    return this.u32() * 2 ** 32 + low;
  }

  /** A number of 1, 2, 3, 4 or 8 bytes, such as an address. */
  sized(size: number): number {
    switch (size) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 3:
        return this.u24();
      case 4:
        return this.u32();
      case 8:
        return this.u64();
      default:
        return this.fail(t('numbers of {0} bytes are not supported', size));
    }
  }

  /** Unsigned LEB128 of any length. */
  uleb(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let scale = 128; ; scale *= 128) {
      byte = this.u8();
      if (scale < TOO_LARGE) value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** Signed LEB128 of any length. */
  sleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      if (scale < TOO_LARGE) value += (byte & 0x7f) * scale;
      if (byte < 0x80) return byte & 0x40 && scale < TOO_LARGE ? value - scale * 128 : value;
    }
  }

  /** Skips a LEB128. */
  leb(): void {
    while (this.u8() >= 0x80);
  }

  /** A text that a zero byte ends; cut if it is very long. */
  text(): string {
    const start = this.pos;
    this.skipText();
    return this.#textAt(start, Math.min(this.pos - 1, start + LONGEST));
  }

  /** The text at the position, without a search for its end beyond what is kept; the reader stays. */
  peekText(): string {
    const most = Math.min(this.end, this.pos + LONGEST);
    const length = this.bytes.subarray(this.pos, most).indexOf(0);
    return this.#textAt(this.pos, length === -1 ? most : this.pos + length);
  }

  skipText(): void {
    const length = this.bytes.subarray(this.pos, this.end).indexOf(0);
    if (length === -1) this.fail(t('the text does not end'));
    this.pos += length + 1;
  }

  #textAt(start: number, end: number): string {
    // A copy, since TextDecoder refuses shared memory in browsers.
    return decodeLossy(this.bytes.slice(start, end));
  }

  /** Length of a unit, and the size of offsets in it. The unit must fit into the section. */
  unitLength(): { length: number; offsetSize: 4 | 8 } {
    const start = this.pos;
    const short = this.u32();
    if (short >= FIRST_RESERVED_LENGTH && short !== LENGTH_64) this.fail(t('the length is a reserved one'), start);
    const length = short === LENGTH_64 ? this.u64() : short;
    if (length > this.end - this.pos) {
      this.fail(
        t('a unit of {0} bytes does not fit into the {1} bytes that are left', length, this.end - this.pos),
        start,
      );
    }
    return { length, offsetSize: short === LENGTH_64 ? 8 : 4 };
  }
}
