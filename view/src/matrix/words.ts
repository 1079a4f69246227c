/** What the picture says in words: labels of cells, of lines, of signs. */

import { CLASS_TEXT } from '../../../core/analysis/classText.ts';
import { confidenceWord } from '../../../core/analysis/confidenceWord.ts';
import { SHOWN_SIGNS, type ShownSign } from '../../../core/report/shown/shownSigns.ts';
import type { MatrixCode, MatrixShown } from '../../../core/report/view/matrixModel.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ConflictKind, MatrixCell } from './cells.ts';
import type { Line, MatrixSort } from './lines.ts';

/** Kinds of conflicts, in the legend. */
export function kindWord(kind: ConflictKind): string {
  switch (kind) {
    case 'definite':
    case 'likely':
    case 'possible':
      return confidenceWord(kind);
    case 'conditional':
      return t('only for some arguments');
    case 'none':
      return t('no conflict found');
  }
}

/** What was shown, in the legend. */
export const signWord = (sign: ShownSign): string => translated(SHOWN_SIGNS[sign].text);

/** Orders of lines. */
export function sortWord(sort: MatrixSort): string {
  switch (sort) {
    case 'conflicts':
      return t('conflicts');
    case 'class':
      return t('class');
    case 'name':
      return t('name');
  }
}

/** What the analysis supposes of a pair, as a sentence without its full stop. */
export function supposedWords(code: MatrixCode | undefined): string {
  switch (code) {
    case undefined:
      return t('no conflict found');
    case 'D':
      return t('definite conflict');
    case 'L':
      return t('likely conflict');
    case 'P':
      return t('possible conflict');
    case 'd':
      return t('definite conflict, only for some arguments');
    case 'l':
      return t('likely conflict, only for some arguments');
    case 'p':
      return t('possible conflict, only for some arguments');
  }
}

/** `increment`, or `increment and 12 more`. */
export const lineWords = ({ position, label, row }: Line): string =>
  position === undefined ? t('{0} and {1} more', label, number(row.exports.length - 1)) : label;

/** `increment with reset`, `increment with itself`. */
export function pairWords(a: Line, b: Line): string {
  if (a.key !== b.key) return t('{0} with {1}', lineWords(a), lineWords(b));
  return a.position === undefined
    ? t('{0}, with each other and with themselves', lineWords(a))
    : t('{0} with itself', a.label);
}

/** Everything that a cell says, in one line. */
export function cellWords(a: Line, b: Line, { code, shown }: MatrixCell): string {
  const pair = pairWords(a, b);
  return shown === undefined
    ? t('{0}: {1}', pair, supposedWords(code))
    : t('{0}: {1}; by analysis: {2}', pair, shown.text, supposedWords(code));
}

/** What a line says of itself, in one line. */
export function headerWords(line: Line): string {
  const { row } = line;
  const name = lineWords(line);
  const kind = translated(CLASS_TEXT[row.class]);
  if (row.count === 0) return t('{0}: {1}, no conflict found', name, kind);
  if (row.count === 1) return t('{0}: {1}, conflicts with 1 export', name, kind);
  return t('{0}: {1}, conflicts with {2} exports', name, kind, number(row.count));
}

/** Whether something bad was shown. */
export const isBad = ({ sign }: Pick<MatrixShown, 'sign'>): boolean =>
  sign !== 'clean' && sign !== 'clean-so-far' && sign !== 'inconclusive';
