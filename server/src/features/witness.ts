/** What stands below a finding: the way from the export to the access, and the exports that it conflicts with. */

import { edgeKinds, placeText, siteText } from '../../../core/analysis/hazardText.ts';
import type { EdgeKind, Hazard } from '../../../core/analysis/model.ts';
import { exportsAgainst } from '../../../core/analysis/partners.ts';
import { inlinedFunctions, sourceFunctionName } from '../../../core/debug/sourceWords.ts';
import { t } from '../../../core/text/l10n.ts';
import { plural, quoted } from '../../../core/text/phrases.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Steps listed from the beginning of a witness path; the access itself is always listed. */
const MAX_STEPS = 12;
/** Conflicting exports listed below the path of a finding. */
const MAX_PARTNERS = 3;

/** One line below a finding, and the byte offset that it is about. */
export interface WitnessStep {
  offset: number;
  /** The function that it is about as a whole. */
  func?: number;
  message: string;
}

/** The path from the export down to the access, then the exports that it conflicts with. */
export function witnessSteps(doc: ModuleDocument, position: number, hazard: Hazard): WitnessStep[] {
  const { module, analysis } = doc;
  const { path, callSites, site, effect } = hazard;
  const kinds = edgeKinds(analysis, hazard);
  const steps = callSites
    .slice(0, MAX_STEPS)
    .map((offset, i): WitnessStep => ({ offset, message: callText(doc, path[i], path[i + 1], kinds[i], offset) }));
  const last = quoted(sourceFunctionName(module, site.func));
  if (callSites.length > MAX_STEPS)
    steps.push({
      offset: callSites[MAX_STEPS],
      message: t('{0} to {1}', plural(callSites.length - MAX_STEPS, 'more call'), last),
    });
  if (site.offset > 0) {
    const inlined = inlinedFunctions(module, site.offset).at(-1);
    const [what, place] = [siteText(module, hazard), placeText(doc, site.offset)];
    const message =
      inlined === undefined
        ? t('{0} in {1} at {2}', what, last, place)
        : t('{0} in {1}, inlined into {2}, at {3}', what, quoted(inlined), last, place);
    steps.push({ offset: site.offset, message });
  }
  const partners = exportsAgainst(analysis, effect)
    .slice(0, MAX_PARTNERS + 1)
    .filter((other) => other !== position)
    .slice(0, MAX_PARTNERS)
    .map(
      (other): WitnessStep => ({
        offset: module.exports[analysis.exports[other].exportIndex].offset,
        func: analysis.exports[other].func,
        message: t('conflicts with {0}', quoted(exportLabel(analysis.exports[other]))),
      }),
    );
  return [...steps, ...partners];
}

/** `increment` calls `$bump` at 0xd2, `indirectly` where a table is between them. */
function callText(
  doc: ModuleDocument,
  caller: number,
  callee: number | undefined,
  kind: EdgeKind,
  offset: number,
): string {
  const { module } = doc;
  // A path into unknown code ends with the call.
  const to = callee === undefined ? t('unknown code') : quoted(sourceFunctionName(module, callee));
  const from = quoted(sourceFunctionName(module, caller));
  return kind === 'direct'
    ? t('{0} calls {1} at {2}', from, to, placeText(doc, offset))
    : t('{0} calls {1} indirectly at {2}', from, to, placeText(doc, offset));
}
