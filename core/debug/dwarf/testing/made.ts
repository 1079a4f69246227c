/** Modules with debug sections made by hand, and the parts that they are made of. */
import { Encoder } from '../../../wasm/encoder.ts';

/** Contents of a section: bytes, and texts that a zero byte ends. */
export type Part = number | string | readonly Part[];

/** The bytes of parts. A number is a byte. */
function bytesOf(parts: readonly Part[], out: number[] = []): number[] {
  for (const part of parts) {
    if (typeof part === 'number') out.push(part & 0xff);
    else if (typeof part === 'string') out.push(...new TextEncoder().encode(part), 0);
    else bytesOf(part, out);
  }
  return out;
}

/** A number of 16, 32 or 64 bits. */
export const half = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
export const word = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
export const long = (value: number): number[] => [...word(value), ...word(Math.floor(value / 2 ** 32))];

/** An unsigned LEB128. */
export function leb(value: number): number[] {
  const out = new Encoder();
  out.u32(value);
  return [...out.bytes()];
}

/** What follows, with its length in four bytes before it. */
export const sized = (...parts: readonly Part[]): number[] => {
  const bytes = bytesOf(parts);
  return word(bytes.length).concat(bytes);
};

/** A block whose length is one byte. */
export const block = (...parts: readonly Part[]): number[] => {
  const bytes = bytesOf(parts);
  return [bytes.length].concat(bytes);
};

/**
 * A module with one memory, an immutable global of 4096, a mutable one, and two functions without locals, whose bodies
 * begin at addresses 2 and 7 and end before 6 and 11.
 */
export function madeModule(sections: Readonly<Record<string, readonly Part[]>>): Uint8Array {
  const out = new Encoder();
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) out.u8(byte);
  const section = (id: number, ...bytes: readonly number[]): void => {
    const body = new Encoder();
    body.copy(Uint8Array.from(bytes));
    out.section(id, body);
  };
  section(1, 1, 0x60, 0, 0);
  section(3, 2, 0, 0);
  section(5, 1, 0, 1);
  section(6, 2, 0x7f, 0, 0x41, 0x80, 0x20, 0x0b, 0x7f, 1, 0x41, 0, 0x0b);
  section(10, 2, 4, 0, 0x01, 0x01, 0x0b, 4, 0, 0x01, 0x01, 0x0b);
  for (const [name, parts] of Object.entries(sections)) {
    const body = new Encoder();
    body.name(name);
    body.copy(Uint8Array.from(bytesOf(parts)));
    out.section(0, body);
  }
  return out.bytes();
}

/** Entries of one unit of version 4 with language C, and their abbreviations. */
export const madeInfo = (
  abbreviations: readonly Part[],
  ...entries: readonly Part[]
): Record<string, readonly Part[]> => madeInfoIn(0x0c, abbreviations, entries);

/** The same in another language. */
export const madeInfoIn = (
  language: number,
  abbreviations: readonly Part[],
  entries: readonly Part[],
): Record<string, readonly Part[]> => ({
  '.debug_abbrev': [ROOT, abbreviations, 0],
  '.debug_info': [sized(half(4), word(0), 4, 1, half(language), entries, 0)],
});

/** The first entry: code 1, `DW_TAG_compile_unit` with children and `DW_AT_language` in two bytes. */
const ROOT: readonly number[] = [1, 0x11, 1, 0x13, 0x05, 0, 0];
