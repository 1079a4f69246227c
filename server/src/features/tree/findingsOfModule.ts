/** The findings of the analysis by rule, as items of a tree. */
import { hazardText } from '../../../../core/analysis/hazardText.ts';
import { RULES, type RuleId } from '../../../../core/analysis/rules/index.ts';
import { SEVERITIES, type Severity } from '../../../../core/analysis/rules/rule.ts';
import { isModuleHazardIgnored } from '../../../../core/source/ignoring.ts';
import { t, translated } from '../../../../core/text/l10n.ts';
import { plural } from '../../../../core/text/phrases.ts';
import { exportLabel } from '../../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import type { ModuleItem } from '../../protocol.ts';
import { type ShownHazard, severityOf, shownHazards } from '../settings.ts';
import { keyOfParts } from './itemKey.ts';
import { plainText } from './plainText.ts';

/** A finding about an export, or about the module. */
interface Found {
  severity: Severity;
  /** Undefined for one about the module. */
  position: number | undefined;
  offset: number;
  text(): string;
}

/** Findings by rule, the worst rule first. A finding that the settings hide is none. */
function findingsOf(doc: ModuleDocument): Map<RuleId, Found[]> {
  const byRule = new Map<RuleId, Found[]>();
  const add = (rule: RuleId, found: Found): void => {
    const known = byRule.get(rule);
    if (known === undefined) byRule.set(rule, [found]);
    else known.push(found);
  };
  doc.analysis.exports.forEach((_, position) => {
    // An export has several findings of a rule where it reaches the state in several ways: one stands for them.
    const worst = new Map<RuleId, ShownHazard>();
    for (const one of shownHazards(doc, position)) if (!worst.has(one.hazard.rule)) worst.set(one.hazard.rule, one);
    for (const [rule, { hazard, severity }] of worst)
      add(rule, {
        severity,
        position,
        offset: hazard.site.offset,
        text: () => hazardText(doc, position, hazard),
      });
  });
  for (const hazard of doc.analysis.moduleHazards) {
    const severity = severityOf(doc, '*', hazard);
    if (severity === 'off' || isModuleHazardIgnored(doc, hazard)) continue;
    add(hazard.rule, { severity, position: undefined, offset: hazard.offset, text: () => hazard.message });
  }
  const rank = (found: readonly Found[]): number => Math.min(...found.map((one) => SEVERITIES.indexOf(one.severity)));
  const ranked = [...byRule].map(([rule, found]) => ({ rule, found, rank: rank(found.slice(0, 1000)) }));
  return new Map(ranked.sort((a, b) => a.rank - b.rank).map(({ rule, found }) => [rule, found]));
}

const NO_PLACE = { text: '', hasItems: true, offset: null, exportName: null } as const;

/** One item for all findings; none for a module without. */
export function findingsGroup(doc: ModuleDocument): ModuleItem[] {
  const rules = findingsItems(doc);
  if (rules.length === 0) return [];
  const label = t('Findings of the analysis');
  const [{ sign }] = rules;
  return [
    { ...NO_PLACE, key: keyOfParts('findings'), kind: 'group', label, detail: plural(rules.length, 'rule'), sign },
  ];
}

/** An item for each rule. */
export const findingsItems = (doc: ModuleDocument): ModuleItem[] =>
  [...findingsOf(doc)].map(([rule, found]) => {
    const exports = found.filter(({ position }) => position !== undefined).length;
    return {
      ...NO_PLACE,
      key: keyOfParts('rule', rule),
      kind: 'finding',
      label: translated(RULES[rule].title),
      detail: exports === 0 ? t('module') : plural(exports, 'export'),
      text: translated(RULES[rule].summary),
      sign: signOf(found[0].severity),
    };
  });

/** The exports that a rule is about; each leads to the access. */
export function ruleItems(doc: ModuleDocument, rule: string, most: number): ModuleItem[] {
  const found = [...findingsOf(doc)].find(([one]) => one === rule)?.[1] ?? [];
  const { analysis } = doc;
  return found.slice(0, most).map((one, i): ModuleItem => {
    const exported = one.position === undefined ? undefined : analysis.exports[one.position];
    const text = plainText(one.text());
    return {
      key: keyOfParts('hazard', rule, exported?.name ?? String(i)),
      kind: 'finding',
      label: exported === undefined ? text : exportLabel(exported),
      detail: exported === undefined ? '' : text,
      text,
      sign: signOf(one.severity),
      hasItems: false,
      offset: one.offset > 0 ? one.offset : null,
      exportName: exported?.name ?? null,
    };
  });
}

const signOf = (severity: Severity): ModuleItem['sign'] =>
  severity === 'error' || severity === 'warning' ? severity : 'information';
