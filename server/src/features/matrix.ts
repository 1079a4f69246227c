/**
 * The conflict matrix as text: a table of the conflicting exports, then each conflict with its cells.
 * Exports with the same effects share a row, so that large modules stay readable.
 */

import { isHostCell } from '../../../core/analysis/cells.ts';
import { cellLabel } from '../../../core/analysis/cellText.ts';
import { onlyText } from '../../../core/analysis/conditions/conditionText.ts';
import { CONFIDENCES } from '../../../core/analysis/confidence.ts';
import { accessWord, confidenceWord } from '../../../core/analysis/confidenceWord.ts';
import { MODEL_TEXT } from '../../../core/analysis/exportText.ts';
import { meet } from '../../../core/analysis/groups.ts';
import type { Confidence } from '../../../core/analysis/model.ts';
import { type PairConfidence, pairConfidence } from '../../../core/analysis/pairConfidence.ts';
import { conflictOf } from '../../../core/analysis/queries.ts';
import { shorten } from '../../../core/harmless/names.ts';
import type { ShownPair } from '../../../core/report/shown/shownPairs.ts';
import { SHOWN_SIGNS, shownSign } from '../../../core/report/shown/shownSigns.ts';
import { pairText, runText } from '../../../core/report/shown/shownText.ts';
import { fileName } from '../../../core/source/binary.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { clauses, number, plural } from '../../../core/text/phrases.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Rows and columns of the table; two characters a column. */
const MAX_ROWS = 60;
/** Conflicting pairs of rows that are listed, and cells of each. */
const MAX_PAIRS = 400;
const MAX_CELLS = 4;
const NAME_WIDTH = 40;
/** Stress runs that are listed. */
const MAX_RUNS = 100;
/** Names shown for a row of several exports. */
const MAX_NAMES = 3;

const SYMBOL: Readonly<Record<Confidence, string>> = { definite: 'D', likely: 'L', possible: 'P' };
/** A conflict that depends on the arguments of the two calls, whatever its confidence. */
const CONDITIONAL = 'C';

/** A row and a column of the table: exports with the same effects; one that stress tests ran has a row of its own. */
interface Row {
  group: number;
  /** Positions in `Analysis.exports`. */
  exports: readonly number[];
}

/** The matrix of a module as a text of several paragraphs that ends with a line break; answers `wasmHazards/matrix`. */
export function matrixText(doc: ModuleDocument): string {
  const { analysis, profile } = doc;
  const all = analysis.groups.flatMap((_, group) => rowsOf(doc, group));
  const rows = all.filter((row) => conflictsWithAny(doc, row) || isShown(doc, row));
  const inTable = new Set(rows);
  const independent = all.filter((row) => !inTable.has(row)).flatMap(({ exports }) => exports);
  const pairs = pairConfidence(analysis);
  const parts = [
    t('Conflict matrix of {0}', fileName(doc.uri)),
    t(
      'Host profile {0} ({1}), sharing model: {2}.',
      profile.id,
      doc.hostReason,
      translated(MODEL_TEXT[analysis.model]),
    ),
    analysis.partial === undefined ? '' : t('Partial: {0}', analysis.partial),
    summary(doc, rows),
    rows.length === 0 ? '' : table(doc, rows, pairs),
    independent.length === 0
      ? ''
      : t('No conflict found with any export, including itself: {0}.', names(doc, independent, 40)),
    rows.length === 0 ? '' : pairList(doc, rows, pairs),
    runList(doc),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function rowsOf({ analysis, shown }: ModuleDocument, group: number): Row[] {
  const { exports } = analysis.groups[group];
  const ran = exports.filter((position) => shown.partnersOf(analysis.exports[position].name).length > 0);
  const rest = exports.filter((position) => !ran.includes(position));
  return [
    ...ran.map((position) => ({ group, exports: [position] })),
    ...(rest.length > 0 ? [{ group, exports: rest }] : []),
  ];
}

const conflictsWithAny = ({ analysis }: ModuleDocument, { group }: Row): boolean =>
  analysis.groups.some((other) => meet(analysis.groups[group], other));

const isShown = ({ analysis, shown }: ModuleDocument, { exports: [first] }: Row): boolean =>
  shown.partnersOf(analysis.exports[first].name).length > 0;

/** What stress tests have shown of two rows: nothing, unless each is one export. */
function shownOf({ analysis, shown }: ModuleDocument, a: Row, b: Row): ShownPair | undefined {
  if (a.exports.length > 1 || b.exports.length > 1) return undefined;
  return shown.of(analysis.exports[a.exports[0]].name, analysis.exports[b.exports[0]].name);
}

function summary({ analysis, shown }: ModuleDocument, rows: readonly Row[]): string {
  const total = analysis.exports.length;
  if (total === 0) return t('The module exports no function.');
  if (rows.length === 0) return t('No conflict found in {0}.', plural(total, 'export'));
  const conflicting = analysis.exports.filter(({ conflictCount }) => conflictCount > 0).length;
  const counts = [plural(total, 'export'), number(conflicting), number(total - conflicting)] as const;
  return shown.runs.length > 0
    ? t('{0}: by analysis, {1} with conflicts, {2} without.', ...counts)
    : t('{0}: {1} with conflicts, {2} without.', ...counts);
}

/** Names of exports, bounded. */
function names({ analysis }: ModuleDocument, positions: readonly number[], limit: number): string {
  const shown = positions.slice(0, limit).map((position) => exportLabel(analysis.exports[position]));
  const left = positions.length - shown.length;
  const list = shown.join(t(', '));
  return left > 0 ? t('{0} and {1} more', list, number(left)) : list;
}

/** Name of a row: its export, or the first of several with their number. */
function rowName(doc: ModuleDocument, { exports }: Row): string {
  if (exports.length === 1) return shorten(exportLabel(doc.analysis.exports[exports[0]]), NAME_WIDTH);
  const first = names(doc, exports.slice(0, MAX_NAMES), MAX_NAMES);
  return `${shorten(first, NAME_WIDTH)}${exports.length > MAX_NAMES ? ', ...' : ''} (${exports.length})`;
}

function table(doc: ModuleDocument, rows: readonly Row[], pairs: PairConfidence): string {
  const shown = rows.slice(0, MAX_ROWS);
  const labels = shown.map((row) => rowName(doc, row));
  const nameWidth = Math.max(...labels.map((label) => label.length));
  const numberWidth = String(shown.length).length;
  const cell = (text: string): string => text.padStart(numberWidth);
  const lines = [`${' '.repeat(numberWidth + 1 + nameWidth)}  ${shown.map((_, i) => cell(String(i + 1))).join(' ')}`];
  shown.forEach((a, i) => {
    const symbols = shown.map((b) => cell(symbolOf(doc, a, b, pairs)));
    lines.push(`${cell(String(i + 1))} ${labels[i].padEnd(nameWidth)}  ${symbols.join(' ')}`);
  });
  if (rows.length > shown.length)
    lines.push(t('{0} of conflicting exports left out.', plural(rows.length - shown.length, 'more row')));
  const used = new Set(lines.slice(1).join('\n').split(/\s/));
  return `${legend(doc, used)}\n\n${lines.join('\n')}`;
}

/** The meaning of the symbols; of those of stress tests, only of the ones that occur. */
function legend({ shown }: ModuleDocument, used: ReadonlySet<string>): string {
  const analysis = [
    ...CONFIDENCES.map((confidence) => `${SYMBOL[confidence]} ${confidenceWord(confidence)}`),
    `${CONDITIONAL} ${t('only for some arguments')}`,
    `. ${t('no conflict found')}`,
  ].join('  ');
  if (shown.runs.length === 0) return analysis;
  const stress = Object.values(SHOWN_SIGNS).flatMap(({ letter, text }) =>
    used.has(letter) ? `${letter} ${translated(text)}` : [],
  );
  return stress.length === 0
    ? analysis
    : [t('Shown by stress tests: {0}', stress.join('  ')), t('Supposed by the analysis: {0}', analysis)].join('\n');
}

/** Stress tests come first: what they have shown of a pair takes the place of what the analysis supposes. */
function symbolOf(doc: ModuleDocument, a: Row, b: Row, pairs: PairConfidence): string {
  const shown = shownOf(doc, a, b);
  if (shown !== undefined) return SHOWN_SIGNS[shownSign(shown)].letter;
  const confidence = pairs.of(a.group, b.group);
  if (confidence === undefined) return '.';
  return pairs.always(a.group, b.group) ? SYMBOL[confidence] : CONDITIONAL;
}

function pairList(doc: ModuleDocument, rows: readonly Row[], pairs: PairConfidence): string {
  const lines: string[] = [];
  let left = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = i; j < rows.length; j++) {
      const conflict = meet(doc.analysis.groups[rows[i].group], doc.analysis.groups[rows[j].group]);
      if (!conflict && shownOf(doc, rows[i], rows[j]) === undefined) continue;
      if (lines.length < MAX_PAIRS) lines.push(pairLine(doc, rows[i], rows[j], pairs));
      else left++;
    }
  }
  if (left > 0) lines.push(t('{0} left out.', plural(left, 'more pair')));
  if (lines.length === 0) return '';
  return `${doc.shown.runs.length > 0 ? t('Pairs that conflict or were run') : t('Conflicting pairs')}\n\n${lines.join('\n')}`;
}

/** `increment with reset: definite, global $counter (write / write)`; what stress tests have shown comes first. */
function pairLine(doc: ModuleDocument, a: Row, b: Row, pairs: PairConfidence): string {
  const pair = a === b ? t('{0} with itself', rowName(doc, a)) : t('{0} with {1}', rowName(doc, a), rowName(doc, b));
  const shown = shownOf(doc, a, b);
  const supposed = supposedText(doc, a, b, pairs);
  if (shown === undefined) return `${pair}: ${supposed}`;
  return t('{0}: {1}; by analysis: {2}', pair, pairText(shown), supposed);
}

function supposedText({ analysis, module }: ModuleDocument, a: Row, b: Row, pairs: PairConfidence): string {
  const confidence = pairs.of(a.group, b.group);
  if (confidence === undefined) return t('no conflict found');
  const effects = pairs.effects(a.group, b.group, MAX_CELLS + 1);
  const cells = effects.slice(0, MAX_CELLS).map(([left, right]) => {
    const [one, other] = [analysis.effects[left], analysis.effects[right]];
    const label = cellLabel(module, one.cell);
    const opposite = cellLabel(module, other.cell);
    if (isHostCell(one.cell) && label === opposite) return label;
    return label === opposite
      ? `${label} (${accessWord(one.access)} / ${accessWord(other.access)})`
      : `${label} (${accessWord(one.access)}) / ${opposite} (${accessWord(other.access)})`;
  });
  if (effects.length > MAX_CELLS) cells.push('...');
  const [first] = a.exports;
  const conflict = pairs.always(a.group, b.group) ? undefined : conflictOf(analysis, first, b.exports[0], MAX_CELLS);
  const only = conflict === undefined ? '' : onlyText(analysis, conflict, first);
  return clauses([`${confidenceWord(confidence)}${only}`, cells.join(t('; '))]);
}

/** Each run with what it shows: findings of a whole run are about all of its calls. */
function runList({ shown: { runs } }: ModuleDocument): string {
  if (runs.length === 0) return '';
  const lines = runs.slice(0, MAX_RUNS).map((run) => `${run.calls}: ${runText(run)}`);
  if (runs.length > lines.length) lines.push(t('{0} left out.', plural(runs.length - lines.length, 'more run')));
  return `${t('Stress tests')}\n\n${lines.join('\n')}`;
}
