/** What the static analysis says of a module, as sentences for the top of generated code. */

import { cellLabel } from '../analysis/cellText.ts';
import { threadSafetyOf } from '../analysis/conditions/threads.ts';
import { threadLabel } from '../analysis/conditions/threadText.ts';
import { conflictText, MODEL_TEXT } from '../analysis/exportText.ts';
import { CLASS_TEXT } from '../analysis/hazardText.ts';
import type { Analysis, ExportClass } from '../analysis/model.ts';
import { conflictsWithItself } from '../analysis/partners.ts';
import { conflictOf, partnersOf } from '../analysis/queries.ts';
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
    byWord.set(label, [...(byWord.get(label) ?? []), position]);
  }
  for (const [label, positions] of byWord) lines.push(`- ${label}: ${names(positions)}`);
  const conflicting = [...analysis.exports.keys()].filter((position) => analysis.exports[position].conflictCount > 0);
  for (const position of conflicting.slice(0, MAX_CONFLICTS)) {
    const [first] = conflictsWithItself(analysis, position) ? [position] : partnersOf(analysis, position);
    const conflict = conflictOf(analysis, position, first, 1);
    const effect = conflict && analysis.effects[conflict.effects[0][first < position ? 1 : 0]];
    const text = conflictText({ module, analysis, profile }, position);
    lines.push(
      `- ${quoted(exportLabel(analysis.exports[position]))}: ${text}${effect ? ` (${conflict.confidence}: ${cellLabel(module, effect.cell)})` : ''}`,
    );
  }
  if (conflicting.length > MAX_CONFLICTS)
    lines.push(`- and ${plural(conflicting.length - MAX_CONFLICTS, 'more export')} with conflicts`);
  if (conflicting.length === 0) lines.push(`No conflicts found under ${MODEL_TEXT[analysis.model]}.`);
  if (analysis.partial !== undefined) lines.push(analysis.partial);
  return lines;
}
