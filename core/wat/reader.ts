/** State of the reader, and the queries on tokens that all of its parts use. */
import { t } from '../text/l10n.ts';
import { createInstructionList, type InstructionList } from './instructionList.ts';
import { type Span, TokenKind, type WatError, type WatName } from './model.ts';
import type { ModuleDraft } from './moduleDraft.ts';
import { nameOfId } from './strings.ts';
import type { Lexed } from './tokens.ts';
import { fieldBit, isField, isScript, Keyword } from './words.ts';

/** Most errors that are kept; the first ones are enough. */
const MAX_ERRORS = 1000;

/**
 * State of the reader. Its parts are functions of a reader and the index of a token; they return the index of the
 * first token that they do not consume.
 */
export interface Reader {
  text: string;
  count: number;
  kind: Uint8Array;
  start: Uint32Array;
  end: Uint32Array;
  word: Int16Array;
  errors: WatError[];
  /** By opening parenthesis: the token that closes it if none is missing, else -1. */
  partner: Int32Array;
  list: InstructionList;
  modules: ModuleDraft[];
  /** Errors of the module or function being read, those beyond `MAX_ERRORS` included. */
  errorCount: number;
}

/** A reader of a lexed text. */
export function createReader(text: string, lexed: Lexed): Reader {
  const { count, kind, start, end, word } = lexed.tokens;
  const list = createInstructionList(count);
  const partner = partnersOf(count, kind);
  return { text, count, kind, start, end, word, errors: lexed.errors, partner, list, modules: [], errorCount: 0 };
}

function partnersOf(count: number, kind: Uint8Array): Int32Array {
  const partner = new Int32Array(count).fill(-1);
  // The entries without a partner yet form a linked list of the open parentheses.
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
 * Token after the form that opens at `open`; `open` itself if it is never closed. If a parenthesis is missing inside,
 * that of an outer form is used.
 */
export const afterForm = (r: Reader, open: number): number => (r.partner[open] < 0 ? open : r.partner[open] + 1);

/** Records an error at `[start, end)` of the text. */
export function addError(r: Reader, start: number, end: number, message: string): void {
  r.errorCount++;
  if (r.errors.length < MAX_ERRORS) r.errors.push({ start, end, message });
}

/** Records an error at a token, or at the end of the text if there is no such token. */
export function errorAt(r: Reader, token: number, message: string): void {
  if (token < r.count) addError(r, r.start[token], r.end[token], message);
  else addError(r, r.text.length, r.text.length, message);
}

/** Records an error at `(` and the word after it, if any. */
export function errorAtForm(r: Reader, open: number, message: string): void {
  const last = isWordAt(r, open + 1) ? open + 1 : open;
  addError(r, r.start[open], r.end[last], message);
}

const isWordAt = (r: Reader, token: number): boolean => token < r.count && r.kind[token] === TokenKind.Word;

/** Whether `token` exists and has the kind. */
export const isKind = (r: Reader, token: number, kind: number): boolean => token < r.count && r.kind[token] === kind;

/** Number of the word after the opening parenthesis at `token`; -1 if there is no such word or parenthesis. */
export const headAt = (r: Reader, token: number): number =>
  isKind(r, token, TokenKind.Open) && isWordAt(r, token + 1) ? r.word[token + 1] : -1;

/** The text of a token. */
export const tokenText = (r: Reader, token: number): string => r.text.slice(r.start[token], r.end[token]);

/** The span of a token. */
export const spanOf = (r: Reader, token: number): Span => ({ start: r.start[token], end: r.end[token] });

/** End of the token before `token`, where a missing part is reported. */
export const endBefore = (r: Reader, token: number): number => (token > 0 ? r.end[token - 1] : 0);

/** The identifier at `token`; undefined if there is none. */
export function idAt(r: Reader, token: number): WatName | undefined {
  return isKind(r, token, TokenKind.Id) ? nameOfId(r.text, r.start[token], r.end[token]) : undefined;
}

/** Column of a token that only white space precedes on its line, else -1. */
export function indentOf(r: Reader, token: number): number {
  const first = r.start[token];
  // Only the gap to the previous token matters.
  const from = endBefore(r, token);
  for (let at = first - 1; at >= from; at--) {
    const code = r.text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return first - at - 1;
    if (code !== 0x20 && code !== 0x09) return -1;
  }
  return token === 0 ? first : -1;
}

/** Field heads that mnemonics begin with: `(memory` may become `(memory.grow`. */
const AMBIGUOUS =
  fieldBit(Keyword.table) |
  fieldBit(Keyword.memory) |
  fieldBit(Keyword.global) |
  fieldBit(Keyword.elem) |
  fieldBit(Keyword.data);

/** Field heads that may occur in types, for `beginsNext` and `skipRest`. */
export const IN_TYPES = fieldBit(Keyword.type);

/**
 * Whether the form that opens at `token`, inside the field that opens at `field`, must be the next field, so that a
 * closing parenthesis is missing before it: it begins a line, and its head is that of a field or of a script command.
 * Heads in `nested` are allowed inside the field. Heads that may be a half-written instruction count only if they are
 * indented no deeper than the field itself.
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

/** Whether it is the definition `(type $t (func))` rather than the use `(type $t)`. */
function definesType(r: Reader, open: number): boolean {
  const after = isKind(r, open + 2, TokenKind.Id) ? open + 3 : open + 2;
  return isKind(r, after, TokenKind.Open);
}

/**
 * Skips to the end of the form that opens at `open`, from `token` directly inside it. Stops before the next field, and
 * reports that this form is never closed.
 */
export function skipRest(r: Reader, token: number, open: number, nested: number): number {
  let depth = 1;
  for (let at = token; at < r.count; at++) {
    const kind = r.kind[at];
    if (kind === TokenKind.Close) {
      if (--depth === 0) return at + 1;
    } else if (kind === TokenKind.Open) {
      if (beginsNext(r, at, open, nested)) {
        errorAtForm(r, open, t('this parenthesis is never closed'));
        return at;
      }
      depth++;
    }
  }
  errorAtForm(r, open, t('this parenthesis is never closed'));
  return r.count;
}
