/** What runs have shown of an export that several callers call at the same time, in the words of its own source. */
import { HEADLINES, type Headline, isFinding } from '../../stress/explore/headlines.ts';
import { plural } from '../../text/phrases.ts';
import { cleanRuns, type ShownPairs } from './shownPairs.ts';
import type { ShownRun } from './shownRun.ts';
import { boundsText, nothingText } from './shownText.ts';

const COUNT = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

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
    return what && `${callersText(run)}, this ${what} (${timesText(run)})`;
  }
  const clean = (cleanRuns(of(name, name)) ?? []).filter((run) => own.includes(run));
  const most = Math.max(...clean.map(({ callers }) => callers.length));
  const told = clean.filter(({ callers }) => callers.length === most);
  return told.length === 0 ? undefined : `${callersText(told[0])}, ${nothingText(told)} found (${boundsText(told)})`;
}

const WHAT: Partial<Readonly<Record<Headline, (run: ShownRun) => string>>> = {
  'host-hazard': () => 'damages the host',
  hang: () => 'hangs',
  'wrong-outcome': ({ losesUpdates }) =>
    losesUpdates ? 'loses updates' : 'gives an outcome that no serial order gives',
  race: () => 'has a data race',
};

const callersText = ({ callers }: ShownRun): string =>
  `called by ${COUNT[callers.length] ?? callers.length} callers at once`;

const timesText = ({ by, times }: ShownRun): string =>
  by === 'hammer' ? plural(times, 'round') : `${plural(times, 'schedule')} explored`;
