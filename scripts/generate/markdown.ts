/** Markdown tables, and the generated blocks of a page. */

import { Problem } from '../failure.ts';

/** A table whose columns are as wide as their longest cell, without a final line break. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, ...[title, ...rows.map((row) => row[column])].map(width)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell + ' '.repeat(widths[column] - width(cell))).join(' | ')} |`;
  return [line(head), line(widths.map((count) => '-'.repeat(count))), ...rows.map(line)].join('\n');
}

const width = (text: string): number => [...text].length;

/**
 * `page` with `content` between `<!-- generated: NAME -->` and `<!-- end -->`.
 * @throws Problem if the page has no such markers
 */
export function withBlock(page: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Problem(`A page has no block between ${begin} and <!-- end -->:\n\n${page}`);
  return `${page.slice(0, from)}${begin}\n\n${content}\n\n${page.slice(to)}`;
}
