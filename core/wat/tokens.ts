/**
 * The lexer of the WebAssembly text format. It never throws: invalid characters become stray tokens, and strings end
 * at the end of the line at the latest. Comments and annotations give no tokens; comments that suppress findings are
 * collected.
 *
 * Source: https://webassembly.github.io/spec/core/text/lexical.html
 */
import { t } from '../text/l10n.ts';
import { ignoreIn } from './ignores.ts';
import { type IgnoreComment, TokenKind, type Tokens, type WatError } from './model.ts';
import { HASH_PRIME, HASH_SEED, wordAt } from './words.ts';

/** Tokens, suppressing comments and lexical errors of a text. */
export interface Lexed {
  tokens: Tokens;
  ignores: IgnoreComment[];
  errors: WatError[];
}

/** Classes of characters. */
const C = { Stray: 0, Space: 1, Open: 2, Close: 3, Quote: 4, Semicolon: 5, Id: 6, Letter: 7, Digit: 8, Dollar: 9 };

const CLASS = new Uint8Array(128);
for (const c of ' \t\n\r') CLASS[c.charCodeAt(0)] = C.Space;
for (const c of "!#%&'*./:<=>?@\\^_`|~ABCDEFGHIJKLMNOPQRSTUVWXYZ") CLASS[c.charCodeAt(0)] = C.Id;
for (const c of 'abcdefghijklmnopqrstuvwxyz') CLASS[c.charCodeAt(0)] = C.Letter;
for (const c of '0123456789+-') CLASS[c.charCodeAt(0)] = C.Digit;
CLASS['('.charCodeAt(0)] = C.Open;
CLASS[')'.charCodeAt(0)] = C.Close;
CLASS['"'.charCodeAt(0)] = C.Quote;
CLASS[';'.charCodeAt(0)] = C.Semicolon;
CLASS['$'.charCodeAt(0)] = C.Dollar;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const SEMICOLON = 0x3b;
const AT = 0x40;
const BACKSLASH = 0x5c;

const classAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < 128 ? CLASS[code] : C.Stray;
};

/**
 * Number of unterminated comments and annotations whose end is searched to the end of the text. Without a bound that
 * would take quadratic time; later ones end on their line.
 */
const MOST_UNCLOSED = 8;

/** Splits a text into tokens in linear time. Never throws. */
export function lex(text: string): Lexed {
  const length = text.length;
  // Text has about one token every four characters; the arrays grow for denser text.
  let capacity = (length >> 2) + 64;
  let kinds = new Uint8Array(capacity);
  let starts = new Uint32Array(capacity);
  let ends = new Uint32Array(capacity);
  let words = new Int16Array(capacity);
  let count = 0;
  const ignores: IgnoreComment[] = [];
  const errors: WatError[] = [];
  let unclosed = 0;
  let at = 0;
  while (at < length) {
    const start = at;
    const code = text.charCodeAt(at);
    let kind: number = TokenKind.Stray;
    let word = -1;
    switch (code < 128 ? CLASS[code] : C.Stray) {
      case C.Space:
        at++;
        continue;
      case C.Open: {
        const next = text.charCodeAt(at + 1);
        if (next === SEMICOLON || next === AT) {
          const find = next === AT ? annotationEnd : blockCommentEnd;
          at = unclosed < MOST_UNCLOSED ? find(text, start, length) : -1;
          if (at < 0) {
            // Better to lose the rest of the line than the rest of the text.
            const line = lineEnd(text, start);
            at = find(text, start, line);
            if (at < 0) {
              unclosed++;
              const what = next === AT ? t('this annotation is never closed') : t('this comment is never closed');
              addError(errors, start, start + 2, what);
              at = line;
            }
          }
          continue;
        }
        at++;
        kind = TokenKind.Open;
        break;
      }
      case C.Close:
        at++;
        kind = TokenKind.Close;
        break;
      case C.Letter: {
        let hash = HASH_SEED;
        let c = code;
        do {
          hash = Math.imul(hash ^ c, HASH_PRIME);
          c = text.charCodeAt(++at);
        } while (c < 128 && CLASS[c] >= C.Id);
        kind = TokenKind.Word;
        word = wordAt(text, start, at, hash);
        break;
      }
      case C.Digit:
        at = wordEnd(text, at + 1);
        kind = TokenKind.Number;
        break;
      case C.Dollar:
        kind = TokenKind.Id;
        if (text.charCodeAt(at + 1) === QUOTE) at = stringEnd(text, at + 1, length, errors);
        else at = wordEnd(text, at + 1);
        break;
      case C.Id:
        at = wordEnd(text, at + 1);
        kind = TokenKind.Word;
        break;
      case C.Quote:
        at = stringEnd(text, at, length, errors);
        kind = TokenKind.String;
        break;
      case C.Semicolon:
        if (text.charCodeAt(at + 1) === SEMICOLON) {
          at = lineEnd(text, at + 2);
          const ignore = ignoreIn(text, start, at);
          if (ignore !== undefined) ignores.push(ignore);
          continue;
        }
        at++;
        break;
      default:
        do at++;
        while (at < length && classAt(text, at) === C.Stray);
    }
    if (count === capacity) {
      capacity *= 2;
      kinds = grown(kinds, new Uint8Array(capacity));
      starts = grown(starts, new Uint32Array(capacity));
      ends = grown(ends, new Uint32Array(capacity));
      words = grown(words, new Int16Array(capacity));
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count] = at;
    words[count] = word;
    count++;
  }
  // Copies of the right size: sending a view to another thread would copy its whole buffer.
  const tokens: Tokens = {
    count,
    kind: kinds.slice(0, count),
    start: starts.slice(0, count),
    end: ends.slice(0, count),
    word: words.slice(0, count),
  };
  return { tokens, ignores, errors };
}

function grown<T extends Uint8Array | Uint32Array | Int16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && classAt(text, at) >= C.Id) at++;
  return at;
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE || code === RETURN) break;
    at++;
  }
  return at;
}

/** End of the string whose opening quote is at `from`; it stops before a line break. */
function stringEnd(text: string, from: number, length: number, errors: WatError[] | undefined): number {
  for (let at = from + 1; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === NEWLINE || code === RETURN) {
      addError(errors, from, at, unclosedString());
      return at;
    }
    // An escaped character may be a quote, but never a line break.
    if (code === BACKSLASH) {
      const next = text.charCodeAt(at + 1);
      if (next === QUOTE || next === BACKSLASH) at++;
    }
  }
  addError(errors, from, length, unclosedString());
  return length;
}

/** Most lexical errors that are kept. */
const MOST_ERRORS = 100;
const unclosedString = (): string => t('this string is never closed');

function addError(errors: WatError[] | undefined, start: number, end: number, message: string): void {
  if (errors !== undefined && errors.length < MOST_ERRORS) errors.push({ start, end, message });
}

/** End of the block comment that opens at `from`, including nested ones; -1 if it does not end before `length`. */
function blockCommentEnd(text: string, from: number, length: number): number {
  let depth = 0;
  for (let at = from; at + 1 < length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN && text.charCodeAt(at + 1) === SEMICOLON) {
      depth++;
      at++;
    } else if (code === SEMICOLON && text.charCodeAt(at + 1) === CLOSE) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** End of the annotation `(@name ...)` that opens at `from`; -1 if it does not end before `length`. */
function annotationEnd(text: string, from: number, length: number): number {
  let depth = 0;
  let at = from;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at, length, undefined);
      continue;
    }
    if (code === SEMICOLON && text.charCodeAt(at + 1) === SEMICOLON) {
      at = lineEnd(text, at);
      continue;
    }
    if (code === OPEN && text.charCodeAt(at + 1) === SEMICOLON) {
      at = blockCommentEnd(text, at, length);
      if (at < 0) return -1;
      continue;
    }
    at++;
    if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) return at;
  }
  return -1;
}
