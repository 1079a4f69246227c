/** Converts offsets of a text from UTF-8 bytes to UTF-16 code units. */

/**
 * The UTF-16 offset of byte `byteOffset` of the text in UTF-8; the end of the text if it is beyond. An unpaired
 * surrogate counts as three bytes, as `TextEncoder` writes it.
 */
export function utf16OffsetOf(text: string, byteOffset: number): number {
  let bytes = 0;
  let at = 0;
  while (at < text.length && bytes < byteOffset) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isPair(text, at)) {
      bytes += 4;
      at++;
    } else bytes += 3;
    at++;
  }
  return at;
}

function isPair(text: string, at: number): boolean {
  if ((text.charCodeAt(at) & 0xfc00) !== 0xd800 || at + 1 >= text.length) return false;
  return (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}
