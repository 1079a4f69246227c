/**
 * From WebAssembly text to a `WatDocument`: a `.wat`, with or without `(module ...)` around its fields, or a `.wast`
 * script.
 *
 * Errors affect as little as possible. If a closing parenthesis is missing, the field ends before the next line that
 * begins with the head of a field (`beginsNext` in reader.ts). A surplus closing parenthesis does not end the module
 * if a field follows, and fields after its end still belong to it.
 */
import { type Message, message, t, translated } from '../text/l10n.ts';
import { readField } from './fields.ts';
import { finishInstructions } from './instructionList.ts';
import { type SkippedForm, TokenKind, type WatDocument } from './model.ts';
import { createDraft, finishDraft, type ModuleDraft } from './moduleDraft.ts';
import {
  afterForm,
  createReader,
  endBefore,
  errorAt,
  errorAtForm,
  headAt,
  idAt,
  indentOf,
  isKind,
  type Reader,
  skipRest,
} from './reader.ts';
import { lex } from './tokens.ts';
import { isCommand, isField, isScript, Keyword } from './words.ts';

/** Reads any text. Never throws; takes linear time in the length of the text. */
export function readWat(text: string): WatDocument {
  const lexed = lex(text);
  const r = createReader(text, lexed);
  const skipped: SkippedForm[] = [];
  readScript(r, skipped);
  return {
    text,
    tokens: lexed.tokens,
    instructions: finishInstructions(r.list),
    modules: r.modules.map(finishDraft),
    skipped,
    errors: r.errors.sort((a, b) => a.start - b.start),
    ignores: lexed.ignores,
  };
}

function readScript(r: Reader, skipped: SkippedForm[]): void {
  let token = 0;
  // Modules inside `(thread $t ...)` are read as if the form were not there.
  let threads = 0;
  while (token < r.count) {
    const head = headAt(r, token);
    if (head === Keyword.module) token = readModule(r, token, skipped);
    else if (isField(head)) token = readBareField(r, token);
    else if (head === Keyword.thread) {
      threads++;
      token += isKind(r, token + 2, TokenKind.Id) ? 3 : 2;
      if (headAt(r, token) === Keyword.shared) token = afterForm(r, token);
    } else if (threads > 0 && r.kind[token] === TokenKind.Close) {
      threads--;
      token++;
    } else if (isScript(head) || isCommand(head)) token = skipCommand(r, token, skipped);
    else token = skipUnknown(r, token, t('a module, a field or a command'));
  }
}

/** Skips assertions and other commands silently; the modules in them are meant to be wrong. */
function skipCommand(r: Reader, open: number, skipped: SkippedForm[]): number {
  let depth = 0;
  let token = open;
  for (; token < r.count; token++) {
    if (r.kind[token] === TokenKind.Open) {
      const head = headAt(r, token);
      // Commands are not nested.
      const isNext = depth > 0 && isScript(head) && head !== Keyword.module && head !== Keyword.invoke;
      if (isNext && head !== Keyword.component && indentOf(r, token) >= 0) break;
      depth++;
    } else if (r.kind[token] === TokenKind.Close && --depth === 0) {
      token++;
      break;
    }
  }
  if (depth > 0) errorAtForm(r, open, t('this parenthesis is never closed'));
  if (headAt(r, open) === Keyword.component) {
    skipped.push({ start: r.start[open], end: endBefore(r, token), what: t('a component') });
  }
  return token;
}

/** Skips what does not belong here: a whole form, or consecutive tokens, as one error. */
function skipUnknown(r: Reader, token: number, what: string): number {
  if (r.kind[token] === TokenKind.Close) {
    errorAt(r, token, t('this parenthesis does not close anything'));
    return token + 1;
  }
  if (r.kind[token] === TokenKind.Open) {
    errorAtForm(r, token, t('expected {0}', what));
    return skipRest(r, token + 1, token, 0);
  }
  errorAt(r, token, t('expected {0}', what));
  let after = token + 1;
  while (after < r.count && r.kind[after] >= TokenKind.Word) after++;
  return after;
}

/** A field outside `(module ...)`: of a module that omits it, or of one that was closed too early. */
function readBareField(r: Reader, open: number): number {
  let draft = r.modules.at(-1);
  if (draft === undefined) {
    draft = createDraft(r.start[open], true, undefined);
    r.modules.push(draft);
  } else if (!draft.module.bare && draft.module.complete) {
    errorAtForm(r, open, t('the module has ended before this field'));
    draft.module.complete = false;
  }
  const errorsBefore = r.errorCount;
  const after = readField(r, draft, open);
  draft.module.end = endBefore(r, after);
  if (r.errorCount > errorsBefore) draft.module.complete = false;
  return after;
}

/** `(module ...)` at `open`, in any of its forms. */
function readModule(r: Reader, open: number, skipped: SkippedForm[]): number {
  const isWord = (at: number, word: number): boolean => isKind(r, at, TokenKind.Word) && r.word[at] === word;
  let token = open + 2;
  if (isWord(token, Keyword.definition)) token++;
  const id = idAt(r, token);
  if (id !== undefined) token++;
  const kind = isKind(r, token, TokenKind.Word) ? SKIPPED[r.word[token]] : undefined;
  if (kind !== undefined) {
    const after = skipRest(r, token, open, 0);
    skipped.push({ start: r.start[open], end: endBefore(r, after), what: translated(kind) });
    return after;
  }
  const draft = createDraft(r.start[open], false, id);
  r.modules.push(draft);
  const errorsBefore = r.errorCount;
  const after = readFields(r, draft, token, open);
  draft.module.end = endBefore(r, after);
  draft.module.complete = r.errorCount === errorsBefore;
  return after;
}

const SKIPPED: Readonly<Record<number, Message>> = {
  [Keyword.binary]: message('a module given as bytes'),
  [Keyword.quote]: message('a module given as quoted text'),
  [Keyword.instance]: message('an instance of another module'),
};

function readFields(r: Reader, draft: ModuleDraft, from: number, open: number): number {
  let token = from;
  while (token < r.count) {
    if (r.kind[token] === TokenKind.Close) {
      if (!isField(headAt(r, token + 1))) return token + 1;
      errorAt(r, token, t('this parenthesis closes the module; is there one too many?'));
      token++;
    }
    const head = headAt(r, token);
    if (isField(head)) token = readField(r, draft, token);
    else if (isScript(head) && indentOf(r, token) >= 0) break;
    else token = skipUnknown(r, token, t('a field of the module'));
  }
  errorAtForm(r, open, t('this module is never closed'));
  return token;
}
