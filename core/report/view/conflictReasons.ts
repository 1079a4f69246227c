/** Why two exports conflict: pairs of accesses, each with the way to it. */

import { hasBit } from '../../analysis/bits.ts';
import { cellLabel, effectText, pathText } from '../../analysis/cellText.ts';
import { whenText } from '../../analysis/conditions/conditionText.ts';
import { weaker } from '../../analysis/confidence.ts';
import { effectsMeet, indirectConfidence } from '../../analysis/conflicts.ts';
import type { Findings } from '../../analysis/hazardText.ts';
import type { Analysis, Confidence } from '../../analysis/model.ts';
import { type PairConfidence, pairConfidence } from '../../analysis/pairConfidence.ts';
import { pathsTo } from '../../analysis/paths.ts';
import { sharingUnder } from '../../analysis/queries.ts';
import { linkText, sourceSite } from '../../debug/sourceWords.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import type { ConflictReason, ConflictReasons, ReasonSide } from './matrixModel.ts';

/** An analysed module, and where instructions are in its text, `12:5`. */
export interface ReasonedModule extends Omit<Findings, 'place'> {
  textPlace?(offset: number): string | undefined;
}

const known = new WeakMap<Analysis, PairConfidence>();

function pairsOf(analysis: Analysis): PairConfidence {
  const pairs = known.get(analysis) ?? pairConfidence(analysis);
  known.set(analysis, pairs);
  return pairs;
}

/**
 * Why exports `a` and `b` (positions in the analysis) conflict, at most `limit` reasons; none if they do not. Cells that
 * read alike are told once.
 */
export function conflictReasons(reasoned: ReasonedModule, a: number, b: number, limit: number): ConflictReasons {
  const { module, analysis } = reasoned;
  const [left, right] = [analysis.exports[a], analysis.exports[b]];
  // More than are told: several effects may have the same words.
  const pairs = pairsOf(analysis).effects(left.group, right.group, 8 * limit);
  const sharing = sharingUnder(analysis, analysis.model);
  const told = new Map<string, { pair: [number, number]; reason: Omit<ConflictReason, 'sides'> }>();
  let more = pairs.length === 8 * limit;
  for (const pair of pairs) {
    const [one, other] = pair.map((id) => analysis.effects[id]);
    const met = effectsMeet(one, other, sharing);
    if (met === undefined) continue;
    const labels = [...new Set([cellLabel(module, one.cell), cellLabel(module, other.cell)])];
    const key = labels.join('\n');
    if (told.has(key)) continue;
    if (told.size === limit) {
      more = true;
      break;
    }
    const slots = one.cell.kind === 'table';
    told.set(key, {
      pair,
      reason: {
        cell: labels.join(' / '),
        confidence: confidenceOf(analysis, [left.group, right.group], pair, met.confidence),
        ...(met.condition === 'always' ? {} : { when: whenText([met.condition], slots) }),
      },
    });
  }
  const found = [...told.values()];
  const sides = (
    [
      [left, 0],
      [right, 1],
    ] as const
  ).map(([summary, side]) => {
    const effects = found.map(({ pair }) => pair[side]);
    const paths = pathsTo(analysis, summary.func, effects);
    return effects.map((effect): ReasonSide | undefined => {
      const path = paths.get(effect);
      if (path === undefined) return undefined;
      const { offset } = path.site;
      const site = sourceSite(module, offset);
      return {
        text: effectText(module, analysis.effects[effect]),
        path: pathText(module, path.path, exportLabel(summary)),
        offset,
        place: site === undefined ? (reasoned.textPlace?.(offset) ?? hex(offset)) : linkText(site),
      };
    });
  });
  const reasons = found.flatMap(({ reason }, i): ConflictReason[] => {
    const [one, other] = [sides[0][i], sides[1][i]];
    return one === undefined || other === undefined ? [] : [{ ...reason, sides: [one, other] }];
  });
  return { reasons, more };
}

/** How sure the conflict of two effects of two groups is, as `conflictingEffects` has it. */
function confidenceOf(
  analysis: Analysis,
  [a, b]: readonly [number, number],
  [e, f]: readonly [number, number],
  ofCells: Confidence,
): Confidence {
  const [left, right] = [analysis.groups[a], analysis.groups[b]];
  const [byRight, byLeft] = [analysis.settled[right.settled].all, analysis.settled[left.settled].all];
  if (hasBit(byRight, 0, e) || hasBit(byLeft, 0, f)) return 'possible';
  const direct = hasBit(left.direct, 0, e) && hasBit(right.direct, 0, f);
  return direct ? ofCells : weaker(indirectConfidence(analysis), ofCells);
}
