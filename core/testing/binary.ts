/** Builds binaries byte by byte, for what the text format cannot express. */

/** Magic number and version of a module. */
export const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Unsigned LEB128, padded to at least `width` bytes. */
export function leb(value: number, width = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest % 128);
    rest = Math.floor(rest / 128);
  } while (rest > 0 || bytes.length < width);
  return bytes.map((byte, i) => (i < bytes.length - 1 ? byte | 0x80 : byte));
}

/** A section with the given id and contents. */
export const section = (id: number, contents: readonly number[]): number[] => [
  id,
  ...leb(contents.length),
  ...contents,
];

/** A vector: its count, then its items. */
export const vec = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];

/** A module: the header, then `parts`. */
export const binary = (...parts: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([...HEADER, ...parts.flat()]);

/**
 * A module with one memory and one function `() -> ()`, exported as `f`, with the given instructions (without the last
 * `end`).
 */
export function moduleOf(instructions: readonly number[], locals: readonly number[] = [0]): Uint8Array {
  const body = [...locals, ...instructions, 0x0b];
  return binary(
    section(1, vec([[0x60, 0, 0]])),
    section(3, vec([[0]])),
    section(5, vec([[0, 1]])),
    section(7, vec([[1, 0x66, 0, 0]])),
    section(10, vec([[...leb(body.length), ...body]])),
  );
}
