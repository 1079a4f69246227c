/**
 * Transfers analyses between threads. The findings of thousands of exports are tens of thousands of small objects,
 * whose structured clone would block the receiving thread. They are packed into typed arrays, and those of an export
 * are unpacked on first use.
 */

import type { Export } from '../wasm/module.ts';
import type { Cell } from './cells.ts';
import { CONFIDENCES } from './confidence.ts';
import type { Analysis, Confidence, ExportClass, ExportSummary, GrowthClass, Hazard } from './model.ts';
import { RULE_IDS, type RuleId } from './rules/index.ts';
import { SEVERITIES, type Severity } from './rules/rule.ts';

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
  const exports = new Array<ExportSummary>(packed.exports.length / EXPORT_WORDS);
  for (let position = 0; position < exports.length; position++)
    exports[position] = new UnpackedExport(packed, position, exported);
  return { ...rest, exports };
}

/** An export whose findings are unpacked when they are asked for. */
class UnpackedExport implements ExportSummary {
  readonly exportIndex: number;
  readonly name: string;
  declare readonly symbol?: string;
  readonly func: number;
  readonly class: ExportClass;
  readonly growth: GrowthClass;
  readonly group: number;
  readonly conflictCount: number;
  readonly #packed: PackedAnalysis;
  readonly #position: number;
  #hazards: readonly Hazard[] | undefined;

  constructor(packed: PackedAnalysis, position: number, exported: readonly Export[]) {
    const words = packed.exports;
    const at = position * EXPORT_WORDS;
    const { name, symbol } = exported[words[at]];
    this.exportIndex = words[at];
    this.name = name;
    if (symbol !== undefined) this.symbol = symbol;
    this.func = words[at + 1];
    this.class = CLASSES[words[at + 2]];
    this.growth = GROWTHS[words[at + 3]];
    this.group = words[at + 4];
    this.conflictCount = words[at + 5];
    this.#packed = packed;
    this.#position = position;
  }

  /** The same objects each time. */
  get hazards(): Hazard[] {
    this.#hazards ??= this.#unpack();
    return this.#hazards as Hazard[];
  }

  #unpack(): readonly Hazard[] {
    const { exports: words, hazards } = this.#packed;
    const next = (this.#position + 1) * EXPORT_WORDS;
    const start = words[next - 1];
    const end = next < words.length ? words[next + EXPORT_WORDS - 1] : hazards.length / HAZARD_WORDS;
    if (start === end) return NO_HAZARDS;
    const found: Hazard[] = [];
    for (let index = start; index < end; index++) found.push(new UnpackedHazard(this.#packed, index));
    return found;
  }
}

const NO_HAZARDS: readonly Hazard[] = [];

/** A finding whose path is unpacked each time that it is asked for: few of the findings of a large module are shown. */
class UnpackedHazard implements Hazard {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly effect: number;
  readonly site: Hazard['site'];
  readonly #packed: PackedAnalysis;
  readonly #index: number;

  constructor(packed: PackedAnalysis, index: number) {
    const words = packed.hazards;
    const at = index * HAZARD_WORDS;
    this.rule = RULE_IDS[words[at]];
    this.severity = SEVERITIES[words[at + 1]];
    this.confidence = CONFIDENCES[words[at + 2]];
    this.effect = words[at + 3];
    this.site = { func: words[at + 4], offset: words[at + 5] };
    this.#packed = packed;
    this.#index = index;
  }

  get cell(): Cell {
    return this.#packed.effects[this.effect].cell;
  }

  get path(): number[] {
    const { start, middle } = this.#ofPath();
    return Array.from(this.#packed.paths.subarray(start, middle));
  }

  get callSites(): number[] {
    const { middle, end } = this.#ofPath();
    return Array.from(this.#packed.paths.subarray(middle, end));
  }

  /** A path has one call site fewer than functions. */
  #ofPath(): { start: number; middle: number; end: number } {
    const { hazards, paths } = this.#packed;
    const next = (this.#index + 1) * HAZARD_WORDS;
    const start = hazards[next - 1];
    const end = next < hazards.length ? hazards[next + HAZARD_WORDS - 1] : paths.length;
    return { start, middle: start + ((end - start + 1) >> 1), end };
  }
}
