/** What stress runs have shown of one instruction and the exports on the other side of it. */

import { t, translated } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import { cleanRuns, type ShownPairs } from './shownPairs.ts';
import { FINDING_NAME, findingsAmong } from './shownText.ts';

/** What to say of a rival at an instruction. */
export interface SiteNote {
  /** The two met there, something else was found of them, or nothing was. */
  readonly kind: 'met' | 'found' | 'clean';
  readonly text: string;
  /** Without its bounds. */
  readonly short: string;
}

/**
 * What to say of export `rival` at the instruction at byte `offset`, which calls of the exports `own` execute:
 * `race shown`, `wrong outcome shown`, `no race found (14 schedules, exhaustive for these calls)`. Undefined where
 * nothing was shown that is about all of it.
 */
export function siteNote(
  shown: ShownPairs,
  own: ReadonlySet<string>,
  rival: string,
  offset: number,
): SiteNote | undefined {
  const partners = shown.partnersOf(rival).filter((name) => own.has(name));
  if (partners.length === 0) return undefined;
  if (metAt(shown, 'hostHazards', own, rival, offset)) return note('met', t('host hazard shown'));
  if (metAt(shown, 'races', own, rival, offset)) return note('met', t('race shown'));
  const pairs = partners.map((name) => shown.of(name, rival));
  // A race elsewhere is told elsewhere.
  const found = pairs.flatMap((pair) => (pair ?? []).filter((one) => one.direct).map(({ headline }) => headline));
  const worst = findingsAmong(found).find((one) => one !== 'host-hazard' && one !== 'race');
  if (worst !== undefined) return note('found', t('{0} shown', translated(FINDING_NAME[worst])));
  const clean = pairs.map((pair) => cleanRuns(pair));
  if (partners.length < own.size || clean.includes(undefined)) return undefined;
  const runs = [...new Set(clean.flatMap((one) => one ?? []))];
  const schedules = plural(
    runs.reduce((sum, { times }) => sum + times, 0),
    'schedule',
  );
  const far = runs.every(({ exhaustive }) => exhaustive) ? t('exhaustive for these calls') : t('not exhaustive');
  return { ...note('clean', t('no race found')), text: t('no race found ({0}, {1})', schedules, far) };
}

const note = (kind: SiteNote['kind'], text: string): SiteNote => ({ kind, text, short: text });

/** Whether an operation of `rival` met the instruction in some run. */
const metAt = (
  { runs }: ShownPairs,
  kind: 'races' | 'hostHazards',
  own: ReadonlySet<string>,
  rival: string,
  offset: number,
): boolean =>
  runs.some((run) =>
    run[kind].some(
      ({ exports: [a, b], offsets }) =>
        (offsets[0] === offset && own.has(a) && b === rival) || (offsets[1] === offset && own.has(b) && a === rival),
    ),
  );
