/** Lines of a text by number. A line ends before its `\n`; a `\r` before that counts as white space. */
import type { TextRange } from './protocol.ts';

/** Offset of the first character of each line. */
export function lineStartsOf(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  const starts = new Uint32Array(count);
  let line = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts[++line] = at + 1;
  return starts;
}

/** Line `line` without its line break; empty outside the text. */
export function lineText(text: string, lineStarts: Uint32Array, line: number): string {
  if (line < 0 || line >= lineStarts.length) return '';
  const end = line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : text.length;
  return text.slice(lineStarts[line], end);
}

/** A range within one line. */
export const rangeIn = (line: number, start: number, end: number): TextRange => ({
  start: { line, character: start },
  end: { line, character: end },
});
