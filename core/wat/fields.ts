/**
 * Module fields other than functions and types. Each reader gets the token of the opening parenthesis,
 * adds what the field defines to the draft and returns the token after the field.
 *
 * Source: https://webassembly.github.io/spec/core/text/modules.html
 */
import { t } from '../text/l10n.ts';
import { listOf } from '../text/phrases.ts';
import type { ExternalKind } from '../wasm/module.ts';
import {
  createItem,
  type ExternalItem,
  expected,
  isIndexAt,
  nameAt,
  noLimits,
  readItemParts,
  readLimitsText,
  useAt,
} from './fieldParts.ts';
import { readFunction } from './functions.ts';
import { TokenKind, type WatItem, type WatLimits, type WatName, type WatReference } from './model.ts';
import { itemsOf, type ModuleDraft } from './moduleDraft.ts';
import { afterForm, endBefore, headAt, isKind, type Reader, skipRest } from './reader.ts';
import { readRec, readType } from './types.ts';
import { fieldBits, isExternalHead, Keyword } from './words.ts';

/** Reads the field that opens at `open`, whose head is that of a field. */
export function readField(r: Reader, draft: ModuleDraft, open: number): number {
  switch (headAt(r, open)) {
    case Keyword.func:
      return readFunction(r, draft, open);
    case Keyword.type:
      return readType(r, draft, open);
    case Keyword.rec:
      return readRec(r, draft, open);
    case Keyword.import:
      return readImport(r, draft, open);
    case Keyword.export:
      return readExport(r, draft, open);
    case Keyword.start:
      return readStart(r, draft, open);
    case Keyword.elem:
      return readSegment(r, draft, open, 'elem', 'table');
    case Keyword.data:
      return readSegment(r, draft, open, 'data', 'memory');
    default:
      return readExternal(r, draft, open, false).after;
  }
}

/** Reads `(table ...)`, `(memory ...)`, `(global ...)`, `(tag ...)`, alone or in an import. */
function readExternal(
  r: Reader,
  draft: ModuleDraft,
  open: number,
  imported: boolean,
): { item: WatItem; after: number } {
  const { module } = draft;
  let item: ExternalItem & { limits?: WatLimits };
  switch (headAt(r, open)) {
    case Keyword.table: {
      const table = { ...createItem(r, 'table', open), imported, limits: noLimits() };
      module.tables.push(table);
      item = table;
      break;
    }
    case Keyword.memory: {
      const memory = { ...createItem(r, 'memory', open), imported, limits: noLimits() };
      module.memories.push(memory);
      item = memory;
      break;
    }
    case Keyword.global:
      item = { ...createItem(r, 'global', open), imported };
      module.globals.push(item);
      break;
    default:
      item = { ...createItem(r, 'tag', open), imported };
      module.tags.push(item);
  }
  let token = readItemParts(r, draft, open, item);
  if (item.limits !== undefined) token = readLimitsText(r, token, item.limits);
  else token = skipValueType(r, token);
  item.header.end = endBefore(r, token);
  const after = skipRest(r, token, open, NESTED[item.space]);
  if (!item.imported) readContents(r, draft, token, after, item.space);
  item.end = endBefore(r, after);
  return { item, after };
}

const NESTED: Readonly<Record<ExternalKind, number>> = {
  func: 0,
  table: fieldBits('elem'),
  memory: fieldBits('data'),
  global: 0,
  tag: fieldBits('type'),
};

/** Token after the type of a global: `i32`, `(mut i32)`, `(ref $t)`; `token` itself if there is none. */
function skipValueType(r: Reader, token: number): number {
  if (isKind(r, token, TokenKind.Word)) return token + 1;
  const head = headAt(r, token);
  return head === Keyword.mut || head === Keyword.ref ? afterForm(r, token) : token;
}

/** `(memory (data "..."))` and `(table funcref (elem ...))` define a segment too; `after` is the end of the field. */
function readContents(r: Reader, draft: ModuleDraft, from: number, after: number, space: ExternalKind): void {
  const { module } = draft;
  const segment = space === 'memory' ? from : elementsAt(r, from);
  if (segment < 0 || segment >= after) return;
  const close = afterForm(r, segment);
  const end = endBefore(r, close === segment ? after : Math.min(close, after));
  const parts = { id: undefined, target: undefined, end, header: { start: r.start[segment], end } };
  const head = headAt(r, segment);
  if (space === 'memory' && head === Keyword.data) module.data.push({ ...createItem(r, 'data', segment), ...parts });
  if (space === 'table' && head === Keyword.elem) module.elems.push({ ...createItem(r, 'elem', segment), ...parts });
}

/** Token after the element type at `type`, which is one word or one form. */
function elementsAt(r: Reader, type: number): number {
  if (isKind(r, type, TokenKind.Word)) return type + 1;
  return isKind(r, type, TokenKind.Open) ? afterForm(r, type) : -1;
}

/** `(import "m" "n" (func ...))`, and with the names of several items after that of their module. */
function readImport(r: Reader, draft: ModuleDraft, open: number): number {
  if (!isKind(r, open + 2, TokenKind.String)) {
    expected(r, open + 2, t('the name of a module'));
    return skipRest(r, open + 2, open, 0);
  }
  const module = nameAt(r, open + 2);
  if (headAt(r, open + 3) === Keyword.item) return readImportGroup(r, draft, open, module);
  if (!isKind(r, open + 3, TokenKind.String)) {
    expected(r, open + 3, t('the name of what is imported'));
    return skipRest(r, open + 3, open, 0);
  }
  const inner = open + 4;
  if (!isExternalHead(headAt(r, inner))) {
    expected(r, inner, listOf(['(func', '(table', '(memory', '(global', '(tag'], 5, 'or'));
    return skipRest(r, inner, open, 0);
  }
  const { item, after } = readImported(r, draft, inner);
  const end = skipRest(r, after, open, 0);
  setSpan(item, r.start[open], endBefore(r, end));
  addImport(draft, item, module, nameAt(r, open + 3));
  return end;
}

/** Adds an item that shares the type of another one: a group may have many items and a long type. */
function addCopy(draft: ModuleDraft, item: WatItem): WatItem {
  const copy = { ...item, id: undefined, header: { ...item.header } };
  itemsOf(draft.module, item.space).push(copy);
  return copy;
}

/** Extends the span of an imported item to the whole import. */
function setSpan(item: WatItem, start: number, end: number): void {
  item.start = item.header.start = start;
  item.end = item.header.end = end;
}

function addImport(draft: ModuleDraft, item: WatItem, module: WatName, name: WatName): void {
  const kind = item.space as ExternalKind;
  const follower = { start: item.start, end: item.end, module, name, kind, index: -1, inline: false };
  draft.module.imports.push(follower);
  draft.followers.push({ follower, item });
}

function readImported(r: Reader, draft: ModuleDraft, open: number): { item: WatItem; after: number } {
  if (headAt(r, open) !== Keyword.func) return readExternal(r, draft, open, true);
  const after = readFunction(r, draft, open, true);
  return { item: draft.module.funcs[draft.module.funcs.length - 1], after };
}

/**
 * `(import "m" (item "a" (func)) (item "b" (memory 1)))`, and `(import "m" (item "a") (item "b") (func))` for
 * items of one type. Source: the compact import section proposal.
 */
function readImportGroup(r: Reader, draft: ModuleDraft, open: number, module: WatName): number {
  const waiting: { name: WatName; open: number }[] = [];
  let token = open + 3;
  while (headAt(r, token) === Keyword.item && isKind(r, token + 2, TokenKind.String)) {
    const name = nameAt(r, token + 2);
    if (isExternalHead(headAt(r, token + 3))) {
      const { item, after } = readImported(r, draft, token + 3);
      const itemEnd = skipRest(r, after, token, 0);
      setSpan(item, r.start[token], endBefore(r, itemEnd));
      addImport(draft, item, module, name);
      token = itemEnd;
    } else {
      waiting.push({ name, open: token });
      token = skipRest(r, token + 3, token, 0);
    }
  }
  if (waiting.length > 0 && isExternalHead(headAt(r, token))) {
    const { item: first, after } = readImported(r, draft, token);
    waiting.forEach(({ name, open: itemOpen }, i) => {
      const item = i === 0 ? first : addCopy(draft, first);
      setSpan(item, r.start[itemOpen], name.end);
      addImport(draft, item, module, name);
    });
    token = after;
  }
  return skipRest(r, token, open, 0);
}

/** `(export "name" (func $f))`. */
function readExport(r: Reader, draft: ModuleDraft, open: number): number {
  if (!isKind(r, open + 2, TokenKind.String)) {
    expected(r, open + 2, t('the name of the export'));
    return skipRest(r, open + 2, open, 0);
  }
  const name = nameAt(r, open + 2);
  const inner = open + 3;
  const head = headAt(r, inner);
  const kind = EXTERNAL_KINDS.find((word) => Keyword[word] === head);
  if (kind === undefined || !isIndexAt(r, inner + 2)) {
    expected(r, kind === undefined ? inner : inner + 2, t('what is exported'));
    return skipRest(r, inner, open, 0);
  }
  const target = useAt(r, draft, kind, inner + 2);
  const after = skipRest(r, skipRest(r, inner + 3, inner, 0), open, 0);
  draft.module.exports.push({ start: r.start[open], end: endBefore(r, after), name, kind, target, inline: false });
  return after;
}

const EXTERNAL_KINDS: readonly ExternalKind[] = ['func', 'table', 'memory', 'global', 'tag'];

function readStart(r: Reader, draft: ModuleDraft, open: number): number {
  if (!isIndexAt(r, open + 2)) expected(r, open + 2, t('a function'));
  const use = isIndexAt(r, open + 2) ? useAt(r, draft, 'func', open + 2) : undefined;
  const after = skipRest(r, open + 2, open, 0);
  if (use !== undefined) {
    // A module has one start function: the first one is kept.
    const reference = Object.assign(use, { form: { start: r.start[open], end: endBefore(r, after) } });
    draft.module.startFunction ??= reference;
  }
  return after;
}

/** `(elem ...)` and `(data ...)`. The target is named by a form or, as in old texts, by a bare number. */
function readSegment(
  r: Reader,
  draft: ModuleDraft,
  open: number,
  space: 'elem' | 'data',
  fills: 'table' | 'memory',
): number {
  const item = createItem(r, space, open);
  let token = open + (item.id === undefined ? 2 : 3);
  let target: WatReference | undefined;
  const use = headAt(r, token) === Keyword[fills] ? token + 2 : token;
  if (isIndexAt(r, use) && (use > token || isKind(r, use, TokenKind.Number))) {
    target = useAt(r, draft, fills, use);
    token = use > token && isKind(r, use + 1, TokenKind.Close) ? use + 2 : use + 1;
  }
  item.header.end = endBefore(r, token);
  const after = skipRest(r, token, open, 0);
  item.end = endBefore(r, after);
  if (space === 'elem') draft.module.elems.push({ ...item, space, target });
  else draft.module.data.push({ ...item, space, target });
  return after;
}
