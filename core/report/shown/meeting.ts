/** What runs have shown of an export that several callers call at the same time, in the words of its own source. */

import { HEADLINES, type Headline, isFinding } from '../../stress/explore/headlines.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import { cleanRuns, type ShownPairs } from './shownPairs.ts';
import type { ShownRun } from './shownRun.ts';
import { boundsText, nothingText } from './shownText.ts';

/**
 * `called by two callers at once, this loses updates (3 schedules explored)`. Undefined where no run called this export
 * alone, or none that did decides anything.
 */
export function meetingText({ runs, of }: ShownPairs, name: string): string | undefined {
  const own = runs.filter(({ callers }) => callers.length > 1 && callers.every((names) => names.join() === name));
  const [worst] = own
    .flatMap((run) => run.headlines.filter(isFinding).map((headline) => ({ run, headline })))
    .sort((a, b) => HEADLINES.indexOf(a.headline) - HEADLINES.indexOf(b.headline));
  if (worst !== undefined) {
    const { run, headline } = worst;
    const what = WHAT[headline]?.(run);
    return what && t('{0}, this {1} ({2})', callersText(run), what, timesText(run));
  }
  const clean = (cleanRuns(of(name, name)) ?? []).filter((run) => own.includes(run));
  const most = Math.max(...clean.map(({ callers }) => callers.length));
  const told = clean.filter(({ callers }) => callers.length === most);
  return told.length === 0
    ? undefined
    : t('{0}, {1} found ({2})', callersText(told[0]), nothingText(told), boundsText(told));
}

const WHAT: Partial<Readonly<Record<Headline, (run: ShownRun) => string>>> = {
  'host-hazard': () => t('damages the host'),
  hang: () => t('hangs'),
  'wrong-outcome': ({ losesUpdates }) =>
    losesUpdates ? t('loses updates') : t('gives an outcome that no serial order gives'),
  race: () => t('has a data race'),
};

/** Small numbers as words. */
const CALLERS: Readonly<Record<number, Message>> = {
  2: message('called by two callers at once'),
  3: message('called by three callers at once'),
  4: message('called by four callers at once'),
  5: message('called by five callers at once'),
  6: message('called by six callers at once'),
  7: message('called by seven callers at once'),
  8: message('called by eight callers at once'),
};

function callersText({ callers }: ShownRun): string {
  const words = CALLERS[callers.length];
  return words === undefined ? t('called by {0} callers at once', callers.length) : translated(words);
}

const timesText = ({ by, times }: ShownRun): string =>
  by === 'hammer' ? plural(times, 'round') : t('{0} explored', plural(times, 'schedule'));
