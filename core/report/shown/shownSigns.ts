/** A sign for what stress runs have shown of a pair of exports: for tables, and for cells of a picture. */

import type { Headline } from '../../stress/explore/headlines.ts';
import { type Message, message } from '../../text/l10n.ts';
import { cleanRuns, type ShownPair } from './shownPairs.ts';

/** Kinds of what can be shown of a pair. */
export type ShownSign =
  | Exclude<Headline, 'inconclusive' | 'safe'>
  /** A finding in a run with other exports, which is about the run as a whole. */
  | 'joint'
  | 'inconclusive'
  /** Nothing was found in all schedules, or in some. */
  | 'clean'
  | 'clean-so-far';

/** Each sign with its letter and its meaning; the worst first. */
export const SHOWN_SIGNS: Readonly<Record<ShownSign, { letter: string; text: Message }>> = {
  'host-hazard': { letter: '!', text: message('host hazard') },
  hang: { letter: 'H', text: message('hang') },
  'wrong-outcome': { letter: 'W', text: message('wrong outcome') },
  race: { letter: 'R', text: message('race') },
  'private-state': { letter: 'S', text: message('private state') },
  joint: { letter: 'w', text: message('a finding in a run with other exports') },
  inconclusive: { letter: '?', text: message('inconclusive') },
  clean: { letter: 'o', text: message('nothing found, all schedules explored') },
  'clean-so-far': { letter: '-', text: message('nothing found, not all schedules explored') },
};

/** What is worst of what was shown of a pair. */
export function shownSign(pair: ShownPair): ShownSign {
  for (const { headline, direct } of pair)
    if (direct && headline !== 'safe' && headline !== 'inconclusive') return headline;
  if (pair.some(({ headline }) => headline !== 'safe' && headline !== 'inconclusive')) return 'joint';
  const clean = cleanRuns(pair);
  if (clean === undefined) return 'inconclusive';
  return clean.every(({ exhaustive }) => exhaustive) ? 'clean' : 'clean-so-far';
}
