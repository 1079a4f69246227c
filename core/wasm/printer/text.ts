/**
 * Strings of the text format: names, data, identifiers, comments. Everything that may be invisible is escaped, because
 * names come from untrusted files and parsers refuse bidirectional control characters even in comments.
 *
 * Source: https://webassembly.github.io/spec/core/text/values.html
 */

import { hasUnseen } from '../../harmless/invisible.ts';

/** Longest name in an identifier or comment, in UTF-16 code units; longer names are cut. */
export const MAX_NAME = 500;

const PLAIN_ID = /^[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]+$/;
const PRINTABLE_ASCII = /^[ !#-[\]-~]*$/;

/** How each byte is written inside a string. */
const BYTE_TEXT: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x22) return '\\"';
  if (byte === 0x5c) return '\\\\';
  if (byte === 0x0a) return '\\n';
  if (byte === 0x09) return '\\t';
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\${byte.toString(16).padStart(2, '0')}`;
});

/** Characters with a glyph, as far as Unicode knows. */
const isVisible = (character: string): boolean =>
  /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character) && !hasUnseen(character);

function isLoneSurrogate(character: string): boolean {
  const unit = character.charCodeAt(0);
  return character.length === 1 && unit >= 0xd800 && unit <= 0xdfff;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return BYTE_TEXT[code];
  if (isLoneSurrogate(character)) return '\\u{fffd}';
  return isVisible(character) ? character : `\\u{${code.toString(16)}}`;
}

/** A name as a string literal with its quotes. */
export function quoteName(name: string): string {
  if (PRINTABLE_ASCII.test(name)) return `"${name}"`;
  let text = '';
  for (const character of name) text += escapeCharacter(character);
  return `"${text}"`;
}

/** Bytes `[start, end)` as a string literal with its quotes. */
export function quoteBytes(bytes: Uint8Array, start: number, end: number): string {
  let text = '"';
  for (let at = start; at < end; at++) text += BYTE_TEXT[bytes[at]];
  return `${text}"`;
}

/** `$name`, quoted where the name is not a plain identifier. The name must not be empty. */
export function identifier(name: string): string {
  return PLAIN_ID.test(name) ? `$${name}` : `$${quoteName(name)}`;
}

/** A name cut to `MAX_NAME`. Idempotent. */
export function shortenName(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const cut = name.slice(0, MAX_NAME - 3);
  const last = cut.charCodeAt(cut.length - 1);
  // Not in the middle of a surrogate pair.
  return `${last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut}...`;
}

/** Text for a `;;` comment: on one line, cut to length, with nothing invisible. */
export function commentText(text: string): string {
  let result = '';
  for (const character of shortenName(text)) {
    result += (character < '\u0080' ? character >= ' ' && character !== '\u007f' : isVisible(character))
      ? character
      : '?';
  }
  return result;
}
