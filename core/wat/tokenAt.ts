/** Tokens by position, and the part of the text that marks an instruction. */
import { lastAtMost } from '../text/moduleItems.ts';
import { TokenKind, type Tokens, type WatDocument } from './model.ts';

/** The part of a `WatDocument` that is available at any time. */
export type TokenText = Pick<WatDocument, 'text' | 'tokens' | 'instructions'>;

/**
 * Token that contains offset `at`, else the one that ends there, as editors define the word at a cursor; -1 in white
 * space and comments.
 */
export function tokenAtOffset(tokens: Tokens, at: number): number {
  const token = lastAtMost(tokens.count, (i) => tokens.start[i], at);
  if (token === -1) return -1;
  if (at <= tokens.end[token]) {
    // Between a word and `)` the word is meant.
    const isWord = tokens.kind[token] > TokenKind.Close;
    if (
      !isWord &&
      at === tokens.start[token] &&
      token > 0 &&
      tokens.end[token - 1] === at &&
      tokens.kind[token - 1] > TokenKind.Close
    )
      return token - 1;
    return token;
  }
  return -1;
}

/** End of an instruction's mnemonic and immediates, without its operands. */
export function markEnd({ tokens, instructions }: TokenText, entry: number): number {
  const { nameStart, nameEnd, ownerOfToken } = instructions;
  let end = nameEnd[entry];
  // The following tokens of the same owner are immediates; the closing parenthesis of a folded instruction ends them.
  let token = lastAtMost(tokens.count, (i) => tokens.start[i], nameStart[entry]) + 1;
  let depth = 0;
  for (; token < tokens.count && ownerOfToken[token] === entry; token++) {
    if (tokens.kind[token] === TokenKind.Open) depth++;
    else if (tokens.kind[token] === TokenKind.Close && --depth < 0) break;
    end = tokens.end[token];
  }
  return end;
}
