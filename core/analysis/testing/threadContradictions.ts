/** Whether the words about threads contradict the conflicts that they are about. */

import { bitsOf, hasBit } from '../bits.ts';
import { threadSafetyOf } from '../conditions/threads.ts';
import { threadLabel } from '../conditions/threadText.ts';
import { meet } from '../groups.ts';
import type { Analysis, EffectGroup } from '../model.ts';

/** Groups of exports whose pairs are looked at. */
const MAX_GROUPS = 120;

/** The contradictions, a sentence each. */
export function contradictionsInThreads(analysis: Analysis): string[] {
  const found = new Set<string>();
  const groups = analysis.groups.slice(0, MAX_GROUPS);
  for (const a of groups) {
    for (const b of groups) {
      if (!meet(a, b)) continue;
      const met = inModule(analysis, a, b, analysis.conflictMask);
      if (!met) continue;
      const always = inModule(analysis, a, b, analysis.alwaysMask);
      const [one, other] = [a.exports[0], b.exports[0]];
      const [mine, theirs] = [one, other].map((position) => threadSafetyOf(analysis, position));
      const says = (what: string): void =>
        void found.add(
          `${analysis.exports[one].name} is ${threadLabel(mine)}, ${analysis.exports[other].name} ${threadLabel(theirs)}, and they conflict${what}`,
        );
      if (mine.word === 'thread-safe' || theirs.word === 'thread-safe') says('');
      if (!always) continue;
      if (mine.word === 'thread-compatible' && theirs.word === 'thread-compatible') says(' with any arguments');
      if (mine.word === 'thread-compatible' && !mine.except.includes(other))
        says(', which is no exception of the first');
    }
  }
  return [...found];
}

/** Whether two groups conflict in a mask, other than in host functions. */
function inModule({ effects, words }: Analysis, a: EffectGroup, b: EffectGroup, mask: Uint32Array): boolean {
  const theirs = bitsOf(b.facing[a.settled].effects);
  return bitsOf(a.facing[b.settled].effects).some(
    (e) =>
      effects[e].cell.kind !== 'host' &&
      theirs.some((f) => hasBit(mask, e * words, f) && effects[f].cell.kind !== 'host'),
  );
}
