/** The hover of the word `module` at the head of a module: its verdict, with what it needs before its API works. */
import { moduleVerdict, moduleVerdictText } from '../../../../core/analysis/verdict/moduleVerdict.ts';
import { sourceNotes } from '../../../../core/debug/notes.ts';
import { lineText, rangeIn, type TextRange } from '../../../../core/text/lines.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, paragraphs } from '../markdown.ts';

/** Sentences that are shown. */
const MAX_SENTENCES = 12;

/** The hover and the range of the word; undefined at other positions (zero-based line, UTF-16 character). */
export function moduleHover(
  doc: ModuleDocument,
  line: number,
  character: number,
): { value: string; range: TextRange } | undefined {
  const head = /^(?:\s|\(;.*?;\))*\(\s*module(?![^\s()])/.exec(lineText(doc.text, doc.lineStarts, line))?.[0];
  const start = (head?.length ?? 0) - 'module'.length;
  if (head === undefined || character < start || character > head.length) return undefined;
  // A script has other modules, too.
  const own = doc.source?.wat.modules[doc.source.index];
  const at = doc.lineStarts[line] + start;
  if (own !== undefined && (own.bare || at < own.start || at >= own.end)) return undefined;
  const [headline, ...more] = moduleVerdictText(moduleVerdict(doc.module, doc.analysis));
  return {
    value: paragraphs([headline, bullets(more, MAX_SENTENCES), debugNotes(doc)]),
    range: rangeIn(line, start, head.length),
  };
}

/** What is wrong with the debug information. The texts hold names from the file, so each is a code span. */
function debugNotes({ module }: ModuleDocument): string {
  const notes = sourceNotes(module);
  return notes.length === 0 ? '' : `Debug information:\n\n${bullets(notes.map(code), MAX_SENTENCES)}`;
}
