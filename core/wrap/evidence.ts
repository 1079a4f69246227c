/** What the static analysis says of a module, as sentences for the top of generated code. */

import { type Cell, isWrite } from '../analysis/cells.ts';
import { cellLabel, namedCell } from '../analysis/cellText.ts';
import { CLASS_TEXT } from '../analysis/classText.ts';
import { threadSafetyOf } from '../analysis/conditions/threads.ts';
import { threadLabel } from '../analysis/conditions/threadText.ts';
import { conflictText, MODEL_TEXT } from '../analysis/exportText.ts';
import type { Analysis, ExportClass } from '../analysis/model.ts';
import { conflictsWithItself } from '../analysis/partners.ts';
import { conflictOf, partnersOf } from '../analysis/queries.ts';
import { declaredText, linkText, sourceSite } from '../debug/sourceWords.ts';
import { HOST_PROFILES } from '../hosts/index.ts';
import { listOf, plural, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';

/** How evidence of the static analysis begins. */
export const STATIC_EVIDENCE = 'Static analysis';

const MAX_NAMED = 6;
const MAX_CONFLICTS = 8;

/** The class of each export, whether it is thread-safe, and the conflicts under the sharing model of the analysis, one line each. */
export function evidenceOf(module: Module, analysis: Analysis): string[] {
  const profile = HOST_PROFILES[analysis.host];
  const names = (positions: readonly number[]): string =>
    listOf(
      positions.slice(0, MAX_NAMED).map((position) => quoted(exportLabel(analysis.exports[position]))),
      MAX_NAMED,
      'and',
      positions.length,
    );
  const lines = [
    `${STATIC_EVIDENCE} of ${plural(analysis.exports.length, 'exported function')} for ${profile.label}, sharing model ${MODEL_TEXT[analysis.model]}:`,
  ];
  for (const kind of Object.keys(CLASS_TEXT) as ExportClass[]) {
    const positions = [...analysis.exports.keys()].filter((position) => analysis.exports[position].class === kind);
    if (positions.length > 0) lines.push(`- ${CLASS_TEXT[kind]}: ${names(positions)}`);
  }
  const byWord = new Map<string, number[]>();
  for (const position of analysis.exports.keys()) {
    const label = threadLabel(threadSafetyOf(analysis, position));
    const positions = byWord.get(label);
    if (positions === undefined) byWord.set(label, [position]);
    else positions.push(position);
  }
  for (const [label, positions] of byWord) lines.push(`- ${label}: ${names(positions)}`);
  const conflicting = [...analysis.exports.keys()].filter((position) => analysis.exports[position].conflictCount > 0);
  for (const position of conflicting.slice(0, MAX_CONFLICTS)) {
    const [first] = conflictsWithItself(analysis, position) ? [position] : partnersOf(analysis, position);
    const conflict = conflictOf(analysis, position, first, 1);
    const id = conflict?.effects[0][first < position ? 1 : 0];
    const text = conflictText({ module, analysis, profile }, position);
    lines.push(
      `- ${quoted(exportLabel(analysis.exports[position]))}: ${text}${id === undefined ? '' : ` (${conflict?.confidence}: ${accessText(module, analysis, position, id)})`}`,
    );
  }
  if (conflicting.length > MAX_CONFLICTS)
    lines.push(`- and ${plural(conflicting.length - MAX_CONFLICTS, 'more export')} with conflicts`);
  if (conflicting.length === 0) lines.push(`No conflicts found under ${MODEL_TEXT[analysis.model]}.`);
  if (analysis.partial !== undefined) lines.push(analysis.partial);
  return lines;
}

/** `memory [1056,1060)`; `counter (memory [1056,1060)), declared at src/state.c:7, written in bump at src/state.c:13`. */
function accessText(module: Module, analysis: Analysis, position: number, id: number): string {
  const { cell } = analysis.effects[id];
  const named = namedCell(module, cell);
  const declared = named && declaredText(named);
  const { hazards } = analysis.exports[position];
  // The two sides of a conflict may be a read and a write of one cell, of which the write is the finding.
  const hazard = hazards.find(({ effect }) => effect === id) ?? hazards.find((one) => isSameCell(one.cell, cell));
  const site = hazard && sourceSite(module, hazard.site.offset);
  const inside = site?.function === undefined ? '' : ` in ${site.function}`;
  return [
    cellLabel(module, cell),
    ...(declared === undefined ? [] : [`declared at ${declared}`]),
    ...(site === undefined
      ? []
      : [`${isWrite(analysis.effects[hazard?.effect ?? id]) ? 'written' : 'read'}${inside} at ${linkText(site)}`]),
  ].join(', ');
}

const isSameCell = (a: Cell, b: Cell): boolean =>
  a.kind === b.kind && a.index === b.index && JSON.stringify(a.address) === JSON.stringify(b.address);
