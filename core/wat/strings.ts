/** The values of strings and identifiers, with escapes decoded. */
import { decodeLossy } from '../wasm/cursor.ts';
import type { WatName } from './model.ts';

const ESCAPES: Readonly<Record<string, number>> = {
  t: 0x09,
  n: 0x0a,
  r: 0x0d,
  '"': 0x22,
  "'": 0x27,
  '\\': 0x5c,
};

const encoder = new TextEncoder();

/**
 * Value of the string token `[start, end)`, which includes the quotes; the closing one may be missing. Escapes give
 * bytes, which are decoded as UTF-8 like the names of a binary; a malformed escape is kept literally.
 */
export function decodeString(text: string, start: number, end: number): string {
  const closed = end - start > 1 && text[end - 1] === '"';
  const inner = text.slice(start + 1, closed ? end - 1 : end);
  if (!inner.includes('\\')) return inner;
  const bytes: number[] = [];
  const pattern = /\\u\{([0-9a-fA-F_]{1,12})\}|\\([0-9a-fA-F]{2})|\\([tnr"'\\])|[^\\]+|\\/g;
  for (const [whole, unicode, hex, simple] of inner.matchAll(pattern)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (simple !== undefined) bytes.push(ESCAPES[simple]);
    else
      for (const byte of encoder.encode(unicode === undefined ? whole : characterOf(unicode, whole))) bytes.push(byte);
  }
  return decodeLossy(Uint8Array.from(bytes));
}

function characterOf(hex: string, whole: string): string {
  const code = Number.parseInt(hex.replaceAll('_', ''), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** Name of the identifier token `[start, end)`: `$a` and `$"a"` are both `a`. */
export function nameOfId(text: string, start: number, end: number): WatName {
  const quoted = text[start + 1] === '"';
  return { text: quoted ? decodeString(text, start + 1, end) : text.slice(start + 1, end), start, end };
}
