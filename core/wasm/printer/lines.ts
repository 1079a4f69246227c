/** Lines of text, each with the byte offset it shows. */

/** Offset of a line that shows no place in the binary. */
export const NO_OFFSET = 0xffffffff;

/**
 * Deepest indentation in levels. Blocks may be nested tens of thousands deep: without a cap the
 * text would grow with the square of the depth.
 */
const MAX_INDENT = 40;

const INDENTS: readonly string[] = Array.from({ length: MAX_INDENT + 1 }, (_, level) => '  '.repeat(level));

const indent = (level: number): string => INDENTS[Math.min(level, MAX_INDENT)];

/**
 * Characters after which nothing is added. Real modules stay far below it; hostile ones (a million functions of a type
 * with long names) would exceed what a string can hold.
 */
export const MAX_TEXT = 1 << 27;

/** Growing text, line by line. */
export interface Lines {
  texts: string[];
  offsets: number[];
  /** Characters so far, line ends included. */
  size: number;
}

/** An empty text. */
export const createLines = (): Lines => ({ texts: [], offsets: [], size: 0 });

/** Whether the text has reached `MAX_TEXT`: nothing is added any more. */
export const isFull = (lines: Lines): boolean => lines.size > MAX_TEXT;

/** Appends a line, indented by `level` levels, that shows byte `offset` or `NO_OFFSET`. */
export function addLine(lines: Lines, level: number, text: string, offset: number): void {
  if (isFull(lines)) return;
  const line = indent(level) + text;
  lines.texts.push(line);
  lines.offsets.push(offset);
  lines.size += line.length + 1;
}

/** Appends all lines of another text. */
export function addLines(lines: Lines, more: Lines): void {
  if (isFull(lines)) return;
  for (let i = 0; i < more.texts.length; i++) {
    lines.texts.push(more.texts[i]);
    lines.offsets.push(more.offsets[i]);
  }
  lines.size += more.size;
}
