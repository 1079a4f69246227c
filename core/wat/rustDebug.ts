/**
 * The error of wasm-tools is the Rust debug form of its error value, for example
 *
 *     Error { kind: Wast(Error { inner: ErrorInner { text: Some(Text { line: 1, col: 23, snippet: "  (func $f foo)" }),
 *       file: None, span: Span { offset: 31 }, kind: Custom("unknown operator or unexpected token") } }) }
 *
 * The snippet is the user's own line and can contain anything, including this very form, so quotes are respected. Only
 * `offset` is exact, in bytes of the text in UTF-8: the column counts characters after tabs are replaced by four spaces.
 */

import { hasUnseen } from '../harmless/invisible.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';

/** An error of wasm-tools. */
export interface ParseFailure {
  /** Offset in bytes of the text in UTF-8; undefined if the error has no place. */
  byteOffset: number | undefined;
  /** What is wrong, without a full stop. */
  message: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.|\\u\{[0-9a-f]+\})'|[A-Za-z_]\w*|\d+|[^\s]/gy;

/** Reads the debug form of an error; the whole text is the message if it has an unknown form. */
export function readRustDebug(text: string): ParseFailure {
  const tokens = tokensOf(text);
  const span = find(tokens, ['span', ':', 'Span', '{', 'offset', ':']);
  const byteOffset = span === -1 ? undefined : Number(tokens[span]);
  const kind = find(tokens, ['kind', ':'], span === -1 ? 0 : span);
  const message = kind === -1 ? undefined : kindText(tokens.slice(kind));
  return { byteOffset: Number.isSafeInteger(byteOffset) ? byteOffset : undefined, message: message ?? text };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match !== null) tokens.push(match[0]);
    else TOKEN.lastIndex = at + 1;
  }
  return tokens;
}

/** Position after the first occurrence of the tokens `wanted` from `from` on, -1 if there is none. */
function find(tokens: readonly string[], wanted: readonly string[], from = 0): number {
  for (let at = from; at + wanted.length <= tokens.length; at++) {
    if (wanted.every((token, i) => tokens[at + i] === token)) return at + wanted.length;
  }
  return -1;
}

/** Sentences for the kinds of errors that have none; `{0}` is their argument. */
const LEX: Readonly<Record<string, Message>> = {
  DanglingBlockComment: message('the block comment does not end'),
  Unexpected: message('unexpected character {0}'),
  UnexpectedEof: message('the text ends inside a token'),
  InvalidStringElement: message('{0} must be escaped in a string'),
  InvalidStringEscape: message('unknown escape {0}'),
  InvalidHexDigit: message('{0} is not a hexadecimal digit'),
  InvalidDigit: message('{0} is not a digit'),
  InvalidUnicodeValue: message('{0} is not a Unicode scalar value'),
  InvalidUtf8: message('the string is not valid UTF-8'),
  InvalidUtf8Id: message('the identifier is not valid UTF-8'),
  EmptyId: message('the identifier is empty'),
  EmptyAnnotationId: message('the annotation has no name'),
  LoneUnderscore: message('an underscore must be between digits'),
  ConfusingUnicode: message('the character {0} changes the direction of text and is not allowed'),
  NumberTooBig: message('the number is too large'),
};

/** `Custom("...")`, `Lex(Unexpected('x'))`, or some other value as words. */
function kindText(tokens: readonly string[]): string | undefined {
  const [name, open, ...rest] = tokens;
  if (name === 'Custom' && open === '(') return unquoted(rest[0]);
  if (name !== 'Lex' || open !== '(') return undefined;
  const [lex, bracket, argument] = rest;
  if (lex === 'Expected') {
    const [wanted, found] = rest.filter((token) => /^['"]/.test(token)).map((token) => readable(unquoted(token)));
    return t('expected {0}, found {1}', wanted, found);
  }
  const has = bracket === '(' && argument !== undefined;
  const words = LEX[lex];
  if (words === undefined) return lex.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return translated(words, has ? readable(unquoted(argument)) : '');
}

/** Contents of a Rust string or character literal. */
function unquoted(literal: string): string {
  if (!/^['"]/.test(literal)) return literal;
  return literal
    .slice(1, -1)
    .replace(/\\(?:u\{([0-9a-f]+)\}|(.))/gs, (_, hex: string | undefined, char: string | undefined) =>
      hex === undefined
        ? (ESCAPES[char as string] ?? (char as string))
        : String.fromCodePoint(Number.parseInt(hex, 16)),
    );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0' };

/** A character if it is visible, else its number. */
function readable(text: string): string {
  const code = text.codePointAt(0) ?? 0;
  const visible = text !== '' && !/^[\p{C}\p{Z}]/u.test(text) && !hasUnseen(text);
  return visible ? `\`${text}\`` : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
