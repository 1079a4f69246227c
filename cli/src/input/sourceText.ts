/** Decodes the bytes of a source, and tells scripts of several modules from single modules. */
import type { CheckError } from '../../../core/report/checkedModule.ts';
import { sourcePlace } from '../../../core/report/sourcePlace.ts';

/** The text without its byte order mark, or an error at the first byte that is not UTF-8. */
export function sourceText(bytes: Uint8Array): { text: string } | { error: CheckError } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const before = validPrefix(bytes);
    const place = sourcePlace(before, before.length);
    return { error: { ...place, offset: byteOffsetOf(bytes, before, before.length), message: 'not valid UTF-8' } };
  }
}

/** The text before the first wrong byte. */
function validPrefix(bytes: Uint8Array): string {
  const decoded = (length: number): string =>
    // `stream`: a character that is cut at the end is not an error yet.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
  let valid = 0;
  for (let wrong = bytes.length + 1; wrong - valid > 1; ) {
    const middle = (valid + wrong) >>> 1;
    try {
      decoded(middle);
      valid = middle;
    } catch {
      wrong = middle;
    }
  }
  return decoded(valid);
}

const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Byte offset in the file of character `at` of the text. */
export const byteOffsetOf = (bytes: Uint8Array, text: string, at: number): number =>
  Buffer.byteLength(text.slice(0, at)) + (hasMark(bytes) ? 3 : 0);

/** A command at the start of a line, or a module of the kinds that only scripts have. */
const COMMAND = /^[ \t]*\(\s*(?:assert_\w+|register|invoke|thread|wait|module\s+(?:definition|instance))\b/m;

/**
 * Whether the text is a script: its file's name tells, and where that does not (standard input), two
 * modules or a command do.
 */
export function isScriptFile(file: string, text: string, modules: () => number): boolean {
  if (/\.wast$/i.test(file)) return true;
  if (/\.wat$/i.test(file)) return false;
  return COMMAND.test(text) || modules() > 1;
}
