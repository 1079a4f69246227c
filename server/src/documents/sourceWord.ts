/**
 * The token at a place of a source and the form around it, which may span lines: for sources, what
 * `lineForms.ts` is for disassemblies.
 */
import { type Form, formOf } from '../../../core/text/lineForms.ts';
import { sourceRange, type TextRange } from '../../../core/text/lines.ts';
import type { LineToken } from '../../../core/text/lineTokens.ts';
import type { Space } from '../../../core/wasm/printer/ids.ts';
import { TokenKind, type WatDocument, type WatLocal } from '../../../core/wat/model.ts';
import { indexIn } from '../../../core/wat/moduleDraft.ts';
import { tokenAtOffset } from '../../../core/wat/tokenAt.ts';
import type { SourceText } from './moduleDocument.ts';

/** A token, the innermost form that contains it, and the token's range in the text. */
export interface Word {
  token: LineToken;
  form: Form;
  range: TextRange;
}

/** Limit of tokens scanned in one field: a list of elements may be very long. */
const MAX_TOKENS = 100_000;

/** The word at offset `at` of the text; undefined when no token is there. */
export function sourceWord(source: SourceText, lineStarts: Uint32Array, at: number): Word | undefined {
  const { wat } = source;
  const token = tokenAtOffset(wat.tokens, at);
  if (token === -1) return undefined;
  const owner = wat.instructions.ownerOfToken[token];
  const range = sourceRange(lineStarts, wat.tokens.start[token], wat.tokens.end[token]);
  return owner === -1 ? { ...fieldForm(source, token), range } : { ...instructionForm(wat, token, owner), range };
}

const KINDS: Readonly<Record<number, LineToken['kind']>> = {
  [TokenKind.Open]: 'open',
  [TokenKind.Close]: 'close',
  [TokenKind.String]: 'string',
};

function lineToken({ text, tokens }: WatDocument, token: number): LineToken {
  const [start, end] = [tokens.start[token], tokens.end[token]];
  return { kind: KINDS[tokens.kind[token]] ?? 'word', start, end, text: text.slice(start, end) };
}

/** A mnemonic with its immediates. A parenthesis around it, or an implied `end`, stands for the instruction. */
function instructionForm(wat: WatDocument, token: number, owner: number): Pick<Word, 'token' | 'form'> {
  const { nameStart, ownerOfToken } = wat.instructions;
  let first = token;
  while (first > 0 && ownerOfToken[first] === owner && wat.tokens.start[first] > nameStart[owner]) first--;
  while (first + 1 < wat.tokens.count && wat.tokens.start[first] < nameStart[owner]) first++;
  const head = lineToken(wat, first);
  if (wat.tokens.kind[token] <= TokenKind.Close || token === first)
    return { token: head, form: { head, args: [], parents: [] } };
  const own: LineToken[] = [];
  let found = head;
  for (let at = first; at < wat.tokens.count && ownerOfToken[at] === owner; at++) {
    own.push(lineToken(wat, at));
    if (at === token) found = own[own.length - 1];
  }
  return { token: found, form: formOf(own, found) };
}

function fieldForm({ wat, fieldStart }: SourceText, token: number): Pick<Word, 'token' | 'form'> {
  const { tokens, instructions } = wat;
  const from = tokenAtOffset(tokens, fieldStart(tokens.start[token]) ?? tokens.start[token]);
  const all: LineToken[] = [];
  let found = lineToken(wat, token);
  for (let at = Math.max(0, from), depth = 0; at < tokens.count && all.length < MAX_TOKENS; at++) {
    if (at > token && (depth <= 0 || instructions.ownerOfToken[at] !== -1)) break;
    const next = lineToken(wat, at);
    if (at === token) found = next;
    all.push(next);
    if (next.kind === 'open') depth++;
    if (next.kind === 'close') depth--;
  }
  if (!all.includes(found)) all.push(found);
  return { token: found, form: formOf(all, found) };
}

/** The item that an identifier or a number means; identifiers as the text defines them. */
export function itemInSource({ wat, index }: SourceText, space: Space, text: string): number | undefined {
  // Types without a definition have indices after those that are defined.
  if (!text.startsWith('$')) return Number(text.replaceAll('_', ''));
  const module = wat.modules[index];
  const found = module === undefined ? -1 : indexIn(module, space, text);
  return found === -1 ? undefined : found;
}

/** Parameter or local of function `func` that is declared at an offset of the text. */
export function localDeclaredAt(source: SourceText, func: number, at: number): WatLocal | undefined {
  const { params, locals } = source.wat.modules[source.index]?.funcs[func] ?? { params: [], locals: [] };
  return [...params, ...locals].find(({ id }) => id !== undefined && id.start <= at && at < id.end);
}

/** Where parameter or local `index` of a function is declared. */
export function localDeclaration(
  source: SourceText,
  func: number,
  index: number,
): { start: number; end: number } | undefined {
  const { params, locals } = source.wat.modules[source.index]?.funcs[func] ?? { params: [], locals: [] };
  const found = [...params, ...locals].find((local) => local.index === index);
  return found && (found.id ?? found);
}
