/** The picture as an SVG file: for documents, with its own colours, and letters beside them. */

import { CLASS_TEXT } from '../../../core/analysis/classText.ts';
import { htmlText } from '../../../core/harmless/html.ts';
import { SHOWN_SIGNS, type ShownSign } from '../../../core/report/shown/shownSigns.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import { type CellOf, type ConflictKind, conflictKind, KIND_SIGN } from './cells.ts';
import type { Line } from './lines.ts';
import { kindWord, lineWords, signWord } from './words.ts';

const CELL = 20;
const NAMES = 260;
const TOP = 160;
const LEGEND = 64;
/** Lines that are drawn; a larger picture opens in no program. */
const MAX_LINES = 300;
/** Characters of a name beside the rows, and above the columns. */
const ROW_NAME = 34;
const COLUMN_NAME = 20;

const FILL: Readonly<Record<ConflictKind, string>> = {
  definite: '#e5534b',
  likely: '#f0883e',
  possible: '#f2cc60',
  conditional: '#a5c8f5',
  none: '#ffffff',
};

/** The lines by the lines, with legend. */
export function matrixSvg(all: readonly Line[], cellOf: CellOf): string {
  const lines = all.slice(0, MAX_LINES);
  const left = all.length - lines.length;
  const width = Math.max(NAMES + lines.length * CELL + 20, 760);
  const height = TOP + lines.length * CELL + LEGEND + (left > 0 ? 20 : 0);
  const parts: string[] = [];
  const signs = new Set<ShownSign>();
  for (const [i, line] of lines.entries()) {
    const y = TOP + i * CELL;
    parts.push(
      text(
        NAMES - 8,
        y + 14,
        `${cut(lineWords(line), ROW_NAME)}`,
        'text-anchor="end"',
        `${lineWords(line)}: ${translated(CLASS_TEXT[line.row.class])}`,
      ),
      `<g transform="translate(${NAMES + i * CELL + 14} ${TOP - 8}) rotate(-90)">${text(0, 0, cut(line.label, COLUMN_NAME))}</g>`,
    );
    for (const [j, other] of lines.entries()) {
      const { code, shown } = cellOf(line, other);
      const kind = conflictKind(code);
      const x = NAMES + j * CELL;
      parts.push(
        `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${FILL[kind]}" stroke="#ffffff"/>`,
        text(
          x + (shown === undefined ? CELL / 2 : 6),
          y + (shown === undefined ? 14 : 9),
          KIND_SIGN[kind],
          `text-anchor="middle"${shown === undefined ? '' : ' font-size="8"'}`,
        ),
      );
      if (shown === undefined) continue;
      signs.add(shown.sign);
      parts.push(badge(x + CELL - 7, y + CELL - 7, shown.sign));
    }
  }
  const bottom = TOP + lines.length * CELL + 26;
  let x = 12;
  for (const kind of Object.keys(FILL) as ConflictKind[]) {
    parts.push(
      `<rect x="${x}" y="${bottom - 12}" width="16" height="16" fill="${FILL[kind]}" stroke="#d0d7de"/>`,
      text(x + 8, bottom, KIND_SIGN[kind], 'text-anchor="middle"'),
      text(x + 22, bottom, kindWord(kind)),
    );
    x += 34 + kindWord(kind).length * 7;
  }
  x = 12;
  for (const sign of (Object.keys(SHOWN_SIGNS) as ShownSign[]).filter((one) => signs.has(one))) {
    parts.push(badge(x + 8, bottom + 20, sign), text(x + 22, bottom + 24, signWord(sign)));
    x += 34 + signWord(sign).length * 7;
  }
  if (left > 0) parts.push(text(12, height - 8, t('{0} more lines are left out.', number(left))));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#24292f"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>\n`;
}

function badge(x: number, y: number, sign: ShownSign): string {
  const isClean = sign === 'clean' || sign === 'clean-so-far';
  const fill = isClean ? '#1a7f37' : sign === 'inconclusive' ? '#57606a' : '#82071e';
  return `<circle cx="${x}" cy="${y}" r="7" fill="${fill}" stroke="#ffffff"/>${text(x, y + 3.5, SHOWN_SIGNS[sign].letter, 'text-anchor="middle" font-size="10" font-weight="bold" fill="#ffffff"')}`;
}

const text = (x: number, y: number, words: string, attributes = '', title = ''): string =>
  `<text x="${x}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${title === '' ? '' : `<title>${htmlText(title)}</title>`}${htmlText(words)}</text>`;

const cut = (words: string, limit: number): string => (words.length <= limit ? words : `${words.slice(0, limit - 1)}…`);
