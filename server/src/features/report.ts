/** The report's part about a module, and answers to what its page asks. */

import { conflictReasons } from '../../../core/report/view/conflictReasons.ts';
import { REASONS_OF_PAIR } from '../../../core/report/view/matrixView.ts';
import type { ModuleView } from '../../../core/report/view/model.ts';
import { findingsOfRule, moduleView, type ViewedModule } from '../../../core/report/view/moduleView.ts';
import type { PageQuestion, PageQuestions } from '../../../core/report/view/pageMessages.ts';
import { fileName } from '../../../core/source/binary.ts';
import { isModuleHazardIgnored } from '../../../core/source/ignoring.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { severityOf, shownHazards } from './settings.ts';

/** Answers `wasmHazards/report`. */
export const reportOf = (doc: ModuleDocument): ModuleView => moduleView(viewedOf(doc));

/** Answers `wasmHazards/reportQuestion`; what comes from a page is not trusted to have its type. */
export function answerQuestion(doc: ModuleDocument, question: PageQuestion, params: unknown): unknown {
  const answers: { [Q in PageQuestion]: (given: unknown) => PageQuestions[Q]['result'] } = {
    findings: (given) => ({ rows: findingsOfRule(viewedOf(doc), String((given as { rule?: unknown } | null)?.rule)) }),
    conflict: (given) => {
      const { a, b } = (given ?? {}) as { a?: unknown; b?: unknown };
      return conflictReasons(viewedOf(doc), exportAt(doc, a), exportAt(doc, b), REASONS_OF_PAIR);
    },
  };
  if (!Object.hasOwn(answers, question)) throw new Error(`there is no question ${question}`);
  return answers[question](params);
}

/** @throws if it is no position of an export */
function exportAt({ analysis }: ModuleDocument, position: unknown): number {
  if (typeof position === 'number' && analysis.exports[position] !== undefined) return position;
  throw new Error(t('The module has changed. Open the report again.'));
}

function viewedOf(doc: ModuleDocument): ViewedModule {
  const { module, analysis, uri, source, map } = doc;
  return {
    ...doc,
    name: fileName(uri),
    hazards: (position) => shownHazards(doc, position),
    moduleHazards: analysis.moduleHazards
      .filter((hazard) => !isModuleHazardIgnored(doc, hazard))
      .map((hazard) => ({ ...hazard, severity: severityOf(doc, '*', hazard) })),
    // Lines of a disassembly are nobody's coordinates: byte offsets are the same everywhere.
    textPlace: source && ((offset) => lineText(map.rangeOf(offset))),
    problem: module.errors.length > 0 ? `${module.errors[0].message}.` : undefined,
  };
}

const lineText = (range: { start: { line: number; character: number } } | undefined): string | undefined =>
  range && `${range.start.line + 1}:${range.start.character + 1}`;
