/** Whether what editors say of an export contradicts what stress runs have shown of it: lens, matrix, hover, advice. */
import { isFinding } from '../../stress/explore/headlines.ts';
import { adviceNow } from '../shown/shownAdvice.ts';
import { exportHeadline, exportStanding, type KnownModule, runsOf } from '../shown/standing.ts';

/** The contradictions, a sentence each. */
export function contradictionsInStandings(evidence: KnownModule): string[] {
  return evidence.analysis.exports.flatMap(({ name }, position) => {
    const runs = runsOf(evidence.shown, name);
    if (runs.length === 0) return [];
    const found: string[] = [];
    const { clean, found: worst } = exportStanding(evidence, position);
    const text = exportHeadline(evidence, position);
    const says = (what: string): void => void found.push(`${name}: ${what}: ${text}`);
    const raced = runs.some(({ races, hostHazards }) =>
      [...races, ...hostHazards].some(({ exports }) => exports.includes(name)),
    );
    if (raced && worst === undefined) says('a race was shown');
    if (worst !== undefined && clean) says('something was found, and nothing is left to find');
    if (worst !== undefined && /no conflict found/.test(text)) says('something was found');
    if (clean && runs.some(({ headlines }) => headlines.some(isFinding))) says('a run found something');
    if (clean && runs.some(({ exhaustive }) => !exhaustive)) says('not everything was explored');
    if (/, exhaustive for these calls/.test(text) && runs.every(({ exhaustive }) => !exhaustive))
      says('no run was exhaustive');
    if (worst !== undefined)
      for (const advice of adviceNow(evidence, position))
        if (/^(pure|reads-only|synchronised)$/.test(advice.kind)) says(`something was found, and ${advice.text}`);
    return found;
  });
}
