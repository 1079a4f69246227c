/** For tests: asks every feature about a document, at every line or at some. */
import assert from 'node:assert/strict';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { prepareCallHierarchy } from '../features/callHierarchy.ts';
import { codeActions } from '../features/codeAction.ts';
import { codeLenses } from '../features/codeLens.ts';
import { definition } from '../features/definition.ts';
import { binaryDiagnostics, textDiagnostics } from '../features/diagnostics.ts';
import { documentSymbols } from '../features/documentSymbol.ts';
import { exportReport } from '../features/exportReport.ts';
import { foldingRanges } from '../features/foldingRange.ts';
import { hover } from '../features/hover.ts';
import { inlayHints } from '../features/inlayHint.ts';
import { matrixText } from '../features/matrix.ts';
import { references } from '../features/references.ts';
import { reportOf } from '../features/report.ts';
import { moduleItems } from '../features/tree/moduleItems.ts';

const EDITS = { documentChanges: true, snippets: true };

/**
 * Asks at every `step`th line. @throws whatever a feature throws, and AssertionError where an answer points outside of the
 * text
 */
export function askFeatures(doc: ModuleDocument, step = 1): void {
  const lines = doc.lineStarts.length;
  const diagnostics = textDiagnostics(doc);
  const found = [
    ...diagnostics,
    ...binaryDiagnostics(doc),
    ...codeLenses(doc),
    ...foldingRanges(doc).map(({ startLine }) => ({ range: { start: { line: startLine } } })),
  ];
  for (const { range } of found) assert.ok(range.start.line < lines, `line ${range.start.line} of ${lines}`);
  documentSymbols(doc);
  matrixText(doc);
  reportOf(doc);
  const all = { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } };
  inlayHints(doc, all);
  for (const { range } of diagnostics.slice(0, 5)) codeActions(doc, range, diagnostics, EDITS);
  const open = moduleItems(doc, '', 50);
  for (const item of open) moduleItems(doc, item.key, 50);
  for (const { name } of doc.analysis.exports.slice(0, 20)) exportReport(doc, name);
  for (let line = 0; line < lines; line += step) {
    for (const character of [3, 9, 16, 25]) {
      hover(doc, line, character);
      definition(doc, line, character);
    }
    if (line % 7 === 0) {
      references(doc, line, 9, true);
      prepareCallHierarchy(doc, line, 9);
    }
  }
}
