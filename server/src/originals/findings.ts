/** The findings of a module at the lines of one of its originals. */

import { exportList } from '../../../core/analysis/exportNames.ts';
import { hazardText } from '../../../core/analysis/hazardText.ts';
import type { Hazard } from '../../../core/analysis/model.ts';
import { SEVERITIES } from '../../../core/analysis/rules/rule.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { FIRST_LINE } from '../features/diagnosticParts.ts';
import { lspSeverity } from '../features/diagnostics.ts';
import { findingRemedy } from '../features/findingRemedy.ts';
import { ignoreKey, type ShownHazard, shownHazards } from '../features/settings.ts';
import { type WitnessStep, witnessSteps } from '../features/witness.ts';
import type { OriginalFinding, OriginalStep } from '../protocol.ts';
import { type Origin, type OriginalPlace, placeOfFunction, placesAt } from './origin.ts';

/** Findings of one file; an editor shows no more. */
const MAX_FINDINGS = 500;
/** Exports that a finding names beside the one that it is told of. */
const MAX_NAMES = 3;

/** A finding at a line, and the exports from which it is reached. */
interface AtLine {
  place: OriginalPlace;
  position: number;
  shown: ShownHazard;
  /** The other exports of which the same is found at this line. */
  others: number[];
}

/**
 * One finding for each line and rule, the worst of the exports. A finding stands at the innermost step of its witness path
 * that is in the workspace: an access in the allocator of a library is told at the line that calls it.
 */
export function originalFindings(doc: ModuleDocument, origin: Origin, key: string): OriginalFinding[] {
  const found = new Map<string, AtLine>();
  doc.analysis.exports.forEach((_, position) => {
    for (const shown of shownHazards(doc, position)) {
      const place = placeOfHazard(origin, shown.hazard);
      if (place?.file.key !== key) continue;
      const at = `${place.line} ${shown.hazard.rule}`;
      const known = found.get(at);
      if (known === undefined) found.set(at, { place, position, shown, others: [] });
      else found.set(at, together(known, { place, position, shown, others: [] }));
    }
  });
  return [...found.values()]
    .sort((a, b) => severityRank(a) - severityRank(b) || a.place.line - b.place.line)
    .slice(0, MAX_FINDINGS)
    .map((one) => findingOf(doc, origin, one));
}

/** The worse of two findings of one line and rule, with the exports of both. */
function together(known: AtLine, added: AtLine): AtLine {
  const [worse, other] = severityRank(added) < severityRank(known) ? [added, known] : [known, added];
  const positions = new Set([...known.others, other.position]);
  positions.delete(worse.position);
  return { ...worse, others: [...positions].sort((a, b) => a - b) };
}

const severityRank = ({ shown }: AtLine): number => SEVERITIES.indexOf(shown.severity);

/** The innermost step of the way to an access that is in the workspace. */
function placeOfHazard(origin: Origin, { site, callSites }: Hazard): OriginalPlace | undefined {
  const steps = [...callSites, site.offset];
  for (let step = steps.length - 1; step >= 0; step--) {
    const [place] = steps[step] > 0 ? placesAt(origin, steps[step]) : [];
    if (place !== undefined) return place;
  }
  return undefined;
}

function findingOf(doc: ModuleDocument, origin: Origin, { place, position, shown, others }: AtLine): OriginalFinding {
  const { hazard, severity } = shown;
  const { name } = doc.analysis.exports[position];
  const also =
    others.length === 0 ? '' : ` ${t('The same is found of {0}.', exportList(doc.analysis, others, MAX_NAMES))}`;
  return {
    module: doc.uri,
    rule: hazard.rule,
    exportName: name,
    ignoreKey: ignoreKey(doc, name, hazard.rule),
    moduleKey: ignoreKey(doc, '*', hazard.rule),
    line: place.line,
    character: place.character,
    severity: lspSeverity(severity),
    message: hazardText(doc, position, hazard, findingRemedy(doc, position)) + also,
    related: witnessSteps(doc, position, hazard).map((step) => stepAt(doc, origin, step)),
  };
}

/** A step in an original if it is here, else in the disassembly. */
function stepAt(doc: ModuleDocument, origin: Origin, { offset, func, message }: WitnessStep): OriginalStep {
  const place = func === undefined ? placesAt(origin, offset)[0] : placeOfFunction(origin, doc.module, func);
  if (place !== undefined) return { uri: place.file.uri, line: place.line, character: place.character, message };
  const { start } = doc.map.rangeOf(offset) ?? FIRST_LINE;
  return { uri: doc.textUri, line: start.line, character: start.character, message };
}
