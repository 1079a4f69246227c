/**
 * Marks at instructions that raced or damaged the host. The words about them are at the end of the line, where they push
 * nothing aside: not on lines with the badge of a failed test, which VS Code draws there over any text. Inlay hints leave
 * these instructions to them.
 */
import { type DecorationOptions, l10n, Range, type Uri } from 'vscode';
import { displayable } from '../../../../core/harmless/names.ts';
import { functionOf } from '../../../../core/report/sourced.ts';
import type { HostHazardReport, RaceParty, RaceReport } from '../../../../core/stress/explore/result.ts';
import { listOf } from '../../../../core/text/phrases.ts';
import { type Grade, hoverOf, type ShownRace } from './races.ts';

/** Beyond the end of every line: editors clamp it to the end. */
const LINE_END = 2 ** 30;

/** Characters of a function's name at the end of a line. */
const MAX_NAME = 32;

/** Decorations by their kind. */
export interface LineMarks {
  /** At the instructions, by grade. */
  marked: Record<Grade, DecorationOptions[]>;
  /** At the ends of lines. */
  words: DecorationOptions[];
}

/** What an instruction met. */
interface Met {
  me: RaceParty;
  other: RaceParty;
  shown: ShownRace<RaceReport | HostHazardReport>;
}

/** The worse first. */
const GRADES: readonly Grade[] = ['host-hazard', 'race', 'race-alone'];

/** `wordless`: whether a line has no words of ours at its end. */
export function lineMarks(
  uri: Uri,
  encounters: readonly ShownRace<RaceReport | HostHazardReport>[],
  ranges: ReadonlyMap<number, Range>,
  wordless: (line: number) => boolean,
): LineMarks {
  const marked: LineMarks['marked'] = { 'host-hazard': [], race: [], 'race-alone': [] };
  const byLine = new Map<number, Met[]>();
  for (const [offset, met] of byInstruction(encounters)) {
    const range = ranges.get(offset);
    if (range === undefined) continue;
    marked[worstOf(met)].push({ range, hoverMessage: hoverOf(uri, worstFirst(met)) });
    byLine.set(range.start.line, [...(byLine.get(range.start.line) ?? []), ...met]);
  }
  const words = [...byLine].flatMap(([line, met]) =>
    wordless(line)
      ? []
      : [{ range: new Range(line, LINE_END, line, LINE_END), renderOptions: { after: { contentText: wordsOf(met) } } }],
  );
  return { marked, words };
}

/** By the byte offset of each instruction. */
function byInstruction(encounters: readonly Met['shown'][]): Map<number, Met[]> {
  const all = new Map<number, Met[]>();
  for (const shown of encounters) {
    const { a, b } = shown.race;
    const sides: [RaceParty, RaceParty][] = [
      [a, b],
      [b, a],
    ];
    for (const [me, other] of a.offset === b.offset ? sides.slice(0, 1) : sides)
      all.set(me.offset, [...(all.get(me.offset) ?? []), { me, other, shown }]);
  }
  return all;
}

const worstFirst = (met: readonly Met[]): Met[] =>
  met.toSorted((x, y) => GRADES.indexOf(x.shown.grade) - GRADES.indexOf(y.shown.grade));

const worstOf = (met: readonly Met[]): Grade => worstFirst(met)[0].shown.grade;

/** `host hazard with i32.load in peek`, `races with itself and 2 more`, `races with i32.store in put, no wrong outcome found`. */
function wordsOf(met: readonly Met[]): string {
  const worst = worstOf(met);
  const partners = [...new Set(worstFirst(met).map(partnerName))];
  const names = listOf(partners, 1);
  switch (worst) {
    case 'host-hazard':
      return l10n.t('host hazard with {0}', names);
    case 'race':
      return l10n.t('races with {0}', names);
    case 'race-alone':
      return l10n.t('races with {0}, no wrong outcome found', names);
  }
}

function partnerName({ me, other, shown }: Met): string {
  if (me.offset === other.offset) return l10n.t('itself');
  const inside = functionOf(other, shown.result);
  return inside === undefined ? other.op : l10n.t('{0} in {1}', other.op, displayable(inside, MAX_NAME));
}
