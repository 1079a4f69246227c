/**
 * Findings as diagnostics: one per export and rule group in the text, one per rule on the binary itself,
 * so that Problems stays readable for modules with thousands of exports.
 */

import type { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity } from 'vscode-languageserver';
import type { Cell } from '../../../core/analysis/cells.ts';
import { exportList } from '../../../core/analysis/exportNames.ts';
import { hazardText, modelText, moreText } from '../../../core/analysis/hazardText.ts';
import type { Hazard } from '../../../core/analysis/model.ts';
import { plumbingOf } from '../../../core/analysis/plumbing.ts';
import { pageOf, type RuleId, rulePhrase } from '../../../core/analysis/rules/index.ts';
import { SEVERITIES, type Severity } from '../../../core/analysis/rules/rule.ts';
import { isModuleHazardIgnored } from '../../../core/source/ignoring.ts';
import { t } from '../../../core/text/l10n.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import { number, paragraph, plural } from '../../../core/text/phrases.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { decodeErrorTexts } from './decodeErrors.ts';
import { FIRST_LINE, SOURCE } from './diagnosticParts.ts';
import { findingRemedy } from './findingRemedy.ts';
import { moduleHead } from './moduleWord.ts';
import { diagnosedHazards, hazardGroups, ignoreKey, type ShownHazard, severityOf, shownHazards } from './settings.ts';
import { witnessSteps } from './witness.ts';

/** VS Code shows no more for one file; the last one says that there are more. */
const MAX_DIAGNOSTICS = 1000;
/** Exports that a diagnostic about the whole binary names. */
const MAX_NAMES = 5;
/** Exports that a diagnostic about the whole binary links to. */
const MAX_LINKS = 10;

/** Pages of the rules on the web, for other editors. */
const PAGES = 'https://github.com/wasm-hazards/wasm-hazards/blob/main/';

/** What a diagnostic carries for its quick fixes. */
export interface DiagnosticData {
  rule: RuleId;
  /** Export that the finding is about, undefined for one about the module. */
  exportName: string | undefined;
  /** Entry of `wasmHazards.ignore` that silences the finding, and one for its rule in the whole file. */
  key: string | undefined;
  fileKey: string;
  /** Byte offset of the access, or of what a finding about the module is about. */
  site: number;
  /** The memory that it is about. */
  memory: number | undefined;
}

const LSP_SEVERITY: Readonly<Record<Exclude<Severity, 'off'>, DiagnosticSeverity>> = {
  error: 1,
  warning: 2,
  information: 3,
  hint: 4,
};

/** Severity in the protocol; of a finding that is switched off, that of a hint. */
export const lspSeverity = (severity: Severity): DiagnosticSeverity =>
  severity === 'off' ? 4 : LSP_SEVERITY[severity];

const rangeOf = (doc: ModuleDocument, offset: number): TextRange => doc.map.rangeOf(offset) ?? FIRST_LINE;

/** Findings of one group about an export, the worst first. */
interface Found {
  position: number;
  members: ShownHazard[];
  /** No other group of the export has a worse one. */
  isFirst: boolean;
}

/** Diagnostics of the text document. */
export function textDiagnostics(doc: ModuleDocument): Diagnostic[] {
  const general = [
    ...decodeErrors(doc, true),
    ...component(doc),
    ...partial(doc),
    ...onlyPlumbing(doc, moduleHead(doc)),
    ...moduleFindings(doc),
  ];
  const findings: Found[] = [];
  doc.analysis.exports.forEach((_, position) => {
    for (const [nth, [, members]] of hazardGroups(doc, position).entries())
      findings.push({ position, members, isFirst: nth === 0 });
  });
  const room = MAX_DIAGNOSTICS - general.length;
  if (findings.length <= room) return [...general, ...findings.map((found) => finding(doc, found))];
  // Stable: findings of one severity stay in the order of the exports.
  findings.sort((a, b) => SEVERITIES.indexOf(a.members[0].severity) - SEVERITIES.indexOf(b.members[0].severity));
  const kept = findings.slice(0, Math.max(0, room - 1));
  return [...general, ...kept.map((found) => finding(doc, found)), leftOut(findings.length - kept.length)];
}

/** Diagnostics of the binary: what its text has, by rule. */
export function binaryDiagnostics(doc: ModuleDocument): Diagnostic[] {
  const byRule = new Map<RuleId, { severity: Severity; positions: number[] }>();
  doc.analysis.exports.forEach((_, position) => {
    for (const { hazard, severity } of diagnosedHazards(doc, position)) {
      const entry = byRule.get(hazard.rule) ?? { severity, positions: [] };
      byRule.set(hazard.rule, entry);
      if (entry.positions.at(-1) !== position) entry.positions.push(position);
      if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(entry.severity)) entry.severity = severity;
    }
  });
  const summaries = [...byRule].map(([rule, { severity, positions }]) => ruleSummary(doc, rule, severity, positions));
  summaries.sort((a, b) => (a.severity ?? 4) - (b.severity ?? 4));
  const module = moduleFindings(doc).map((diagnostic) => ({
    ...diagnostic,
    range: FIRST_LINE,
    relatedInformation: [{ location: { uri: doc.textUri, range: diagnostic.range }, message: t('defined here') }],
  }));
  return [
    ...decodeErrors(doc, false),
    ...component(doc),
    ...partial(doc),
    ...onlyPlumbing(doc, FIRST_LINE),
    ...summaries,
    ...module,
  ];
}

/** Where all findings are hints about the toolchain's exports, Problems would have nothing of a module that is not safe. */
function onlyPlumbing(doc: ModuleDocument, range: TextRange | undefined): Diagnostic[] {
  const { module, analysis } = doc;
  const folded = plumbingOf(module, analysis);
  // Of others, findings may follow.
  if (folded.size === 0 || doc.isProvisional) return [];
  const isFound = (position: number): boolean => shownHazards(doc, position).length > 0;
  if (analysis.exports.some((_, position) => !folded.has(position) && isFound(position))) return [];
  const found = [...folded].filter(isFound).sort((a, b) => a - b);
  if (found.length === 0) return [];
  const names = exportList(analysis, found, MAX_NAMES);
  const message = paragraph([
    t(
      'Only exports of the toolchain or the allocator have findings, as hints: {0}. Calls of them can conflict.',
      names,
    ),
    modelText(doc),
  ]);
  return [{ range: range ?? FIRST_LINE, severity: 3, source: SOURCE, code: 'plumbing', message }];
}

function ruleSummary(doc: ModuleDocument, rule: RuleId, severity: Severity, positions: number[]): Diagnostic {
  const folded = plumbingOf(doc.module, doc.analysis);
  // Those that a reader knows come first.
  positions.sort((a, b) => Number(folded.has(a)) - Number(folded.has(b)) || a - b);
  const names = exportList(doc.analysis, positions, MAX_NAMES);
  return {
    ...base(doc, rule, undefined, 0, undefined),
    range: FIRST_LINE,
    severity: lspSeverity(severity),
    message: `${plural(positions.length, 'export')} ${rulePhrase(rule, positions.length)}: ${names}. ${modelText(doc)}`,
    relatedInformation: positions
      .slice(0, MAX_LINKS)
      .map((position) => exportLocation(doc, position, t('exported here'))),
  };
}

/** Fields that every diagnostic of a rule has. */
function base(
  doc: ModuleDocument,
  rule: RuleId,
  exportName: string | undefined,
  site: number,
  cell: Cell | undefined,
): Omit<Diagnostic, 'range' | 'message'> {
  const data: DiagnosticData = {
    rule,
    exportName,
    key: exportName === undefined ? undefined : ignoreKey(doc, exportName, rule),
    fileKey: ignoreKey(doc, '*', rule),
    site,
    memory: cell?.kind === 'memory' || cell?.kind === 'memory.grow' ? cell.index : undefined,
  };
  return { source: SOURCE, code: rule, codeDescription: { href: PAGES + pageOf(rule) }, data };
}

function finding(doc: ModuleDocument, { position, members, isFirst }: Found): Diagnostic {
  const [{ hazard, severity }, ...others] = members;
  const { name, exportIndex } = doc.analysis.exports[position];
  const more = moreText(
    doc.module,
    others.map((shown) => shown.hazard),
  );
  return {
    ...base(doc, hazard.rule, name, hazard.site.offset, hazard.cell),
    range: rangeOf(doc, doc.module.exports[exportIndex].offset),
    severity: lspSeverity(severity),
    message: paragraph([
      hazardText(doc, position, hazard, isFirst ? findingRemedy(doc, position) : ''),
      more,
      plumbingOf(doc.module, doc.analysis).has(position)
        ? t('A hint, as the export is one of the toolchain or the allocator; the verdict of the module counts it.')
        : '',
    ]),
    relatedInformation: related(doc, position, hazard),
  };
}

/** The path from the export down to the access, then the exports that it conflicts with. */
const related = (doc: ModuleDocument, position: number, hazard: Hazard): DiagnosticRelatedInformation[] =>
  witnessSteps(doc, position, hazard).map(({ offset, message }) => ({
    location: { uri: doc.textUri, range: rangeOf(doc, offset) },
    message,
  }));

const exportLocation = (doc: ModuleDocument, position: number, message: string): DiagnosticRelatedInformation => ({
  location: {
    uri: doc.textUri,
    range: rangeOf(doc, doc.module.exports[doc.analysis.exports[position].exportIndex].offset),
  },
  message,
});

/** Findings about the module as a whole. */
function moduleFindings(doc: ModuleDocument): Diagnostic[] {
  if (doc.isProvisional) return [];
  return doc.analysis.moduleHazards.flatMap((hazard): Diagnostic[] => {
    const severity = severityOf(doc, '*', hazard);
    if (severity === 'off' || isModuleHazardIgnored(doc, hazard)) return [];
    return [
      {
        ...base(doc, hazard.rule, undefined, hazard.offset, hazard.cell),
        range: rangeOf(doc, hazard.offset),
        severity: lspSeverity(severity),
        message: `${hazard.message} ${modelText(doc)}`,
      },
    ];
  });
}

function decodeErrors(doc: ModuleDocument, inText: boolean): Diagnostic[] {
  return decodeErrorTexts(doc).map(({ offset, message }) => ({
    range: inText ? rangeOf(doc, offset) : FIRST_LINE,
    severity: 1,
    source: SOURCE,
    code: 'malformed',
    message,
  }));
}

function component({ module }: ModuleDocument): Diagnostic[] {
  if (module.kind !== 'component') return [];
  const message = t(
    'This is a WebAssembly component. Callers race on the exports of the core modules inside it, which open as texts of their own.',
  );
  return [{ range: FIRST_LINE, severity: 3, source: SOURCE, code: 'component', message }];
}

function partial(doc: ModuleDocument): Diagnostic[] {
  const { partial: missing } = doc.analysis;
  if (missing === undefined || doc.isProvisional) return [];
  return [
    {
      range: FIRST_LINE,
      severity: 3,
      source: SOURCE,
      code: 'partial',
      message: t('{0} These findings are correct but incomplete.', missing),
    },
  ];
}

const leftOut = (count: number): Diagnostic => ({
  range: FIRST_LINE,
  severity: 3,
  source: SOURCE,
  code: 'more',
  message: `${
    count === 1
      ? t('1 more finding of this module is not listed here.')
      : t('{0} more findings of this module are not listed here.', number(count))
  } ${t('The conflict matrix (command `Wasm Hazards: Show conflict matrix`) and the command line list all of them.')}`,
});
