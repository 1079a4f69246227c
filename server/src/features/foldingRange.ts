/** Folds a disassembly by indentation, which is that of functions and blocks. */
import type { FoldingRange } from 'vscode-languageserver';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** VS Code's default of `editor.foldingMaximumRegions`; outer ranges are kept first. */
const MAX_RANGES = 5000;

/** At most `limit` ranges, in the order of their first lines. A range ends at the last line that is indented deeper. */
export function foldingRanges(
  { text, lineStarts }: Pick<ModuleDocument, 'text' | 'lineStarts'>,
  limit: number = MAX_RANGES,
): FoldingRange[] {
  const ranges: { startLine: number; endLine: number; indent: number }[] = [];
  const open: { line: number; indent: number }[] = [];
  let last = -1;
  const close = (indent: number, line: number): void => {
    for (let top = open[open.length - 1]; top !== undefined && top.indent >= indent; top = open[open.length - 1]) {
      open.pop();
      // The line that closes stays visible, as it does for braces.
      if (line > top.line) ranges.push({ startLine: top.line, endLine: line, indent: top.indent });
    }
  };
  for (let line = 0; line < lineStarts.length; line++) {
    const indent = indentOf(text, lineStarts, line);
    if (indent === -1) continue;
    close(indent, last);
    open.push({ line, indent });
    last = line;
  }
  close(0, last);
  if (ranges.length > limit) ranges.sort((a, b) => a.indent - b.indent || a.startLine - b.startLine).length = limit;
  return ranges.sort((a, b) => a.startLine - b.startLine).map(({ startLine, endLine }) => ({ startLine, endLine }));
}

/** Leading spaces and tabs of a line, -1 for a blank one. */
function indentOf(text: string, lineStarts: Uint32Array, line: number): number {
  const start = lineStarts[line];
  const end = line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : text.length;
  let at = start;
  while (at < end && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++;
  return at >= end || text.charCodeAt(at) === 0x0d ? -1 : at - start;
}
