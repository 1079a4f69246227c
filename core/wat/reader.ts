/** State of one reading, and the small questions that all parts of the reader ask of the tokens. */
import { createInstructionList, type InstructionList } from './instructionList.ts';
import { type Span, TokenKind, type WatError, type WatName } from './model.ts';
import type { ModuleDraft } from './moduleDraft.ts';
import { nameOfId } from './strings.ts';
import type { Lexed } from './tokens.ts';
import { fieldBit, isField, isScript, Keyword } from './words.ts';

/** Bounds what a hopeless text can make of errors; the first ones say enough. */
const MAX_ERRORS = 1000;

/**
 * Parts of the reader are functions of a reader and the index of a token; they return the index of
 * the first token that is not theirs.
 */
export interface Reader {
  text: string;
  count: number;
  kind: Uint8Array;
  start: Uint32Array;
  end: Uint32Array;
  word: Int16Array;
  errors: WatError[];
  /** By opening parenthesis: the token that closes it if nothing is missing, else -1. */
  partner: Int32Array;
  list: InstructionList;
  modules: ModuleDraft[];
  /** Errors of the module or function being read, those beyond `MAX_ERRORS` included. */
  errorCount: number;
}

export function createReader(text: string, lexed: Lexed): Reader {
  const { count, kind, start, end, word } = lexed.tokens;
  const list = createInstructionList(count);
  const partner = partnersOf(count, kind);
  return { text, count, kind, start, end, word, errors: lexed.errors, partner, list, modules: [], errorCount: 0 };
}

function partnersOf(count: number, kind: Uint8Array): Int32Array {
  const partner = new Int32Array(count).fill(-1);
  // The chain of open parentheses runs through the entries that have no partner yet.
  let innermost = -1;
  for (let token = 0; token < count; token++) {
    if (kind[token] === TokenKind.Open) {
      partner[token] = innermost;
      innermost = token;
    } else if (kind[token] === TokenKind.Close && innermost >= 0) {
      const outer = partner[innermost];
      partner[innermost] = token;
      innermost = outer;
    }
  }
  while (innermost >= 0) {
    const outer = partner[innermost];
    partner[innermost] = -1;
    innermost = outer;
  }
  return partner;
}

/**
 * Token after the form that opens at `open`; `open` itself when it is never closed. Where a parenthesis is
 * missing inside, that of an outer form is taken.
 */
export const afterForm = (r: Reader, open: number): number => (r.partner[open] < 0 ? open : r.partner[open] + 1);

export function addError(r: Reader, start: number, end: number, message: string): void {
  r.errorCount++;
  if (r.errors.length < MAX_ERRORS) r.errors.push({ start, end, message });
}

/** An error on a token, at the end of the text when there is none any more. */
export function errorAt(r: Reader, token: number, message: string): void {
  if (token < r.count) addError(r, r.start[token], r.end[token], message);
  else addError(r, r.text.length, r.text.length, message);
}

/** `(` and the word after it; the parenthesis alone when none follows. */
export function errorAtForm(r: Reader, open: number, message: string): void {
  const last = isWordAt(r, open + 1) ? open + 1 : open;
  addError(r, r.start[open], r.end[last], message);
}

const isWordAt = (r: Reader, token: number): boolean => token < r.count && r.kind[token] === TokenKind.Word;

export const isKind = (r: Reader, token: number, kind: number): boolean => token < r.count && r.kind[token] === kind;

/** Number of the word after the parenthesis at `token`; -1 when that is none, or no parenthesis. */
export const headAt = (r: Reader, token: number): number =>
  isKind(r, token, TokenKind.Open) && isWordAt(r, token + 1) ? r.word[token + 1] : -1;

export const tokenText = (r: Reader, token: number): string => r.text.slice(r.start[token], r.end[token]);

export const spanOf = (r: Reader, token: number): Span => ({ start: r.start[token], end: r.end[token] });

/** End of the token before `token`: where something that should stand here is missed. */
export const endBefore = (r: Reader, token: number): number => (token > 0 ? r.end[token - 1] : 0);

/** The identifier at `token`, if one stands there. */
export function idAt(r: Reader, token: number): WatName | undefined {
  return isKind(r, token, TokenKind.Id) ? nameOfId(r.text, r.start[token], r.end[token]) : undefined;
}

/** Column of a token with nothing but white space before it on its line, else -1. */
export function indentOf(r: Reader, token: number): number {
  const first = r.start[token];
  // Only the gap to the token before it has to be looked at.
  const from = endBefore(r, token);
  for (let at = first - 1; at >= from; at--) {
    const code = r.text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return first - at - 1;
    if (code !== 0x20 && code !== 0x09) return -1;
  }
  return token === 0 ? first : -1;
}

/** Field heads that mnemonics begin with: `(memory` may be on its way to `(memory.grow`. */
const AMBIGUOUS =
  fieldBit(Keyword.table) |
  fieldBit(Keyword.memory) |
  fieldBit(Keyword.global) |
  fieldBit(Keyword.elem) |
  fieldBit(Keyword.data);

/** Field heads that may stand in types, for `beginsNext` and `skipRest`. */
export const IN_TYPES = fieldBit(Keyword.type);

/**
 * Whether the form that opens at `token`, inside of the field that opens at `field`, must be the
 * next field, so that a closing parenthesis is missing before it: it begins a line, and its head is
 * that of a field (one of `nested` belongs where it is) or of a command of a script. Heads that may be a
 * half-written instruction count only when they are indented no deeper than the field itself.
 */
export function beginsNext(r: Reader, token: number, field: number, nested: number): boolean {
  const word = headAt(r, token);
  if (word < Keyword.type) return false;
  const bit = fieldBit(word);
  if ((bit & nested) !== 0 || !(isField(word) || isScript(word))) return false;
  const indent = indentOf(r, token);
  if (indent < 0) return false;
  if (word === Keyword.type && !definesType(r, token)) return false;
  return (bit & AMBIGUOUS) === 0 || indent <= indentOf(r, field);
}

/** `(type $t (func))` and not the use `(type $t)`. */
function definesType(r: Reader, open: number): boolean {
  const after = isKind(r, open + 2, TokenKind.Id) ? open + 3 : open + 2;
  return isKind(r, after, TokenKind.Open);
}

/**
 * Skips to the end of the form that opens at `open`, from `token` inside of it at its own level.
 * Stops before what begins the next field, and says that this one is never closed.
 */
export function skipRest(r: Reader, token: number, open: number, nested: number): number {
  let depth = 1;
  for (let at = token; at < r.count; at++) {
    const kind = r.kind[at];
    if (kind === TokenKind.Close) {
      if (--depth === 0) return at + 1;
    } else if (kind === TokenKind.Open) {
      if (beginsNext(r, at, open, nested)) {
        errorAtForm(r, open, 'this parenthesis is never closed');
        return at;
      }
      depth++;
    }
  }
  errorAtForm(r, open, 'this parenthesis is never closed');
  return r.count;
}
