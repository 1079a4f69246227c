/** C as the templates lay it out: lines of at most 100 columns, two spaces a level; literals that nothing can end early. */
import { cString } from '../../harmless/code.ts';

/** Columns of a line. */
export const MAX_WIDTH = 100;
/** Bytes of a string literal that every C11 compiler takes. */
const MAX_LITERAL = 4000;

/** Whether a name is short enough for a string literal. */
export const isPlainName = (name: string): boolean => new TextEncoder().encode(name).length <= MAX_LITERAL;

/** A name of any length as an argument and its size in bytes: `"inc", 3`. Too long ones are compound literals. */
export function cName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  if (isPlainName(name)) return `${cString(name)}, ${bytes.length}`;
  return `(const char[]){${filled([...bytes].map(String), '    ')}}, ${bytes.length}`;
}

/** Values on lines of their own, as many on each as fit. */
function filled(values: readonly string[], indent: string): string {
  const lines = [indent.slice(0, -1)];
  for (const value of values) {
    const last = lines.length - 1;
    if (lines[last].length + value.length + 2 > MAX_WIDTH) lines.push(`${indent}${value},`);
    else lines[last] += ` ${value},`;
  }
  return `\n${lines.join('\n')}\n`;
}

/** Lines of comment of which none is continued on the next by a backslash, which C allows. */
export const safeComment = (lines: readonly string[]): string[] =>
  lines.map((line) => (/(?:\\|\?\?\/)$/.test(line) ? `${line}.` : line));

/**
 * `head(a, b)tail`, or as many of `items` on a line as fit. `indent` stands before the first line only; the others are
 * indented by four more.
 */
export function fitted(indent: string, head: string, items: readonly string[], tail: string): string {
  const inline = `${indent}${head}(${items.join(', ')})${tail}`;
  if (inline.length <= MAX_WIDTH && !inline.includes('\n')) return inline;
  const deeper = `${indent}    `;
  const lines = [deeper.slice(0, -1)];
  for (const [i, item] of items.entries()) {
    const text = i === items.length - 1 ? `${item})${tail}` : `${item},`;
    const last = lines.length - 1;
    if (lines[last].length > deeper.length && lines[last].length + text.length + 1 > MAX_WIDTH)
      lines.push(`${deeper}${text}`);
    else lines[last] += ` ${text}`;
  }
  return `${indent}${head}(\n${lines.join('\n')}`;
}
