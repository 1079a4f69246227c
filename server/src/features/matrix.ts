/**
 * The conflict matrix as text: a table of the conflicting exports, then each conflict with its cells.
 * Exports with the same effects share a row, so that large modules stay readable.
 */

import { isHostCell } from '../../../core/analysis/cells.ts';
import { cellLabel } from '../../../core/analysis/cellText.ts';
import { MODEL_TEXT } from '../../../core/analysis/exportText.ts';
import { meet } from '../../../core/analysis/groups.ts';
import type { Confidence } from '../../../core/analysis/model.ts';
import { type PairConfidence, pairConfidence } from '../../../core/analysis/pairConfidence.ts';
import { fileName } from '../../../core/source/binary.ts';
import { number, plural } from '../../../core/text/phrases.ts';
import { exportLabel, shorten } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Rows and columns of the table; two characters a column. */
const MAX_ROWS = 60;
/** Conflicting pairs of rows that are listed, and cells of each. */
const MAX_PAIRS = 400;
const MAX_CELLS = 4;
const NAME_WIDTH = 40;
/** Names shown for a row of several exports. */
const MAX_NAMES = 3;

const SYMBOL: Readonly<Record<Confidence, string>> = { definite: 'D', likely: 'L', possible: 'P' };

/** The matrix of a module as a text of several paragraphs that ends with a line break; answers `wasmHazards/matrix`. */
export function matrixText(doc: ModuleDocument): string {
  const { analysis, profile } = doc;
  const rows = analysis.groups.map((_, group) => group).filter((group) => conflictsWithAny(doc, group));
  const independent = analysis.groups.flatMap(({ exports }, group) => (rows.includes(group) ? [] : exports));
  const pairs = pairConfidence(analysis);
  const parts = [
    `Conflict matrix of ${fileName(doc.uri)}`,
    `Host profile ${profile.id} (${doc.hostReason}), sharing model: ${MODEL_TEXT[analysis.model]}.`,
    analysis.partial === undefined ? '' : `Partial: ${analysis.partial}`,
    summary(doc, rows, independent),
    rows.length === 0 ? '' : table(doc, rows, pairs),
    independent.length === 0
      ? ''
      : `No conflict found with any export, including itself: ${names(doc, independent, 40)}.`,
    rows.length === 0 ? '' : pairList(doc, rows, pairs),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function conflictsWithAny({ analysis }: ModuleDocument, group: number): boolean {
  return analysis.groups.some((other) => meet(analysis.groups[group], other));
}

function summary({ analysis }: ModuleDocument, rows: number[], independent: number[]): string {
  const total = analysis.exports.length;
  if (total === 0) return 'The module exports no function.';
  if (rows.length === 0) return `No conflict found in ${plural(total, 'export')}.`;
  return `${plural(total, 'export')}: ${number(total - independent.length)} with conflicts, ${number(independent.length)} without.`;
}

/** Names of exports, bounded. */
function names({ analysis }: ModuleDocument, positions: readonly number[], limit: number): string {
  const shown = positions.slice(0, limit).map((position) => exportLabel(analysis.exports[position]));
  const left = positions.length - shown.length;
  return shown.join(', ') + (left > 0 ? ` and ${number(left)} more` : '');
}

/** Name of a row: its export, or the first of several with their number. */
function rowName(doc: ModuleDocument, group: number): string {
  const { exports } = doc.analysis.groups[group];
  if (exports.length === 1) return shorten(exportLabel(doc.analysis.exports[exports[0]]), NAME_WIDTH);
  const first = names(doc, exports.slice(0, MAX_NAMES), MAX_NAMES);
  return `${shorten(first, NAME_WIDTH)}${exports.length > MAX_NAMES ? ', ...' : ''} (${exports.length})`;
}

function table(doc: ModuleDocument, rows: number[], pairs: PairConfidence): string {
  const shown = rows.slice(0, MAX_ROWS);
  const labels = shown.map((group) => rowName(doc, group));
  const nameWidth = Math.max(...labels.map((label) => label.length));
  const numberWidth = String(shown.length).length;
  const cell = (text: string): string => text.padStart(numberWidth);
  const lines = [`${' '.repeat(numberWidth + 1 + nameWidth)}  ${shown.map((_, i) => cell(String(i + 1))).join(' ')}`];
  shown.forEach((a, i) => {
    const symbols = shown.map((b) => cell(symbolOf(pairs.of(a, b))));
    lines.push(`${cell(String(i + 1))} ${labels[i].padEnd(nameWidth)}  ${symbols.join(' ')}`);
  });
  if (rows.length > shown.length)
    lines.push(`${plural(rows.length - shown.length, 'more row')} of conflicting exports left out.`);
  return `D definite  L likely  P possible  . no conflict found\n\n${lines.join('\n')}`;
}

const symbolOf = (confidence: Confidence | undefined): string => (confidence === undefined ? '.' : SYMBOL[confidence]);

function pairList(doc: ModuleDocument, rows: number[], pairs: PairConfidence): string {
  const lines: string[] = [];
  let left = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = i; j < rows.length; j++) {
      if (!meet(doc.analysis.groups[rows[i]], doc.analysis.groups[rows[j]])) continue;
      if (lines.length < MAX_PAIRS) lines.push(pairLine(doc, rows[i], rows[j], pairs));
      else left++;
    }
  }
  if (left > 0) lines.push(`${plural(left, 'more pair')} left out.`);
  return `Conflicting pairs\n\n${lines.join('\n')}`;
}

/** `increment x reset  definite  global $counter (write / write)`. */
function pairLine(doc: ModuleDocument, a: number, b: number, pairs: PairConfidence): string {
  const { analysis, module } = doc;
  const effects = pairs.effects(a, b, MAX_CELLS + 1);
  const cells = effects.slice(0, MAX_CELLS).map(([left, right]) => {
    const [one, other] = [analysis.effects[left], analysis.effects[right]];
    const label = cellLabel(module, one.cell);
    const opposite = cellLabel(module, other.cell);
    if (isHostCell(one.cell) && label === opposite) return label;
    return label === opposite
      ? `${label} (${one.access} / ${other.access})`
      : `${label} (${one.access}) / ${opposite} (${other.access})`;
  });
  if (effects.length > MAX_CELLS) cells.push('...');
  const pair = a === b ? `${rowName(doc, a)} with itself` : `${rowName(doc, a)} with ${rowName(doc, b)}`;
  return `${pair}: ${pairs.of(a, b)}, ${cells.join('; ')}`;
}
