/** The report's part about a module: facts, verdict, findings and exports, from its analysis and what runs have shown. */

import { CLASS_TEXT } from '../../analysis/classText.ts';
import { surestFirst } from '../../analysis/confidence.ts';
import { MODEL_TEXT } from '../../analysis/exportText.ts';
import { hazardText } from '../../analysis/hazardText.ts';
import type { Hazard, ModuleHazard } from '../../analysis/model.ts';
import { plumbingOf } from '../../analysis/plumbing.ts';
import { isRuleId, RULES, type RuleId } from '../../analysis/rules/index.ts';
import { SEVERITIES, type Severity } from '../../analysis/rules/rule.ts';
import { moduleVerdict, moduleVerdictText } from '../../analysis/verdict/moduleVerdict.ts';
import { linkText, sourceSite } from '../../debug/sourceWords.ts';
import { displayable } from '../../harmless/names.ts';
import { translated } from '../../text/l10n.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import { moduleStanding } from '../shown/moduleStanding.ts';
import { exportStanding, type KnownModule } from '../shown/standing.ts';
import { matrixView } from './matrixView.ts';
import type { ExportRow, FindingGroup, FindingRow, ModuleView, VerdictView, ViewSeverity } from './model.ts';

/** A finding with the severity that the user's settings give it. */
export interface GradedHazard {
  hazard: Hazard;
  severity: Severity;
}

/** What a module's part of the report is made from. */
export interface ViewedModule extends KnownModule {
  /** How the report calls the module. */
  name: string;
  uri?: string;
  hostReason?: string;
  /** Findings about export `position` that settings and comments do not hide. */
  hazards(position: number): readonly GradedHazard[];
  moduleHazards: readonly ModuleHazard[];
  /** Where an instruction is in the text of the module, `12:5`. */
  textPlace?(offset: number): string | undefined;
  /** Why the module or its analysis is incomplete, one sentence. */
  problem?: string;
  notes?: readonly string[];
}

/** Findings of one rule that are listed, and pairs of exports of which it says why they conflict: the editor can be asked. */
const IN_EDITOR = { rowsOfRule: 30, reasonedPairs: 0 };
const MAX_ROWS = 1000;
/** Characters of the name of a file. */
const FILE_NAME = 200;

/** Takes time in proportion to exports and findings; texts are made for the findings that are listed. */
export function moduleView(viewed: ViewedModule, { rowsOfRule, reasonedPairs } = IN_EDITOR): ModuleView {
  const { module, analysis, profile, name, uri, hostReason, problem, notes = [] } = viewed;
  const hazards = analysis.exports.map((_, position) => viewed.hazards(position));
  const plumbing = plumbingOf(module, analysis);
  return {
    module: {
      name: displayable(name, FILE_NAME),
      ...(uri === undefined ? {} : { uri }),
      bytes: module.bytes.length,
      functions: module.functions.typeIndex.length,
      exports: analysis.exports.length,
    },
    host: analysis.host,
    hostLabel: profile.label,
    ...(hostReason === undefined ? {} : { hostReason: displayable(hostReason, FILE_NAME) }),
    model: analysis.model,
    modelText: translated(MODEL_TEXT[analysis.model]),
    verdict: verdictView(viewed),
    ...((problem ?? analysis.partial) === undefined ? {} : { partial: problem ?? analysis.partial }),
    findings: groupsOf(viewed, hazards, { plumbing, rowsOfRule }),
    matrix: matrixView(viewed, reasonedPairs),
    exports: analysis.exports.map((_, position) => exportRow(viewed, position, hazards[position], plumbing)),
    notes: [...notes],
  };
}

/** All findings of one rule, up to a bound, with their texts. */
export function findingsOfRule(viewed: ViewedModule, rule: string): FindingRow[] {
  const hazards = viewed.analysis.exports.map((_, position) =>
    viewed.hazards(position).filter(({ hazard }) => hazard.rule === rule),
  );
  const moduleHazards = viewed.moduleHazards.filter((hazard) => hazard.rule === rule);
  const options = { plumbing: plumbingOf(viewed.module, viewed.analysis), rowsOfRule: MAX_ROWS };
  return groupsOf({ ...viewed, moduleHazards }, hazards, options).flatMap(({ rows }) => rows);
}

function verdictView(viewed: ViewedModule): VerdictView {
  const { module, analysis } = viewed;
  const verdict = moduleVerdict(module, analysis);
  const { status, headline, kept, remedy } = verdict;
  const { ran, tone } = moduleStanding(viewed);
  return {
    status,
    headline,
    ...(ran === undefined ? {} : { shown: { text: ran, bad: tone === 'shown' } }),
    sentences: moduleVerdictText(verdict).slice(1),
    kept: kept.map(({ text, writers, contested }) => ({ text, writers: writers.length, contested })),
    remedy: remedy.text,
  };
}

function exportRow(
  viewed: ViewedModule,
  position: number,
  hazards: readonly GradedHazard[],
  plumbing: ReadonlySet<number>,
): ExportRow {
  const summary = viewed.analysis.exports[position];
  const { text, found, clean } = exportStanding(viewed, position);
  const severity = worstOf(hazards.map((one) => one.severity));
  return {
    position,
    label: exportLabel(summary),
    class: summary.class,
    classText: translated(CLASS_TEXT[summary.class]),
    text,
    conflicts: summary.conflictCount,
    ...(found === undefined ? {} : { found }),
    ...(clean ? { clean } : {}),
    ...(plumbing.has(position) ? { plumbing: true } : {}),
    ...(severity === undefined ? {} : { severity }),
    offset: viewed.module.exports[summary.exportIndex].offset,
  };
}

function worstOf(severities: readonly Severity[]): ViewSeverity | undefined {
  const worst = SEVERITIES.find((one) => severities.includes(one));
  return worst === 'off' ? undefined : worst;
}

/** A finding, and the export that it is about; undefined for the module. */
interface Placed {
  position: number | undefined;
  severity: Severity;
  rule: RuleId;
  hazard: Hazard | ModuleHazard;
}

/** Groups in the order of their worst finding. */
function groupsOf(
  viewed: ViewedModule,
  hazards: readonly (readonly GradedHazard[])[],
  { plumbing, rowsOfRule }: { plumbing: ReadonlySet<number>; rowsOfRule: number },
): FindingGroup[] {
  const groups = new Map<RuleId, Placed[]>();
  const add = (one: Placed): void => {
    if (one.severity === 'off') return;
    const members = groups.get(one.rule);
    if (members === undefined) groups.set(one.rule, [one]);
    else members.push(one);
  };
  for (const hazard of viewed.moduleHazards)
    add({ position: undefined, severity: hazard.severity, rule: hazard.rule, hazard });
  for (const [position, list] of hazards.entries())
    for (const { hazard, severity } of list) add({ position, severity, rule: hazard.rule, hazard });
  const isFolded = ({ position }: Placed): number => Number(position !== undefined && plumbing.has(position));
  return [...groups]
    .map(([rule, members]): FindingGroup => {
      members.sort((a, b) => isFolded(a) - isFolded(b) || worseFirst(a, b));
      return {
        rule,
        title: isRuleId(rule) ? translated(RULES[rule].title) : rule,
        severity: worstOf(members.map(({ severity }) => severity)) ?? 'hint',
        total: members.length,
        rows: members.slice(0, rowsOfRule).map((one) => findingRow(viewed, one)),
      };
    })
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function worseFirst(a: Placed, b: Placed): number {
  const bySeverity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (bySeverity !== 0 || !('confidence' in a.hazard) || !('confidence' in b.hazard)) return bySeverity;
  return surestFirst(a.hazard.confidence, b.hazard.confidence);
}

function findingRow(viewed: ViewedModule, { position, severity, hazard }: Placed): FindingRow {
  const offset = 'site' in hazard ? hazard.site.offset : hazard.offset;
  const site = sourceSite(viewed.module, offset);
  const about =
    position !== undefined && 'site' in hazard
      ? {
          exportName: exportLabel(viewed.analysis.exports[position]),
          text: hazardText(viewed, position, hazard),
        }
      : { text: 'message' in hazard ? hazard.message : '' };
  return {
    severity: severity === 'off' ? 'hint' : severity,
    ...about,
    offset,
    place: site === undefined ? (viewed.textPlace?.(offset) ?? hex(offset)) : linkText(site),
  };
}
