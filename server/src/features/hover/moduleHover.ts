/** The hover of the word `module` at the head of a module: its verdict, with what it needs before its API works. */

import { plumbingOf } from '../../../../core/analysis/plumbing.ts';
import { moduleVerdict, moduleVerdictText } from '../../../../core/analysis/verdict/moduleVerdict.ts';
import { sourceNotes } from '../../../../core/debug/notes.ts';
import { markdownText } from '../../../../core/harmless/markdown.ts';
import { moduleStanding } from '../../../../core/report/shown/moduleStanding.ts';
import { t } from '../../../../core/text/l10n.ts';
import type { TextRange } from '../../../../core/text/lines.ts';
import { number } from '../../../../core/text/phrases.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, commandLink, paragraphs, prose } from '../markdown.ts';
import { moduleWordIn } from '../moduleWord.ts';
import { moduleLinks } from './pieces.ts';

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
  const verdict = moduleVerdict(doc.module, doc.analysis);
  const { headline, remedy } = verdict;
  const more = moduleVerdictText(verdict).filter((text) => text !== headline && text !== remedy.text);
  const { tone, line: now } = moduleStanding(doc);
  return {
    value: paragraphs([
      // What stress runs have shown comes before what the analysis supposes.
      doc.shown.runs.length > 0 ? `**${markdownText(now)}**` : '',
      prose(headline),
      remedy.text === '' ? '' : `**${t('What to do:')}** ${prose(remedy.text)}`,
      tone === 'nothing'
        ? ''
        : [commandLink(t('Stress test'), 'wasm-hazards.stressModule', [doc.uri]), ...moduleLinks(doc)].join(' | '),
      foldedText(doc),
      bullets(more.map(prose), MAX_SENTENCES),
      debugNotes(doc),
    ]),
    range,
  };
}

/** How many exports lists fold away. */
function foldedText({ module, analysis }: ModuleDocument): string {
  const folded = plumbingOf(module, analysis).size;
  if (folded === 0) return '';
  return t(
    '{0} exports, and {1} of the toolchain or the allocator.',
    number(analysis.exports.length - folded),
    number(folded),
  );
}

/** What is wrong with the debug information. The texts hold names from the file, so each is a code span. */
function debugNotes({ module }: ModuleDocument): string {
  const notes = sourceNotes(module);
  return notes.length === 0 ? '' : paragraphs([t('Debug information:'), bullets(notes.map(code), MAX_SENTENCES)]);
}
