/** The hover of the word `module` at the head of a module: its verdict, with what it needs before its API works. */
import { moduleVerdict, moduleVerdictText } from '../../../../core/analysis/verdict/moduleVerdict.ts';
import { sourceNotes } from '../../../../core/debug/notes.ts';
import type { TextRange } from '../../../../core/text/lines.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, paragraphs } from '../markdown.ts';
import { moduleWordIn } from '../moduleWord.ts';

/** Sentences that are shown. */
const MAX_SENTENCES = 12;

/** The hover and the range of the word; undefined at other positions (zero-based line, UTF-16 character). */
export function moduleHover(
  doc: ModuleDocument,
  line: number,
  character: number,
): { value: string; range: TextRange } | undefined {
  const range = moduleWordIn(doc, line);
  if (range === undefined || character < range.start.character || character > range.end.character) return undefined;
  const [headline, ...more] = moduleVerdictText(moduleVerdict(doc.module, doc.analysis));
  return {
    value: paragraphs([headline, bullets(more, MAX_SENTENCES), debugNotes(doc)]),
    range,
  };
}

/** What is wrong with the debug information. The texts hold names from the file, so each is a code span. */
function debugNotes({ module }: ModuleDocument): string {
  const notes = sourceNotes(module);
  return notes.length === 0 ? '' : `Debug information:\n\n${bullets(notes.map(code), MAX_SENTENCES)}`;
}
