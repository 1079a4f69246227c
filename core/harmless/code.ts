/** Names and sentences from a module inside generated code: string literals and comments that nothing can end early. */
import { hasUnseen } from './invisible.ts';
import { shorten } from './names.ts';

/** Letters, digits, and the printable part of ASCII, if they can be seen; everything else is written as an escape. */
const PLAIN = /^[\p{L}\p{N} -~]$/u;

function escaped(text: string, special: ReadonlyMap<string, string>, code: (point: number) => string): string {
  let out = '';
  for (const character of text) {
    const known = special.get(character);
    if (known !== undefined) out += known;
    else out += PLAIN.test(character) && !hasUnseen(character) ? character : code(character.codePointAt(0) ?? 0);
  }
  return out;
}

const hex = (point: number, digits: number): string => point.toString(16).padStart(digits, '0');

/** What literals in double quotes have short escapes for. */
const QUOTED: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
]);

/** An interpreted string literal of Go. */
export const goString = (text: string): string =>
  `"${escaped(text, QUOTED, (point) =>
    point < 0x80 ? `\\x${hex(point, 2)}` : point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`,
  )}"`;

/** A string literal of Rust. */
export const rustString = (text: string): string => `"${escaped(text, QUOTED, (point) => `\\u{${hex(point, 1)}}`)}"`;

/** A string literal of Python, in double quotes; a quote inside is written as an escape, so that no formatter prefers single ones. */
export const pyString = (text: string): string =>
  `"${escaped(
    text,
    new Map([
      ['"', '\\x22'],
      ['\\', '\\\\'],
      ['\n', '\\n'],
    ]),
    (point) => (point < 0x100 ? `\\x${hex(point, 2)}` : point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`),
  )}"`;

/** In single quotes; a quote inside is written as an escape, so that no formatter prefers the other kind. */
export const tsString = (text: string): string =>
  `'${escaped(
    text,
    new Map([
      ["'", '\\u0027'],
      ['\\', '\\\\'],
      ['\n', '\\n'],
    ]),
    (point) => `\\u{${hex(point, 1)}}`,
  )}'`;

/** A string literal of C with the bytes of `text` in UTF-8; those that are not plain ASCII are octal escapes. */
export function cString(text: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    // A question mark could begin a trigraph.
    if (character === '"' || character === '\\' || character === '?') out += `\\${character}`;
    else if (character === '\n') out += '\\n';
    else if (byte >= 0x20 && byte < 0x7f) out += character;
    else out += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${out}"`;
}

/** Characters of a name in a comment. */
const MAX_NAME = 60;

/**
 * A name in a comment, in quotes. What ends a block comment, what gofmt takes for markup, and what breaks or reorders
 * a line is written as an escape.
 */
export function nameInComment(name: string): string {
  const special = new Map([...'`\'*\\"<>{}'].map((one) => [one, `\\u${hex(one.charCodeAt(0), 4)}`] as const));
  return `"${shorten(
    escaped(shorten(name, 4 * MAX_NAME), special, (point) => `\\u{${hex(point, 1)}}`),
    MAX_NAME,
  )}"`;
}

/** Characters of a sentence, which can contain names of the module. */
const MAX_SENTENCE = 600;

/** How a language writes comments that end with their line. */
export interface CommentStyle {
  mark: string;
  /** Columns of the text of a line. */
  width: number;
}

/** The style of C, Go, Rust and TypeScript. */
const SLASHES: CommentStyle = { mark: '//', width: 100 };

/** Sentences as lines of a comment, `//` and 100 columns unless given; an empty sentence is an empty line. */
export function commentLines(sentences: readonly string[], indent = '', style = SLASHES): string[] {
  return sentences.flatMap((sentence) =>
    wrapped(printable(sentence), style.width).map((line) => `${indent}${style.mark} ${line}`.trimEnd()),
  );
}

function printable(sentence: string): string {
  const text = escaped(
    shorten(sentence, MAX_SENTENCE),
    new Map([
      ['\n', ' '],
      ['\t', ' '],
    ]),
    (point) => `\\u{${hex(point, 1)}}`,
  );
  return text.replace(/\*\//g, '* /');
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (lines[last] !== '' && lines[last].length + 1 + word.length > width) lines.push(word);
    else lines[last] += lines[last] === '' ? word : ` ${word}`;
  }
  return lines;
}
