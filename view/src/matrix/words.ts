/** What the picture says in words: labels of cells, of lines, of signs. */
import type { ExportClass } from '../../../core/analysis/model.ts';
import type { ShownSign } from '../../../core/report/shown/shownSigns.ts';
import type { MatrixCode, MatrixShown } from '../../../core/report/view/matrixModel.ts';
import { number } from '../../../core/text/phrases.ts';
import type { Cell, CellKind } from './cells.ts';
import type { Line, MatrixSort } from './lines.ts';

/** Classes of exports. */
export const classWord = (one: ExportClass): string =>
  ({
    grows: 'grows memory',
    stateful: 'stateful',
    'host-dependent': 'host-dependent',
    synchronised: 'synchronised',
    'reads-only': 'reads only',
    pure: 'pure',
  })[one];

/** Kinds of cells, in the legend. */
export const kindWord = (kind: CellKind): string =>
  ({
    definite: 'definite',
    likely: 'likely',
    possible: 'possible',
    conditional: 'only for some arguments',
    none: 'no conflict found',
  })[kind];

/** What was shown, in the legend. */
export const signWord = (sign: ShownSign): string =>
  ({
    'host-hazard': 'host hazard',
    hang: 'hang',
    'wrong-outcome': 'wrong outcome',
    race: 'race',
    'private-state': 'private state',
    joint: 'a finding in a run with other exports',
    inconclusive: 'inconclusive',
    clean: 'nothing found, all schedules explored',
    'clean-so-far': 'nothing found, not all schedules explored',
  })[sign];

/** Orders of lines. */
export const sortWord = (sort: MatrixSort): string => ({ conflicts: 'conflicts', class: 'class', name: 'name' })[sort];

/** What the analysis supposes of a pair, as a sentence without its full stop. */
export function supposedText(code: MatrixCode | undefined): string {
  switch (code) {
    case undefined:
      return 'no conflict found';
    case 'D':
      return 'definite conflict';
    case 'L':
      return 'likely conflict';
    case 'P':
      return 'possible conflict';
    case 'd':
      return 'definite conflict, only for some arguments';
    case 'l':
      return 'likely conflict, only for some arguments';
    case 'p':
      return 'possible conflict, only for some arguments';
  }
}

/** `increment`, or `increment and 12 more`. */
export const lineText = ({ position, label, row }: Line): string =>
  position === undefined ? `${label} and ${number(row.exports.length - 1)} more` : label;

/** `increment with reset`, `increment with itself`. */
export function pairText(a: Line, b: Line): string {
  if (a.key !== b.key) return `${lineText(a)} with ${lineText(b)}`;
  return a.position === undefined ? `${lineText(a)}, with each other and with themselves` : `${a.label} with itself`;
}

/** Everything that a cell says, in one line. */
export function cellText(a: Line, b: Line, { code, shown }: Cell): string {
  const supposed = supposedText(code);
  return shown === undefined
    ? `${pairText(a, b)}: ${supposed}`
    : `${pairText(a, b)}: ${shown.text}; by analysis: ${supposed}`;
}

/** What a line says of itself, in one line. */
export function headerText(line: Line): string {
  const { row } = line;
  const conflicts =
    row.count === 0
      ? 'no conflict found'
      : row.count === 1
        ? 'conflicts with 1 export'
        : `conflicts with ${number(row.count)} exports`;
  return `${lineText(line)}: ${classWord(row.class)}, ${conflicts}`;
}

/** Whether something bad was shown. */
export const isBad = ({ sign }: Pick<MatrixShown, 'sign'>): boolean =>
  sign !== 'clean' && sign !== 'clean-so-far' && sign !== 'inconclusive';
