/** Findings, conflicts and advice of one export as a list to pick from. */

import { hazardText } from '../../../core/analysis/hazardText.ts';
import { partnersOf } from '../../../core/analysis/queries.ts';
import { RULES } from '../../../core/analysis/rules/index.ts';
import { adviceNow } from '../../../core/report/shown/shownAdvice.ts';
import { exportHeadline } from '../../../core/report/shown/standing.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { ExportItem, ExportResult } from '../protocol.ts';
import { exportReport } from './exportReport.ts';
import { shownHazards } from './settings.ts';

/** The conflict matrix has the rest. */
const MAX_PARTNERS = 200;

/** Answers `wasmHazards/export`; with a null headline and no items when the module exports no such function. */
export function exportItems(doc: ModuleDocument, exportName: string): ExportResult {
  const { analysis, module } = doc;
  const position = analysis.exports.findIndex(({ name }) => name === exportName);
  if (position < 0) return { headline: null, items: [], report: '' };
  const findings = shownHazards(doc, position).map(
    ({ hazard, severity }): ExportItem => ({
      kind: severity === 'off' ? 'hint' : severity,
      label: translated(RULES[hazard.rule].title),
      detail: hazardText(doc, position, hazard),
      offset: hazard.site.offset,
    }),
  );
  const partners = partnersOf(analysis, position).map(
    (other): ExportItem => ({
      kind: 'conflict',
      label:
        other === position
          ? t('{0} (itself)', exportLabel(analysis.exports[other]))
          : exportLabel(analysis.exports[other]),
      detail: exportHeadline(doc, other),
      offset: module.exports[analysis.exports[other].exportIndex].offset,
    }),
  );
  const advice = adviceNow(doc, position).map(
    ({ kind, text }): ExportItem => ({
      kind: 'advice',
      label: kind,
      detail: text,
      offset: null,
    }),
  );
  return {
    headline: exportHeadline(doc, position),
    items: [...findings, ...partners.slice(0, MAX_PARTNERS), ...advice],
    report: exportReport(doc, exportName) ?? '',
  };
}
