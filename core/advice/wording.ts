/** Exports in the sentences of advice: their names, and lists of them. */

import type { Analysis } from '../analysis/model.ts';
import type { HostProfile } from '../hosts/profile.ts';
import type { Verdict } from '../stress/explore/result.ts';
import { type Message, message, t, translated } from '../text/l10n.ts';
import { listOf, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';

/** What is needed to name an export by its position in `Analysis.exports`. */
type Named = Readonly<{ analysis: Pick<Analysis, 'exports'> }>;

/** Exports that one sentence names before it counts the rest. */
const MAX_NAMES = 4;

/** Names of exports as the module has them, in the order of `positions`. */
export const namesOf = ({ analysis }: Named, positions: readonly number[]): string[] =>
  positions.map((position) => analysis.exports[position].name);

/** Positions of the exports with these names, in the order of the module. */
export const positionsOf = ({ analysis }: Named, names: ReadonlySet<string>): number[] =>
  analysis.exports.flatMap(({ name }, position) => (names.has(name) ? [position] : []));

/** `` `a`, `b` and 3 more ``. */
export const exportsText = ({ analysis }: Named, positions: readonly number[], joiner: 'and' | 'or' = 'and'): string =>
  listOf(
    positions.slice(0, MAX_NAMES).map((position) => quoted(exportLabel(analysis.exports[position]))),
    MAX_NAMES,
    joiner,
    positions.length,
  );

/** What is held around a critical section. The host's own words are for one instance; a lock over it excludes no other. */
export function lockText({
  analysis,
  profile,
}: Named & { analysis: Pick<Analysis, 'model'>; profile: HostProfile }): string {
  if (analysis.model === 'shared-memory') return t('one lock that all instances over the memory share');
  return analysis.model === 'isolated' ? t('one lock that all instances share') : profile.remedy.lock;
}

/** The first sentence of a host profile's advice. Two sentences are the most that a piece of advice has. */
export const firstSentence = (text: string): string => /^.*?(?:[.!](?= [A-Z]|$)|。)/.exec(text)?.[0] ?? text;

/** A sentence without its full stop, to be continued. */
export const unended = (sentence: string): string => sentence.replace(/[.。]$/, '');

const VERDICTS: Readonly<Record<Verdict, Message>> = {
  'host-hazard': message('host-hazard'),
  hang: message('hang'),
  race: message('race'),
  'non-atomic': message('non-atomic'),
  'private-state': message('private-state'),
  inconclusive: message('inconclusive'),
  safe: message('safe'),
};

/** A verdict in a sentence: as results have it in English. */
export const verdictWord = (verdict: Verdict): string => translated(VERDICTS[verdict]);
