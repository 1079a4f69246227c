/**
 * The one place that merges what stress runs have shown with what the analysis supposes, for every place that speaks
 * about an export. What was shown comes first, with its bounds; the analysis speaks of what was not run.
 */

import { CLASS_TEXT } from '../../analysis/classText.ts';
import { threadSafetyOf } from '../../analysis/conditions/threads.ts';
import { threadLabel } from '../../analysis/conditions/threadText.ts';
import { alwaysConflicting, conflictText } from '../../analysis/exportText.ts';
import type { Findings } from '../../analysis/hazardText.ts';
import type { Analysis } from '../../analysis/model.ts';
import { conflictsWithItself } from '../../analysis/partners.ts';
import { partnersOf } from '../../analysis/queries.ts';
import { HEADLINES, isFinding } from '../../stress/explore/headlines.ts';
import { t, translated } from '../../text/l10n.ts';
import { clauses, listOf, number, plural } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { cleanRuns, type ShownPair, type ShownPairs } from './shownPairs.ts';
import type { ShownRun } from './shownRun.ts';
import { boundsText, findingsAmong, findingsText, nothingText, partnerNames, type StressFinding } from './shownText.ts';

/** An analysed module with what was shown of it. */
export interface KnownModule extends Findings {
  shown: ShownPairs;
}

/** How an export stands. */
export interface ExportStanding {
  /** Without its class: `stress showed a race with itself; conflicts with 2 other exports, not run`. */
  text: string;
  /** The worst that was found of it; undefined when nothing was. */
  found: StressFinding | undefined;
  /** Something was shown of it, findings or not. */
  ran: boolean;
  /** Every export that it may conflict with was run with it, exhaustively, and nothing wrong was found. */
  clean: boolean;
}

/** What was shown of an export with another one, or with itself. */
interface Partner {
  name: string;
  pair: ShownPair;
}

/** Exports that one part of a text names. */
const MAX_NAMES = 3;

/**
 * The headline of an export: `stateful, stress showed a race with itself`; where nothing was run, whether it is
 * thread-safe by analysis: `stateful, thread-hostile, conflicts with itself`.
 */
export function exportHeadline(evidence: KnownModule, position: number): string {
  const { analysis } = evidence;
  const { text, ran } = exportStanding(evidence, position);
  const threads = ran ? [] : [threadLabel(threadSafetyOf(analysis, position))];
  return clauses([translated(CLASS_TEXT[analysis.exports[position].class]), ...threads, text]);
}

/** Partners that `exportBrief` names. */
const MAX_PARTNERS = 2;

/**
 * The same in as few words as say what matters, for the place above an export: `Conflicts with itself and get`. Plain
 * text, without the class of the export.
 */
export function exportBrief(evidence: KnownModule, position: number): string {
  const { analysis, shown } = evidence;
  const { name, class: exportClass, conflictCount } = analysis.exports[position];
  const { text, ran } = exportStanding(evidence, position);
  if (ran) return capitalised(text);
  const hammered = runsOf(shown, name).some(({ by }) => by === 'hammer');
  // What a hammer saw stands beside what the analysis supposes.
  if (hammered || exportClass === 'host-dependent' || conflictCount === 0) return capitalised(text);
  const always = alwaysConflicting(analysis, position);
  const who = partnersText(analysis, position);
  if (always === conflictCount) return t('Conflicts with {0}', who);
  return always === 0
    ? t('Conflicts with {0}, only for some arguments', who)
    : t('Conflicts with {0}, some only for some arguments', who);
}

/** `itself and get`, `itself and 3 other exports`. */
function partnersText(analysis: Analysis, position: number): string {
  const { conflictCount } = analysis.exports[position];
  const itself = conflictsWithItself(analysis, position);
  const others = conflictCount - (itself ? 1 : 0);
  if (others === 0) return t('itself');
  if (others > MAX_PARTNERS)
    return itself ? t('itself and {0} other exports', number(others)) : t('{0} other exports', number(others));
  const names = partnersOf(analysis, position)
    .filter((other) => other !== position)
    .map((other) => exportLabel(analysis.exports[other]));
  return listOf([...(itself ? [t('itself')] : []), ...names], MAX_PARTNERS + 1);
}

const capitalised = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** What is known of export `position` of the analysis. */
export function exportStanding(evidence: KnownModule, position: number): ExportStanding {
  const { analysis, shown } = evidence;
  const { name, class: exportClass } = analysis.exports[position];
  const partners = shown.partnersOf(name).flatMap((other): Partner[] => {
    const pair = shown.of(name, other);
    return pair === undefined ? [] : [{ name: other, pair }];
  });
  if (partners.length === 0)
    return { text: unshownText(evidence, position), found: undefined, ran: false, clean: false };
  const byHost = exportClass === 'host-dependent';
  const told = new Set(partners.flatMap(({ name: other, pair }) => (pair[0].direct ? [other] : [])));
  const left = partnersOf(analysis, position)
    .map((other) => analysis.exports[other].name)
    .filter((other) => !told.has(other));
  const [found] = findingsAmong(partners.flatMap(({ pair }) => pair.map(({ headline }) => headline)));
  const runs = partners.map(({ pair }) => cleanRuns(pair));
  return {
    text: [
      ...shownParts(name, partners),
      byHost ? t('may conflict through the host') : left.length > 0 ? notRun(name, left) : '',
    ]
      .filter((part) => part !== '')
      .join(t('; ')),
    found,
    ran: true,
    clean:
      !byHost &&
      left.length === 0 &&
      runs.every((one) => one?.every(({ exhaustive, restsOn }) => exhaustive && restsOn.length === 0) === true),
  };
}

/** What the analysis supposes. A hammer that saw nothing wrong shows nothing, which is said beside it. */
function unshownText(evidence: KnownModule, position: number): string {
  const { name } = evidence.analysis.exports[position];
  const hammered = runsOf(evidence.shown, name).find(({ by }) => by === 'hammer');
  const supposed = conflictText(evidence, position);
  return hammered === undefined ? supposed : t('{0}; hammered: {1}', supposed, hammered.text);
}

/** The runs in which callers call an export, the worst first; hammer runs that saw nothing wrong come last. */
export const runsOf = ({ runs }: ShownPairs, name: string): ShownRun[] =>
  runs.filter(({ callers }) => callers.some((names) => names.includes(name))).toSorted((a, b) => rankOf(a) - rankOf(b));

const rankOf = ({ headlines: [worst] }: ShownRun): number =>
  worst === undefined ? HEADLINES.length : HEADLINES.indexOf(worst);

/** Findings first, then what could not be decided, then what was run without a finding. */
function shownParts(name: string, partners: readonly Partner[]): string[] {
  const found = foundParts(name, partners);
  const others = partners.filter(({ pair }) => !pair.some(({ headline }) => isFinding(headline)));
  const unclear = others.filter(({ pair }) => cleanRuns(pair) === undefined).map((one) => one.name);
  const clean = groupsBy(others, ({ pair }) => {
    const runs = cleanRuns(pair);
    if (runs === undefined) return undefined;
    return JSON.stringify([
      nothingText(runs),
      runs.every(({ exhaustive }) => exhaustive),
      runs.flatMap((r) => r.restsOn),
    ]);
  });
  return [
    found.length === 0 ? '' : t('stress showed {0}', found.join(t(', '))),
    unclear.length === 0 ? '' : t('stress was inconclusive with {0}', partnerNames(name, unclear, MAX_NAMES)),
    ...clean.map((group) => {
      const runs = [...new Set(group.flatMap(({ pair }) => cleanRuns(pair) ?? []))];
      const who = partnerNames(
        name,
        group.map((one) => one.name),
        MAX_NAMES,
      );
      return t('stress found {0} with {1} ({2})', nothingText(runs), who, boundsText(runs));
    }),
  ];
}

/** `a race with itself and get`, `a wrong outcome in a run with get and put`. */
function foundParts(name: string, partners: readonly Partner[]): string[] {
  const direct = groupsBy(partners, ({ pair }) => findingsOf(pair, true) || undefined).map((group) => {
    const who = partnerNames(
      name,
      group.map((one) => one.name),
      MAX_NAMES,
    );
    return { text: findingsOf(group[0].pair, true), who };
  });
  const joint = new Map<string, Set<string>>();
  for (const { pair, name: other } of partners) {
    const text = findingsOf(pair, false);
    if (text === '') continue;
    joint.set(text, (joint.get(text) ?? new Set()).add(other));
  }
  return [
    // A text of its own, because two exports are named in another order: `inc with get`.
    ...direct.map(({ text, who }) => t('{1} with {0}', who, text)),
    ...[...joint].map(([text, names]) => t('{0} in a run with {1}', text, partnerNames(name, [...names], MAX_NAMES))),
  ];
}

/** What was found of a pair alone, or only of a run with others. */
function findingsOf(pair: ShownPair, direct: boolean): string {
  const own = pair.filter((one) => one.direct).map(({ headline }) => headline);
  if (direct) return findingsText(own);
  return findingsText(pair.filter((one) => !one.direct && !own.includes(one.headline)).map(({ headline }) => headline));
}

/** `conflicts with itself and 2 other exports, not run`. */
function notRun(name: string, left: readonly string[]): string {
  const others = left.filter((other) => other !== name).length;
  if (others === left.length) return t('conflicts with {0}, not run', plural(others, 'other export'));
  return others === 0
    ? t('conflicts with itself, not run')
    : t('conflicts with itself and {0}, not run', plural(others, 'other export'));
}

/** In the order of their first member; members without a key are left out. */
function groupsBy<T>(members: readonly T[], keyOf: (member: T) => string | undefined): T[][] {
  const groups = new Map<string, T[]>();
  for (const member of members) {
    const key = keyOf(member);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}
