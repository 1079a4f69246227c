/**
 * A token of one line of the WebAssembly text format; enough to find what is at a cursor. Strings do not cross lines.
 * Block comments in hand-written text do, and are still read line by line: at worst there is a hover on a comment.
 */
export interface LineToken {
  kind: 'open' | 'close' | 'string' | 'word' | 'comment';
  start: number;
  end: number;
  text: string;
}

const TOKEN = /;;.*|\(;.*?(?:;\)|$)|"(?:[^"\\]|\\.)*"?|\(|\)|\$"(?:[^"\\]|\\.)*"?|[^\s()";]+|;/g;

/** Tokens of a line, comments included. */
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
 * Token at a cursor before column `character`: the one that contains the column, else the one that ends there, as
 * editors define the word at a cursor. Never a comment.
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

/** Columns of the contents of a line: without white space and trailing comments, unless the line is only a comment. */
export function contentsOf(line: string): { start: number; end: number } {
  const trimmed = line.trim();
  // The fast path: most lines neither start nor end with a comment.
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
