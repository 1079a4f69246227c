/**
 * The text form of `check`: an aligned block for each module. Names of functions and exports come from
 * the file, so all of them pass through the display functions, which let no escape sequence out.
 */

import { cellLabel } from '../../analysis/cellText.ts';
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { conditionLabel } from '../../analysis/conditions/conditionText.ts';
import { threadSafetyOf } from '../../analysis/conditions/threads.ts';
import { needsText, threadLabel } from '../../analysis/conditions/threadText.ts';
import { exportAdvice } from '../../analysis/exportText.ts';
import { type Findings, placeText, witnessText } from '../../analysis/hazardText.ts';
import { lockedStates } from '../../analysis/locks/lockGuards.ts';
import { guardedText } from '../../analysis/locks/lockText.ts';
import type { ExportClass, Hazard } from '../../analysis/model.ts';
import { adviceFor, stackAdvice, usesStack } from '../../analysis/modelAdvice.ts';
import { nothingShared } from '../../analysis/nothingShared.ts';
import { oneInstanceText, onOneInstanceToo } from '../../analysis/oneInstance.ts';
import { conflictsWithItself } from '../../analysis/partners.ts';
import type { Severity } from '../../analysis/rules/rule.ts';
import { moduleVerdict, moduleVerdictText } from '../../analysis/verdict/moduleVerdict.ts';
import { blockingText, canBlock } from '../../analysis/waiting.ts';
import { sourceOf } from '../../debug/moduleSource.ts';
import { sourceNotes } from '../../debug/notes.ts';
import { linkText, sourceSite } from '../../debug/sourceWords.ts';
import { displayable } from '../../harmless/names.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { listOf, plural } from '../../text/phrases.ts';
import { exportLabel, exportLabelOf } from '../../wasm/displayNames.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import { type CheckedModule, countFindings, SEVERITY_RANK } from '../checkedModule.ts';
import { countConflicts, listConflicts } from '../conflictList.ts';
import type { Presentation } from '../outputFormat.ts';
import { inputName, placeName } from '../sourcePlace.ts';
import { componentTexts } from './componentText.ts';
import { type Paint, palette, table, wrap } from './style.ts';

const CONFLICTS = 12;
/** Exports that the list of those that can block names. */
const BLOCKING = 20;
/** Locks that are named. */
const LOCKS = 6;
/** Exports that are listed for each word about threads. */
const BY_WORD = 12;
const NAME_WIDTH = 40;

const SHORT: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'info',
  hint: 'hint',
  off: 'off',
};

/** One module, or the notes on a source without a module that could be analysed. */
export function textModule(checked: CheckedModule, options: Presentation): string {
  const lines =
    checked.analysis === undefined
      ? [headLine(checked, options), ...noteLines(checked, options)]
      : [
          ...summaryLines(checked, options),
          '',
          ...exportLines(checked, options),
          ...threadLines(checked, options),
          ...conflictLines(checked, options),
          ...oneInstanceLines(checked, options),
          ...lockLines(checked, options),
          ...blockingLines(checked, options),
          ...noteLines(checked, options),
          ...adviceLines(checked, options),
        ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** File, number in a script, host and model. */
function headLine({ file, source, host, analysis }: CheckedModule, { colour }: Presentation): string {
  const number = source?.module === undefined ? '' : ` (module ${source.module})`;
  return `${palette(colour).bold(inputName(file))}${number}  ${analysis === undefined ? 'no module was analysed' : `${host}, ${analysis.model}`}`;
}

/** Comments of a source that silence nothing, and parts of it that were not analysed. */
function noteLines({ file, source }: CheckedModule, { colour }: Presentation): string[] {
  if (source === undefined) return [];
  const { dim } = palette(colour);
  const lines = [
    ...source.unusedIgnores.map((note) => `  ${placeName(file, note)}: ${note.message}`),
    ...source.skipped.map((note) => `  ${placeName(file, note)}: not analysed: ${note.message}`),
  ];
  return lines.length > 0 ? ['', ...lines.map(dim)] : [];
}

/** Names a place of the binary in its source: `file:line:column`, which terminals and editors turn into a link. */
function placed({ file, source, module }: CheckedModule): Findings['place'] {
  if (source !== undefined) return (offset) => `${placeName(file, source.place(offset))} (${hex(offset)})`;
  if (module === undefined || sourceOf(module) === undefined) return undefined;
  return (offset) => {
    const site = sourceSite(module, offset);
    return site === undefined ? hex(offset) : `${linkText(site, true)} (${hex(offset)})`;
  };
}

/** What the module is to somebody who embeds it, a paragraph for each sentence. */
function verdictLines({ module, analysis }: CheckedModule, { colour, columns }: Presentation): string[] {
  const { bold } = palette(colour);
  const width = Math.max(40, Math.min(columns ?? 120, 120) - 2);
  return moduleVerdictText(moduleVerdict(module!, analysis!)).flatMap((sentence, nth) =>
    wrap(sentence, width).map((line) => `  ${nth === 0 ? bold(line) : line}`),
  );
}

/** File, host and model, the verdict, then size and counts. */
function summaryLines(checked: CheckedModule, options: Presentation): string[] {
  const { colour } = options;
  const { dim } = palette(colour);
  const { module, analysis, hostReason } = checked;
  const facts = [
    size(checked.bytes),
    plural(module!.functions.typeIndex.length, 'function'),
    plural(analysis!.exports.length, 'exported function'),
    countConflicts(analysis!) === 0 ? 'no conflicts found' : plural(countConflicts(analysis!), 'conflicting pair'),
    findings(countFindings(checked), colour),
    ...(checked.source?.ignored ? [`${checked.source.ignored} ignored`] : []),
  ];
  const lines = [headLine(checked, options), ...verdictLines(checked, options), '', `  ${facts.join(', ')}`];
  const width = Math.max(40, Math.min(options.columns ?? 120, 120) - 2);
  for (const text of componentTexts(checked)) lines.push(...wrap(text, width).map((line) => `  ${line}`));
  if (hostReason !== undefined) lines.push(dim(`  host: ${displayable(hostReason, 400)}`));
  const unshared = nothingShared(analysis!);
  if (unshared !== undefined) lines.push(`  shared-memory: ${unshared}`);
  for (const note of sourceNotes(module!))
    lines.push(...wrap(`debug information: ${note}`, width).map((line) => `  ${line}`));
  if (analysis!.partial !== undefined) lines.push(`  partial: ${analysis!.partial}`);
  return lines;
}

/** Table of exports: a line for each rule that found something, the first one beside the name. */
function exportLines(
  checked: CheckedModule,
  { limit = Number.POSITIVE_INFINITY, colour, columns }: Presentation,
): string[] {
  const { dim, bold } = palette(colour);
  const analysis = checked.analysis!;
  const module = checked.module!;
  const found: Findings = { module, analysis, profile: HOST_PROFILES[checked.host], place: placed(checked) };
  if (analysis.exports.length === 0) return ['  exports no function'];
  const order = worstFirst(checked, limit);
  const rows: string[][] = [['EXPORT', 'CLASS', 'CONFLICTS', 'SEVERITY', 'RULE', 'CELL', 'WHERE']];
  for (const position of order) {
    const summary = analysis.exports[position];
    const partners = partnersLabel(summary.conflictCount, conflictsWithItself(analysis, position));
    const first = [displayable(exportLabel(summary), NAME_WIDTH), CLASS_TEXT[summary.class], partners];
    const cells = hazardRows(found, position, checked.hazards[position]);
    if (cells.length === 0) rows.push([...first, '-']);
    for (const [nth, row] of cells.entries()) rows.push([...(nth === 0 ? first : ['', '', '']), ...row]);
  }
  for (const hazard of checked.moduleHazards) {
    rows.push([
      '(module)',
      '',
      '',
      SHORT[hazard.severity],
      hazard.rule,
      cellLabel(module, hazard.cell),
      placeText(found, hazard.offset),
    ]);
  }
  const paints: Paint[][] = rows.map((row, index) =>
    index === 0 ? row.map(() => dim) : [bold, classPaint(row[1], colour), dim, severityPaint(row[3], colour)],
  );
  const lines = table(rows, paints);
  for (const { message } of checked.moduleHazards)
    lines.push(
      ...wrap(`(module) ${message}`, Math.max(40, Math.min(columns ?? 120, 120) - 2)).map((line) => dim(`  ${line}`)),
    );
  const hidden = analysis.exports.length - order.length;
  if (hidden > 0) lines.push(dim(`  ... and ${plural(hidden, 'more export')} (--limit 0 lists all)`));
  return lines;
}

/** A row for each rule that found something: its worst finding, and the number of others. */
function hazardRows(findings: Findings, position: number, hazards: readonly Hazard[]): string[][] {
  const rules = [...new Set(hazards.map(({ rule }) => rule))];
  return rules.map((rule) => {
    const [hazard, ...others] = hazards.filter((candidate) => candidate.rule === rule);
    const sure = hazard.confidence === 'definite' ? '' : ` (${hazard.confidence})`;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return [
      SHORT[hazard.severity],
      hazard.rule,
      cellLabel(findings.module, hazard.cell) + more,
      witnessText(findings, position, hazard) + sure,
    ];
  });
}

/** Positions of the exports to list: all in module order, or only the worst if there are too many. */
function worstFirst(checked: CheckedModule, limit: number): number[] {
  const { exports } = checked.analysis!;
  const positions = exports.map((_, position) => position);
  if (positions.length <= limit) return positions;
  const worst = (position: number): number =>
    Math.max(-1, ...checked.hazards[position].map(({ severity }) => SEVERITY_RANK[severity]));
  const rank = positions.map(worst);
  return positions.sort((a, b) => rank[b] - rank[a] || a - b).slice(0, limit);
}

/** The number of exports that one conflicts with: `itself + 3`. */
function partnersLabel(count: number, itself: boolean): string {
  if (count === 0) return '-';
  if (!itself) return String(count);
  return count === 1 ? 'itself' : `itself + ${String(count - 1)}`;
}

/** Exports by whether they are thread-safe, in the order of their first. */
function threadLines({ module, analysis }: CheckedModule, { colour, columns }: Presentation): string[] {
  const { dim } = palette(colour);
  const byWord = new Map<string, string[]>();
  for (const [position, { exportIndex }] of analysis!.exports.entries()) {
    const safety = threadSafetyOf(analysis!, position);
    const needs = safety.word === 'thread-compatible' ? needsText(safety) : '';
    const label = threadLabel(safety) + needs;
    const names = byWord.get(label) ?? [];
    byWord.set(label, names);
    names.push(displayable(exportLabel(module!.exports[exportIndex]), NAME_WIDTH));
  }
  if (byWord.size === 0) return [];
  const width = Math.max(40, Math.min(columns ?? 120, 120) - 2);
  const lines = [...byWord].flatMap(([label, names]) => wrap(`${label}: ${listOf(names, BY_WORD)}`, width));
  return ['', dim('  THREADS'), ...lines.map((line) => `  ${line}`)];
}

function conflictLines(checked: CheckedModule, { colour }: Presentation): string[] {
  const { dim } = palette(colour);
  const { conflicts, total } = listConflicts(checked.analysis!, CONFLICTS, 3);
  if (total === 0) return [];
  const rows = conflicts.map(({ a, b, confidence, condition, cells }) => [
    displayable(exportLabelOf(checked.module!, a), NAME_WIDTH),
    a === b ? 'itself' : displayable(exportLabelOf(checked.module!, b), NAME_WIDTH),
    confidence,
    conditionLabel(condition),
    cells.map((cell) => cellLabel(checked.module!, cell)).join(', '),
  ]);
  const head = ['CONFLICT OF', 'WITH', 'CONFIDENCE', 'WHEN', 'ON'];
  const lines = table([head, ...rows], [head.map(() => dim)]);
  if (total > conflicts.length)
    lines.push(dim(`  ... and ${plural(total - conflicts.length, 'more pair')} (--format json lists them)`));
  return ['', ...lines];
}

/** What the findings say nothing about: calls that meet on one instance. */
function oneInstanceLines({ module, analysis }: CheckedModule, { colour, columns }: Presentation): string[] {
  const { dim } = palette(colour);
  const found = onOneInstanceToo(analysis!);
  if (found === undefined) return [];
  const lines = wrap(oneInstanceText(module!, analysis!, found), Math.max(40, Math.min(columns ?? 120, 120) - 2));
  return ['', dim('  ON ONE INSTANCE'), ...lines.map((line) => `  ${line}`)];
}

/** What is no conflict because of a lock. */
function lockLines({ module, analysis }: CheckedModule, { colour, columns }: Presentation): string[] {
  const { dim } = palette(colour);
  const states = lockedStates(analysis!);
  if (states.length === 0) return [];
  const width = Math.max(40, Math.min(columns ?? 120, 120) - 2);
  const lines = states.slice(0, LOCKS).flatMap((state) => wrap(guardedText(module!, state), width));
  if (states.length > LOCKS) lines.push(`... and ${plural(states.length - LOCKS, 'more lock')}`);
  return ['', dim('  LOCKS'), ...lines.map((line) => `  ${line}`)];
}

/** Exports that can block, in one list. */
function blockingLines({ module, analysis, host }: CheckedModule, { colour, columns }: Presentation): string[] {
  const { dim } = palette(colour);
  const names = analysis!.exports.flatMap(({ exportIndex }, position) =>
    canBlock(analysis!, position) ? [displayable(exportLabel(module!.exports[exportIndex]), NAME_WIDTH)] : [],
  );
  if (names.length === 0) return [];
  const text = blockingText(HOST_PROFILES[host], listOf(names, BLOCKING));
  const lines = wrap(text, Math.max(40, Math.min(columns ?? 120, 120) - 2));
  return ['', dim('  CAN BLOCK'), ...lines.map((line) => `  ${line}`)];
}

/** What to do about each class of export that occurs, and about stacks where instances have a memory in common. */
function adviceLines({ module, analysis, host }: CheckedModule, { colour, columns }: Presentation): string[] {
  const { dim } = palette(colour);
  const found: Findings = { module: module!, analysis: analysis!, profile: HOST_PROFILES[host] };
  const positions = analysis!.exports.map((_, position) => position);
  const stack = stackAdvice(module!, analysis!);
  // Exports of which the stack is all need no other advice.
  const rest = positions.filter((position) => stack === undefined || exportAdvice(found, position)[0].kind !== 'stack');
  const present = new Set(rest.map((position) => analysis!.exports[position].class));
  const rows = (Object.keys(CLASS_TEXT) as ExportClass[])
    .filter((kind) => present.has(kind))
    .map((kind): [label: string, text: string] => [CLASS_TEXT[kind], adviceFor(found, kind)]);
  if (stack !== undefined && positions.some((position) => usesStack(analysis!, position))) rows.push(['stack', stack]);
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.flatMap(([label, text]) =>
    wrap(text, Math.max(40, Math.min(columns ?? 120, 120) - width - 4)).map((line, nth) => {
      const shown = nth === 0 ? label : '';
      return `  ${classPaint(label, colour)(shown)}${' '.repeat(width - shown.length)}  ${line}`;
    }),
  );
  return lines.length > 0 ? ['', dim('  WHAT TO DO'), ...lines] : [];
}

const plain: Paint = (text) => text;

function severityPaint(severity: string | undefined, colour: boolean): Paint {
  const { red, yellow, cyan } = palette(colour);
  return severity === 'error' ? red : severity === 'warning' ? yellow : severity === 'info' ? cyan : plain;
}

function classPaint(text: string, colour: boolean): Paint {
  const { red, yellow, green } = palette(colour);
  if (text === CLASS_TEXT.grows) return red;
  if (text === CLASS_TEXT.stateful) return yellow;
  return text === CLASS_TEXT.pure || text === CLASS_TEXT.synchronised ? green : plain;
}

function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The numbers of findings: `2 errors, 1 warning`. */
function findings(counts: ReadonlyMap<string, number>, colour: boolean): string {
  const parts = (['error', 'warning', 'information'] as const).flatMap((severity) => {
    const count = counts.get(severity) ?? 0;
    if (count === 0) return [];
    const text = {
      error: plural(count, 'error'),
      warning: plural(count, 'warning'),
      information: plural(count, 'note'),
    };
    return [severityPaint(severity === 'information' ? 'info' : severity, colour)(text[severity])];
  });
  return parts.length > 0 ? parts.join(', ') : 'no findings';
}

/** Last line of a run over several modules. */
export function textTotal(modules: number, counts: ReadonlyMap<string, number>, colour: boolean): string {
  return `\n${plural(modules, 'module')}: ${findings(counts, colour)}\n`;
}
