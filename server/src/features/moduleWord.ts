/** Where the text has the head of its module: what is about the module as a whole is shown there. */
import { lineText, positionOf, rangeIn, type TextRange } from '../../../core/text/lines.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** The beginning of a module: white space, block comments, `(module`. */
const HEAD = /^(?:\s|\(;.*?;\))*\(\s*module(?![^\s()])/;
/** Lines of comments above a disassembly that says what is wrong with the binary. */
const MAX_NOTES = 100;

/** The word `module` in a line (from 0) of the document's own module; undefined in other lines. */
export function moduleWordIn(doc: ModuleDocument, line: number): TextRange | undefined {
  const head = HEAD.exec(lineText(doc.text, doc.lineStarts, line))?.[0];
  if (head === undefined) return undefined;
  const start = head.length - 'module'.length;
  // A script has other modules, too.
  const own = doc.source?.wat.modules[doc.source.index];
  const at = doc.lineStarts[line] + start;
  if (own !== undefined && (own.bare || at < own.start || at >= own.end)) return undefined;
  return rangeIn(line, start, head.length);
}

/** The word `module`; in a text that is the fields of a module alone, its first character. */
export function moduleHead(doc: ModuleDocument): TextRange | undefined {
  const own = doc.source?.wat.modules[doc.source.index];
  if (own !== undefined) {
    const { line, character } = positionOf(doc.lineStarts, own.start);
    return moduleWordIn(doc, line) ?? rangeIn(line, character, character + 1);
  }
  for (let line = 0; line < Math.min(doc.lineStarts.length, MAX_NOTES); line++) {
    const found = moduleWordIn(doc, line);
    if (found !== undefined) return found;
  }
  return undefined;
}
