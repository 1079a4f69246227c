/** What stress runs have shown of one instruction and the exports on the other side of it. */

import { plural } from '../../text/phrases.ts';
import { cleanRuns, type ShownPairs } from './shownPairs.ts';
import { FINDING_NAME, findingsAmong } from './shownText.ts';

/**
 * What to say of export `rival` at the instruction at byte `offset`, which calls of the exports `own` execute:
 * `race shown`, `wrong outcome shown`, `no race found in 14 schedules, exhaustive for these calls`. Undefined where
 * nothing was shown that is about all of it.
 */
export function siteNote(shown: ShownPairs, own: readonly string[], rival: string, offset: number): string | undefined {
  if (shown.runs.length === 0) return undefined;
  const here = (kind: 'races' | 'hostHazards'): boolean =>
    shown.runs.some((run) =>
      run[kind].some(
        ({ exports: [a, b], offsets }) =>
          offsets.includes(offset) &&
          ((offsets[0] === offset && own.includes(a) && b === rival) ||
            (offsets[1] === offset && own.includes(b) && a === rival)),
      ),
    );
  if (here('hostHazards')) return 'host hazard shown';
  if (here('races')) return 'race shown';
  const pairs = own.map((name) => shown.of(name, rival));
  // A race elsewhere is told elsewhere.
  const found = pairs.flatMap((pair) => (pair ?? []).filter((one) => one.direct).map(({ headline }) => headline));
  const worst = findingsAmong(found).find((one) => one !== 'host-hazard' && one !== 'race');
  if (worst !== undefined) return `${FINDING_NAME[worst]} shown`;
  const runs = pairs.map((pair) => cleanRuns(pair));
  if (runs.length === 0 || runs.includes(undefined)) return undefined;
  const all = [...new Set(runs.flatMap((one) => one ?? []))];
  const schedules = plural(
    all.reduce((sum, { times }) => sum + times, 0),
    'schedule',
  );
  return `no race found in ${schedules}, ${all.every(({ exhaustive }) => exhaustive) ? 'exhaustive for these calls' : 'not exhaustive'}`;
}
