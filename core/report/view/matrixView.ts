/** Makes the conflict matrix of a module, with what runs have shown laid over it. */
import { type ExportPair, pairKey } from '../../advice/facts/exportPairs.ts';
import { type Behaviours, exportBehaviours, type SupposedConflict } from '../../analysis/behaviours.ts';
import type { Analysis } from '../../analysis/model.ts';
import { plumbingOf } from '../../analysis/plumbing.ts';
import { isFinding } from '../../stress/explore/headlines.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import type { ShownPair, ShownPairs } from '../shown/shownPairs.ts';
import { shownSign } from '../shown/shownSigns.ts';
import { pairText } from '../shown/shownText.ts';
import { conflictReasons, type ReasonedModule } from './conflictReasons.ts';
import {
  type ConflictReasons,
  type MatrixCode,
  type MatrixRow,
  type MatrixShown,
  type MatrixView,
  matrixCellsText,
  reasonsKey,
} from './matrixModel.ts';

/** What a matrix is made from. */
export interface MatrixedModule extends ReasonedModule {
  shown: ShownPairs;
}

/** Reasons of a pair that a page has; one that can ask gets as many. */
export const REASONS_OF_PAIR = 6;

const behaviours = new WeakMap<Analysis, Behaviours>();

/** Computed once for each analysis. */
function behavioursOnce(analysis: Analysis): Behaviours {
  const found = behaviours.get(analysis) ?? exportBehaviours(analysis);
  behaviours.set(analysis, found);
  return found;
}

/**
 * The matrix of all exports. `reasonedPairs`: of how many pairs of rows it holds why they conflict, for pages that can ask
 * nobody. The first time for an analysis takes half a second for 7,400 exports of 2,300 kinds.
 */
export function matrixView(known: MatrixedModule, reasonedPairs = 0): MatrixView {
  const { module, analysis, shown } = known;
  const { all, left } = behavioursOnce(analysis);
  const plumbing = plumbingOf(module, analysis);
  const ran = new Set<number>();
  const positions = new Map<string, number>();
  if (shown.runs.length > 0)
    for (const [position, { name }] of analysis.exports.entries()) {
      positions.set(name, position);
      if (shown.partnersOf(name).some((other) => shown.of(name, other) !== undefined)) ran.add(position);
    }
  const rows = all.flatMap(({ groups }, behaviour): MatrixRow[] => {
    const members = groups.flatMap((group) => analysis.groups[group].exports).sort((a, b) => a - b);
    const row = (exports: number[]): MatrixRow => ({
      behaviour,
      exports,
      class: analysis.exports[exports[0]].class,
      count: analysis.exports[exports[0]].conflictCount,
      ...(plumbing.has(exports[0]) ? { plumbing: true } : {}),
    });
    const rest = members.filter((position) => !ran.has(position));
    return [
      ...members.filter((position) => ran.has(position)).map((position) => row([position])),
      ...[
        rest.filter((position) => !plumbing.has(position)),
        rest.filter((position) => plumbing.has(position)),
      ].flatMap((exports) => (exports.length > 0 ? [row(exports)] : [])),
    ];
  });
  const raw: Record<number, string> = {};
  const labels = analysis.exports.map((summary, position) => {
    const label = exportLabel(summary);
    if (label !== summary.name) raw[position] = summary.name;
    return label;
  });
  return {
    labels,
    raw,
    offsets: analysis.exports.map(({ exportIndex }) => module.exports[exportIndex].offset),
    rows,
    conflicts: all.map(({ conflicts }) => matrixCellsText(codesOf(conflicts))),
    shown: shownOf(known, positions, ran),
    left: left.reduce((sum, group) => sum + analysis.groups[group].exports.length, 0),
    ...(analysis.partial === undefined ? {} : { partial: analysis.partial }),
    reasons: reasonsOf(known, rows, all, reasonedPairs),
  };
}

const codesOf = (conflicts: ReadonlyMap<number, SupposedConflict>): Map<number, MatrixCode> =>
  new Map([...conflicts].map(([other, conflict]) => [other, codeOf(conflict)]));

const LETTER = { definite: 'D', likely: 'L', possible: 'P' } as const;
const SMALL = { D: 'd', L: 'l', P: 'p' } as const;

function codeOf({ confidence, conditional }: SupposedConflict): MatrixCode {
  const letter = LETTER[confidence];
  return conditional ? SMALL[letter] : letter;
}

function shownOf(
  { analysis, shown }: MatrixedModule,
  positions: ReadonlyMap<string, number>,
  ran: ReadonlySet<number>,
): MatrixShown[] {
  return [...ran]
    .sort((a, b) => a - b)
    .flatMap((a) => {
      const { name } = analysis.exports[a];
      return shown.partnersOf(name).flatMap((other): MatrixShown[] => {
        const b = positions.get(other);
        const pair = shown.of(name, other);
        // An instantiation is no export.
        if (b === undefined || b < a || pair === undefined) return [];
        const schedule = scheduleOf(pair, [name, other]);
        return [{ a, b, sign: shownSign(pair), text: pairText(pair), ...(schedule === undefined ? {} : { schedule }) }];
      });
    });
}

/** A schedule that shows the worst finding of a pair: one in which the two meet, else that of a run that found it. */
function scheduleOf(pair: ShownPair, names: ExportPair): string | undefined {
  const key = pairKey(names);
  for (const { headline, runs } of pair) {
    if (!isFinding(headline)) continue;
    for (const run of runs) {
      const meetings = headline === 'race' ? run.races : headline === 'host-hazard' ? run.hostHazards : [];
      const met = meetings.find(({ exports, schedule }) => schedule !== undefined && pairKey(exports) === key);
      const schedule = met?.schedule ?? (run.headlines[0] === headline ? run.schedule : undefined);
      if (schedule !== undefined) return schedule;
    }
  }
  return undefined;
}

/** Of the first exports of rows that conflict, the rows with most conflicts first. */
function reasonsOf(
  known: MatrixedModule,
  rows: readonly MatrixRow[],
  all: Behaviours['all'],
  limit: number,
): Record<string, ConflictReasons> {
  const found: Record<string, ConflictReasons> = {};
  if (limit === 0) return found;
  let left = limit;
  const order = [...rows].sort(
    (a, b) => Number(a.plumbing ?? false) - Number(b.plumbing ?? false) || b.count - a.count,
  );
  for (const [i, row] of order.entries())
    for (const other of order.slice(0, i + 1)) {
      if (!all[row.behaviour].conflicts.has(other.behaviour)) continue;
      if (left-- <= 0) return found;
      const [a, b] = [row.exports[0], other.exports[0]].sort((x, y) => x - y);
      found[reasonsKey(a, b)] = conflictReasons(known, a, b, REASONS_OF_PAIR);
    }
  return found;
}
