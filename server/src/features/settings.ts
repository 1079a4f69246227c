/** Applies the user's settings to findings. */
import { surestFirst } from '../../../core/analysis/confidence.ts';
import type { Hazard } from '../../../core/analysis/model.ts';
import { plumbingOf } from '../../../core/analysis/plumbing.ts';
import { RULES, type RuleId } from '../../../core/analysis/rules/index.ts';
import { type RuleGroup, SEVERITIES, type Severity } from '../../../core/analysis/rules/rule.ts';
import { fileName } from '../../../core/source/binary.ts';
import { isIgnoredAt } from '../../../core/source/ignoring.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Entry of `wasmHazards.ignore` for a rule's findings about one export, `*` for all of the file. */
export const ignoreKey = (doc: ModuleDocument, exportName: string, rule: RuleId): string =>
  `${fileName(doc.uri)}:${exportName}:${rule}`;

const ignored = new WeakMap<readonly string[], ReadonlySet<string>>();

function ignoredKeys(keys: readonly string[]): ReadonlySet<string> {
  let known = ignored.get(keys);
  if (known === undefined) {
    known = new Set(keys);
    ignored.set(keys, known);
  }
  return known;
}

/** Severity of a rule by the settings, regardless of ignored findings. */
const ruleSeverity = (doc: ModuleDocument, rule: RuleId, otherwise: Severity): Severity =>
  doc.settings.rules[rule] ?? otherwise;

/** Severity of a finding about export `exportName`; `off` when it is switched off or ignored. */
export function severityOf(
  doc: ModuleDocument,
  exportName: string,
  hazard: Pick<Hazard, 'rule' | 'severity'>,
): Severity {
  const keys = ignoredKeys(doc.settings.ignore);
  const silenced = (name: string): boolean => keys.has(ignoreKey(doc, name, hazard.rule));
  if (keys.size > 0 && (silenced(exportName) || silenced('*'))) return 'off';
  return ruleSeverity(doc, hazard.rule, hazard.severity);
}

/** A finding and the severity that the settings give it, which may differ from the finding's own. */
export interface ShownHazard {
  hazard: Hazard;
  severity: Severity;
}

/** Worse first: by severity, then by confidence. */
const worseFirst = (a: ShownHazard, b: ShownHazard): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  surestFirst(a.hazard.confidence, b.hazard.confidence);

/** Whether following pointers cannot take a finding away: it is not about memory, nor about tables that are reached through it. */
const isCertain = ({ isProvisional }: ModuleDocument, { cell, confidence }: Hazard): boolean =>
  isProvisional !== true || (confidence !== 'possible' && cell.kind !== 'memory' && cell.kind !== 'table');

/** Findings about export `position` that the settings do not hide, worst first. */
export function shownHazards(doc: ModuleDocument, position: number): ShownHazard[] {
  const { name, hazards } = doc.analysis.exports[position];
  return hazards
    .map((hazard) => ({ hazard, severity: severityOf(doc, name, hazard) }))
    .filter(
      ({ hazard, severity }) => severity !== 'off' && isCertain(doc, hazard) && !isIgnoredAt(doc, position, hazard),
    )
    .sort(worseFirst);
}

/**
 * The same as diagnostics grade them: those of the toolchain's own exports are hints, which neither underline nor stand in
 * Problems. Verdicts, reports and lists count them with the severities that they have.
 */
export function diagnosedHazards(doc: ModuleDocument, position: number): ShownHazard[] {
  const shown = shownHazards(doc, position);
  if (shown.length === 0 || !plumbingOf(doc.module, doc.analysis).has(position)) return shown;
  return shown.map(({ hazard }) => ({ hazard, severity: 'hint' }));
}

/** The same by rule group, groups in the order of their worst finding. */
export function hazardGroups(doc: ModuleDocument, position: number): [RuleGroup, ShownHazard[]][] {
  const groups = new Map<RuleGroup, ShownHazard[]>();
  for (const shown of diagnosedHazards(doc, position)) {
    const { group } = RULES[shown.hazard.rule];
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [shown]);
    else members.push(shown);
  }
  return [...groups];
}
