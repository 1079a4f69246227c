/** Lines of a text by number. A line ends before its `\n`; a `\r` before that counts as white space. */

/** LSP ranges are zero-based lines and UTF-16 columns. */
export interface TextRange {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

/** Offset of the first character of each line. */
export function lineStartsOf(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  const starts = new Uint32Array(count);
  let line = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts[++line] = at + 1;
  return starts;
}

/** The same for a text from an editor, where a `\r` alone ends a line, too. */
export function sourceLineStarts(text: string): Uint32Array {
  if (!text.includes('\r')) return lineStartsOf(text);
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
  return Uint32Array.from(starts);
}

/** Line `line` without its line break; empty outside the text. */
export function lineText(text: string, lineStarts: Uint32Array, line: number): string {
  if (line < 0 || line >= lineStarts.length) return '';
  const end = line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : text.length;
  return text.slice(lineStarts[line], end);
}

/** Line and column of an offset of the text. */
export function positionOf(lineStarts: Uint32Array, offset: number): TextRange['start'] {
  let low = 0;
  let high = lineStarts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lineStarts[middle] <= offset) low = middle + 1;
    else high = middle;
  }
  return { line: low - 1, character: offset - lineStarts[low - 1] };
}

/** The range of `[start, end)`, offsets of the text. */
export const sourceRange = (lineStarts: Uint32Array, start: number, end: number): TextRange => ({
  start: positionOf(lineStarts, start),
  end: positionOf(lineStarts, end),
});

/** A range within one line. */
export const rangeIn = (line: number, start: number, end: number): TextRange => ({
  start: { line, character: start },
  end: { line, character: end },
});
