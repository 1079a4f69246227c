/**
 * Pairs of exports that meet in atomic accesses. Such accesses do not conflict, but a sequence of them may still go wrong:
 * two loads and stores lose an update, a notification comes before its wait. Only runs can tell.
 */
import { type Effect, isAtomic, isWrite } from './cells.ts';
import { conflictOfEffects } from './conflicts.ts';
import type { Analysis } from './model.ts';
import { effectsOf, sharingUnder } from './queries.ts';

/** How two exports meet in atomics: one wakes who waits in the other, or one changes what both access. */
export type AtomicMeeting = 'wake' | 'change';

/** For positions in `Analysis.exports`: how both access a cell atomically; undefined if they do not, or only read it. */
export function atomicPairs(analysis: Analysis): (a: number, b: number) => AtomicMeeting | undefined {
  const sharing = sharingUnder(analysis, analysis.model);
  const ofGroup = analysis.groups.map(({ exports }) =>
    effectsOf(analysis, analysis.exports[exports[0]].func)
      .map((id) => analysis.effects[id])
      .filter((effect) => isAtomic(effect) && effect.cell.kind === 'memory'),
  );
  const known = new Map<string, AtomicMeeting | 'none'>();
  // Where plain writes of the two cells would conflict, the atomic accesses meet.
  const meet = (a: Effect, b: Effect): boolean =>
    conflictOfEffects({ cell: a.cell, access: 'write' }, { cell: b.cell, access: 'write' }, sharing) !== undefined;
  const meeting = (x: readonly Effect[], y: readonly Effect[]): AtomicMeeting | 'none' => {
    const some = (matters: (a: Effect, b: Effect) => boolean): boolean =>
      x.some((one) => y.some((other) => matters(one, other) && meet(one, other)));
    if (some((one, other) => wakes(one, other) || wakes(other, one))) return 'wake';
    return some((one, other) => isWrite(one) || isWrite(other)) ? 'change' : 'none';
  };
  return (a, b) => {
    const [x, y] = [a, b].map((position) => analysis.exports[position].group).sort((p, q) => p - q);
    const key = `${x} ${y}`;
    let answer = known.get(key);
    if (answer === undefined) {
      answer = meeting(ofGroup[x], ofGroup[y]);
      known.set(key, answer);
    }
    return answer === 'none' ? undefined : answer;
  };
}

/** Only `memory.atomic.notify` is an atomic access that touches no bytes. */
const wakes = (one: Effect, waiting: Effect): boolean => waiting.waits === true && one.widths === undefined;
