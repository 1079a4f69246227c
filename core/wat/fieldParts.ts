/** Parts that several kinds of fields begin with: identifier, inline exports and import, type uses, limits. */
import { t } from '../text/l10n.ts';
import type { ExternalKind } from '../wasm/module.ts';
import type { Space } from '../wasm/printer/ids.ts';
import { type Span, TokenKind, type WatItem, type WatLimits, type WatName, type WatReference } from './model.ts';
import { type ModuleDraft, numberOf } from './moduleDraft.ts';
import { errorAt, errorAtForm, headAt, idAt, isKind, type Reader, spanOf, tokenText } from './reader.ts';
import { decodeString } from './strings.ts';
import { isExternalHead, Keyword } from './words.ts';

/** An item that can be imported and exported. */
export type ExternalItem = WatItem & { space: ExternalKind };

/** The item whose field opens at `open`, with the identifier after the head. */
export function createItem<S extends Space>(r: Reader, space: S, open: number): WatItem & { space: S } {
  const id = idAt(r, open + 2);
  const start = r.start[open];
  const end = r.end[Math.min(open + 1, r.count - 1)];
  return { space, index: -1, id, imported: false, start, end, header: { start, end } };
}

/** A string token as a name. */
export function nameAt(r: Reader, token: number): WatName {
  const { start, end } = spanOf(r, token);
  return { text: decodeString(r.text, start, end), start, end };
}

/** A reference that is resolved when the module is finished; `token` is an identifier or a number. */
export function useAt(r: Reader, draft: ModuleDraft, space: Space, token: number): WatReference {
  const reference = { index: -1, ...spanOf(r, token) };
  draft.uses.push({ reference, space, text: tokenText(r, token) });
  return reference;
}

/** Whether `token` is an index: an identifier or an unsigned number. */
export const isIndexAt = (r: Reader, token: number): boolean =>
  isKind(r, token, TokenKind.Id) || (isKind(r, token, TokenKind.Number) && numberOf(tokenText(r, token)) < Infinity);

/** The reference of `(type $t)` at `open`; undefined if there is no such form. */
export function typeUseAt(r: Reader, draft: ModuleDraft, open: number): WatReference | undefined {
  const isUse = headAt(r, open) === Keyword.type && isIndexAt(r, open + 2) && isKind(r, open + 3, TokenKind.Close);
  return isUse ? useAt(r, draft, 'type', open + 2) : undefined;
}

/**
 * Reads inline exports and import of `item`, whose field opens at `open`. Returns the token after them
 * and after the identifier.
 */
export function readItemParts(r: Reader, draft: ModuleDraft, open: number, item: ExternalItem): number {
  let token = open + (item.id === undefined ? 2 : 3);
  for (;;) {
    const head = headAt(r, token);
    let after = token;
    if (head === Keyword.export) after = readInlineExport(r, draft, token, item);
    else if (head === Keyword.import) after = readInlineImport(r, draft, token, item);
    if (after === token) break;
    token = after;
  }
  return token;
}

/** This and `readInlineImport` return `open` if the form does not belong in a field: it may be the next field. */
function readInlineExport(r: Reader, draft: ModuleDraft, open: number, item: ExternalItem): number {
  const hasName = isKind(r, open + 2, TokenKind.String);
  const after = open + (hasName ? 3 : 2);
  const closed = isKind(r, after, TokenKind.Close);
  if (hasName && isExternalHead(headAt(r, after))) return open;
  if (!closed || !hasName)
    errorAtForm(r, open, hasName ? t('this parenthesis is never closed') : t('an export needs a name'));
  const end = closed ? after + 1 : after;
  if (hasName) {
    const span = { start: r.start[open], end: r.end[end - 1] };
    const target = { index: -1, ...span };
    draft.module.exports.push({ ...span, name: nameAt(r, open + 2), kind: item.space, target, inline: true });
    draft.followers.push({ follower: target, item });
  }
  return end;
}

function readInlineImport(r: Reader, draft: ModuleDraft, open: number, item: ExternalItem): number {
  const hasNames = isKind(r, open + 2, TokenKind.String) && isKind(r, open + 3, TokenKind.String);
  if (!hasNames || !isKind(r, open + 4, TokenKind.Close)) return open;
  item.imported = true;
  const follower = {
    start: r.start[open],
    end: r.end[open + 4],
    module: nameAt(r, open + 2),
    name: nameAt(r, open + 3),
    kind: item.space,
    index: -1,
    inline: true,
  };
  draft.module.imports.push(follower);
  draft.followers.push({ follower, item });
  return open + 5;
}

/** `i64 1 2 shared` from `token` on; returns the token after it. */
export function readLimitsText(r: Reader, from: number, limits: WatLimits): number {
  let token = from;
  const take = (): Span => spanOf(r, token++);
  const isWord = (word: number): boolean => isKind(r, token, TokenKind.Word) && r.word[token] === word;
  if (isWord(Keyword.i32) || isWord(Keyword.i64)) limits.address = take();
  if (isKind(r, token, TokenKind.Number)) limits.min = take();
  if (isKind(r, token, TokenKind.Number)) limits.max = take();
  if (isWord(Keyword.shared)) limits.shared = take();
  return token;
}

/** Limits of an item without any written limits. */
export const noLimits = (): WatLimits => ({ min: undefined, max: undefined, shared: undefined, address: undefined });

/** Reports that `what` is missing before `token`. */
export function expected(r: Reader, token: number, what: string): void {
  errorAt(r, token, t('expected {0}', what));
}
