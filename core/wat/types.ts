/** The fields `(type ...)` and `(rec ...)`. */
import { t } from '../text/l10n.ts';
import { createItem } from './fieldParts.ts';
import { readTyped } from './functions.ts';
import { TokenKind, type WatLocal, type WatType } from './model.ts';
import type { ModuleDraft } from './moduleDraft.ts';
import { beginsNext, endBefore, errorAtForm, headAt, IN_TYPES, isKind, type Reader, skipRest } from './reader.ts';
import { fieldBits, Keyword } from './words.ts';

/** `(type $t (func ...))`, `(type $t (sub $s (struct ...)))`: heads of fields that are allowed inside. */
const IN_TYPE = fieldBits('func');

/** Reads the type that opens at `open`; `group` is the index of the first type of its `rec`, -1 outside one. */
export function readType(r: Reader, draft: ModuleDraft, open: number, group = -1): number {
  const { types } = draft.module;
  const type: WatType = { ...createItem(r, 'type', open), composite: undefined, paramCount: 0, group: types.length };
  if (group >= 0) type.group = group;
  types.push(type);
  let depth = 1;
  let token = open + 2;
  while (token < r.count && depth > 0) {
    const kind = r.kind[token];
    if (kind === TokenKind.Close) depth--;
    else if (kind === TokenKind.Open) {
      // A type has one composite type, which has no identifier: `(func $f` is the next field.
      const isComposite = type.composite === undefined && !isKind(r, token + 2, TokenKind.Id);
      if (beginsNext(r, token, open, isComposite ? IN_TYPE : 0)) break;
      const head = headAt(r, token);
      type.composite ??= COMPOSITE[head];
      if (type.composite === 'func' && head === Keyword.param) {
        const params: WatLocal[] = [];
        token = readTyped(r, token, params);
        type.paramCount += params.length;
        continue;
      }
      depth++;
    }
    token++;
  }
  if (depth > 0) errorAtForm(r, open, t('this parenthesis is never closed'));
  type.end = type.header.end = endBefore(r, token);
  return token;
}

const COMPOSITE: Readonly<Record<number, WatType['composite']>> = {
  [Keyword.func]: 'func',
  [Keyword.struct]: 'struct',
  [Keyword.array]: 'array',
};

/** Reads the recursion group that opens at `open`. */
export function readRec(r: Reader, draft: ModuleDraft, open: number): number {
  const group = draft.module.types.length;
  let token = open + 2;
  while (headAt(r, token) === Keyword.type) token = readType(r, draft, token, group);
  return skipRest(r, token, open, IN_TYPES);
}
