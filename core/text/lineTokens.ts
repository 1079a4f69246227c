/**
 * Tokens of one line of the WebAssembly text format, enough to tell what a cursor stands on. Strings
 * do not cross lines there; block comments do in hand-written text, which is taken line by line all
 * the same: the worst that follows is a hover on a comment.
 */
export interface LineToken {
  kind: 'open' | 'close' | 'string' | 'word' | 'comment';
  start: number;
  end: number;
  text: string;
}

const TOKEN = /;;.*|\(;.*?(?:;\)|$)|"(?:[^"\\]|\\.)*"?|\(|\)|\$"(?:[^"\\]|\\.)*"?|[^\s()";]+|;/g;

export function tokensOf(line: string): LineToken[] {
  const tokens: LineToken[] = [];
  for (const match of line.matchAll(TOKEN)) {
    const text = match[0];
    tokens.push({ kind: kindOf(text), start: match.index, end: match.index + text.length, text });
  }
  return tokens;
}

function kindOf(text: string): LineToken['kind'] {
  if (text === '(') return 'open';
  if (text === ')') return 'close';
  if (text.startsWith(';') || text.startsWith('(;')) return 'comment';
  return text.startsWith('"') ? 'string' : 'word';
}

/**
 * Token that a cursor before character `character` is on: the one it is in, else the one it stands
 * right behind, as editors take the word at a cursor. Never a comment.
 */
export function tokenAt(tokens: LineToken[], character: number): LineToken | undefined {
  let behind: LineToken | undefined;
  for (const token of tokens) {
    if (token.start > character) break;
    if (character < token.end) return token.kind === 'comment' ? undefined : token;
    if (character === token.end && token.kind !== 'comment') behind = token;
  }
  return behind;
}

/** Columns of a line's contents: white space and trailing comments taken off, unless it is all comment. */
export function contentsOf(line: string): { start: number; end: number } {
  const trimmed = line.trim();
  // Most lines neither start nor end with a comment: nothing needs to be told apart.
  if (!trimmed.includes(';;') && !trimmed.startsWith('(;') && !trimmed.endsWith(';)')) {
    const start = trimmed === '' ? 0 : line.length - line.trimStart().length;
    return { start, end: start + trimmed.length };
  }
  const tokens = tokensOf(line);
  const solid = tokens.filter((token) => token.kind !== 'comment');
  const kept = solid.length > 0 ? solid : tokens;
  return kept.length === 0 ? { start: 0, end: 0 } : { start: kept[0].start, end: kept[kept.length - 1].end };
}

/** Whether column `character` of a line lies in a comment. */
export function inComment(line: string, character: number): boolean {
  if (!line.includes(';')) return false;
  return tokensOf(line).some((token) => token.kind === 'comment' && token.start <= character && character < token.end);
}
