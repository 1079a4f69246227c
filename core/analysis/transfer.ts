/**
 * Transfers analyses between threads. The findings of thousands of exports are tens of thousands of small objects,
 * whose structured clone would block the receiving thread. They are packed into typed arrays, and those of an export
 * are unpacked on first use.
 */

import type { Export } from '../wasm/module.ts';
import { CONFIDENCES } from './confidence.ts';
import type { Analysis, ExportClass, ExportSummary, GrowthClass, Hazard } from './model.ts';
import { RULE_IDS } from './rules/index.ts';
import { SEVERITIES } from './rules/rule.ts';

const CLASSES: readonly ExportClass[] = ['pure', 'reads-only', 'stateful', 'grows', 'synchronised', 'host-dependent'];
const GROWTHS: readonly GrowthClass[] = ['none', 'own-body', 'call-path', 'indirect-call', 'host-import'];

/** Words of an export: position in `Module.exports`, function, class, growth class, group, conflicts, first finding. */
const EXPORT_WORDS = 7;
/** Words of a finding: rule, severity, confidence, effect, function and offset of the site, start of its path. */
const HAZARD_WORDS = 7;

/** An analysis with its exports and hazards in typed arrays; rows have `EXPORT_WORDS` and `HAZARD_WORDS` words. */
export interface PackedAnalysis extends Omit<Analysis, 'exports'> {
  exports: Uint32Array;
  hazards: Uint32Array;
  /** Functions of each path, then the call sites that leave them, path after path. */
  paths: Uint32Array;
}

/** Packs the exports of an analysis. */
export function packAnalysis(analysis: Analysis): PackedAnalysis {
  const hazards: number[] = [];
  const paths: number[] = [];
  const words = new Uint32Array(analysis.exports.length * EXPORT_WORDS);
  analysis.exports.forEach((e, i) => {
    const codes = [CLASSES.indexOf(e.class), GROWTHS.indexOf(e.growth), e.group, e.conflictCount];
    words.set([e.exportIndex, e.func, ...codes, hazards.length / HAZARD_WORDS], i * EXPORT_WORDS);
    for (const { rule, severity, confidence, effect, site, path, callSites } of e.hazards) {
      hazards.push(
        RULE_IDS.indexOf(rule),
        SEVERITIES.indexOf(severity),
        CONFIDENCES.indexOf(confidence),
        effect,
        site.func,
        site.offset,
      );
      hazards.push(paths.length);
      for (const func of path) paths.push(func);
      for (const offset of callSites) paths.push(offset);
    }
  });
  return { ...analysis, exports: words, hazards: Uint32Array.from(hazards), paths: Uint32Array.from(paths) };
}

/** Unpacks an analysis. `exported` are the exports of the module, for their names. */
export function unpackAnalysis(packed: PackedAnalysis, exported: readonly Export[]): Analysis {
  const { hazards, paths, ...rest } = packed;
  const words = packed.exports;
  const count = words.length / EXPORT_WORDS;
  const total = hazards.length / HAZARD_WORDS;
  const firstOf = (position: number): number => (position < count ? words[position * EXPORT_WORDS + 6] : total);

  function hazardAt(index: number): Hazard {
    const [rule, severity, confidence, effect, func, offset, start] = hazards.subarray(
      index * HAZARD_WORDS,
      (index + 1) * HAZARD_WORDS,
    );
    // A path has one call site fewer than functions.
    const end = index + 1 < total ? hazards[(index + 2) * HAZARD_WORDS - 1] : paths.length;
    const functions = (end - start + 1) >> 1;
    return {
      rule: RULE_IDS[rule],
      severity: SEVERITIES[severity],
      confidence: CONFIDENCES[confidence],
      cell: packed.effects[effect].cell,
      effect,
      site: { func, offset },
      path: Array.from(paths.subarray(start, start + functions)),
      callSites: Array.from(paths.subarray(start + functions, end)),
    };
  }

  const exports = Array.from({ length: count }, (_, position): ExportSummary => {
    const [exportIndex, func, exportClass, growth, group, conflictCount] = words.subarray(position * EXPORT_WORDS);
    let found: Hazard[] | undefined;
    const { name, symbol } = exported[exportIndex];
    return {
      exportIndex,
      name,
      ...(symbol === undefined ? {} : { symbol }),
      func,
      class: CLASSES[exportClass],
      growth: GROWTHS[growth],
      get hazards() {
        found ??= Array.from({ length: firstOf(position + 1) - firstOf(position) }, (_, i) =>
          hazardAt(firstOf(position) + i),
        );
        return found;
      },
      group,
      conflictCount,
    };
  });
  return { ...rest, exports };
}
