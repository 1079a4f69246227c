/** Pieces of byte sequences and texts, as fuzzing cuts them and puts them together. */
const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/** The parts one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** `bytes` with `insert` in place of `[from, to)`. */
export const spliced = (bytes: Uint8Array, from: number, to: number, insert: Uint8Array): Uint8Array =>
  joined([bytes.subarray(0, from), insert, bytes.subarray(to)]);

/** The text of an input; what is not UTF-8 becomes U+FFFD. */
export const textOfInput = (input: Uint8Array): string => DECODER.decode(input);

/** The input of a text. */
export const inputOfText = (text: string): Uint8Array => ENCODER.encode(text);
