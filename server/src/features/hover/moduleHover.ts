/** The hover of the word `module` at the head of a module: its verdict, with what it needs before its API works. */
import { moduleVerdict, moduleVerdictText } from '../../../../core/analysis/verdict/moduleVerdict.ts';
import { sourceOf } from '../../../../core/debug/moduleSource.ts';
import { lineText, rangeIn, type TextRange } from '../../../../core/text/lines.ts';
import { displayable } from '../../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, paragraphs } from '../markdown.ts';

/** Sentences that are shown. */
const MAX_SENTENCES = 12;
/** Sentences about the debug information. */
const MAX_NOTES = 5;

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
    value: paragraphs([headline, bullets(more, MAX_SENTENCES), sourceNotes(doc)]),
    range: rangeIn(line, start, head.length),
  };
}

/** What is wrong with the debug information. The texts hold names from the file, so each is a code span. */
function sourceNotes({ module }: ModuleDocument): string {
  const notes = sourceOf(module)?.notes?.() ?? [];
  if (notes.length === 0) return '';
  return `Debug information:\n\n${bullets(
    notes.map((note) => code(displayable(note, 300))),
    MAX_NOTES,
  )}`;
}
