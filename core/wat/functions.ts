/** The field `(func ...)`: header, parameters and locals; body.ts reads the body. */
import { t } from '../text/l10n.ts';
import { readBody } from './body.ts';
import { createItem, readItemParts, typeUseAt } from './fieldParts.ts';
import { TokenKind, type WatFunction, type WatLocal } from './model.ts';
import type { ModuleDraft } from './moduleDraft.ts';
import { endBefore, errorAtForm, headAt, IN_TYPES, idAt, isKind, type Reader, skipRest } from './reader.ts';
import { isField, isMnemonic, isScript, Keyword } from './words.ts';

/** Reads the function that opens at `open`; `imported` if it is the description of an import. */
export function readFunction(r: Reader, draft: ModuleDraft, open: number, imported = false): number {
  const errorsBefore = r.errorCount;
  const func: WatFunction = {
    ...createItem(r, 'func', open),
    imported,
    type: undefined,
    params: [],
    paramCount: 0,
    locals: [],
    first: r.list.count,
    length: 0,
    broken: false,
  };
  draft.module.funcs.push(func);
  let token = readItemParts(r, draft, open, func);
  token = readHeader(r, draft, func, token);
  func.header.end = endBefore(r, token);
  token = func.imported ? skipRest(r, token, open, IN_TYPES) : readBody(r, token, open);
  func.length = r.list.count - func.first;
  func.end = endBefore(r, token);
  func.broken = r.errorCount > errorsBefore;
  return token;
}

function readHeader(r: Reader, draft: ModuleDraft, func: WatFunction, from: number): number {
  let token = from;
  for (;;) {
    switch (headAt(r, token)) {
      case Keyword.type: {
        const type = typeUseAt(r, draft, token);
        if (type === undefined) return token;
        func.type = type;
        token += 4;
        break;
      }
      case Keyword.param:
        token = readTyped(r, token, func.params);
        break;
      case Keyword.local:
        token = readTyped(r, token, func.locals);
        break;
      case Keyword.result:
        token = readTyped(r, token, undefined);
        break;
      default:
        // The type of an imported function may be `exact`.
        if (func.imported && isKind(r, token, TokenKind.Word)) {
          token++;
          break;
        }
        func.paramCount = func.params.length;
        return token;
    }
  }
}

/**
 * Reads `(param $x i32)`, `(param i32 i64)`, `(local ...)`, `(result ...)` at `open` and adds what it declares to
 * `into`. Stops before anything that is not a type: then the closing parenthesis is missing.
 */
export function readTyped(r: Reader, open: number, into: WatLocal[] | undefined): number {
  const id = idAt(r, open + 2);
  let token = open + (id === undefined ? 2 : 3);
  const first = into?.length ?? 0;
  for (;;) {
    const typeStart = token;
    if (isKind(r, token, TokenKind.Close)) break;
    token = skipType(r, token);
    if (token === typeStart) {
      errorAtForm(r, open, t('this parenthesis is never closed'));
      return token;
    }
    const type = { start: r.start[typeStart], end: endBefore(r, token) };
    into?.push({ ...type, index: into.length, id: undefined, type });
  }
  if (id !== undefined && into !== undefined && into.length > first) {
    const named = into[first];
    named.id = id;
    named.start = r.start[open];
    named.end = r.end[token];
  }
  return token + 1;
}

/** Token after the value type at `token`; `token` itself if there is none. */
function skipType(r: Reader, token: number): number {
  if (isKind(r, token, TokenKind.Word)) return isMnemonic(r.word[token]) ? token : token + 1;
  let depth = 0;
  for (let at = token; at < r.count; at++) {
    const kind = r.kind[at];
    const head = headAt(r, at);
    if (kind === TokenKind.Close) depth--;
    else if (kind === TokenKind.Open && (isMnemonic(head) || isField(head) || isScript(head))) return token;
    else if (kind === TokenKind.Open && (head === Keyword.param || head === Keyword.result || head === Keyword.local))
      return token;
    else if (kind === TokenKind.Open) depth++;
    if (depth <= 0) return depth < 0 || at === token ? token : at + 1;
  }
  return token;
}
