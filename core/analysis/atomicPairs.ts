/**
 * Pairs of exports that meet in atomic accesses. Such accesses do not conflict, but a sequence of them may still go wrong:
 * two loads and stores lose an update, a notification comes before its wait. Only runs can tell.
 */
import { type Effect, isAtomic, isWrite } from './cells.ts';
import { conflictOfEffects } from './conflicts.ts';
import type { Analysis } from './model.ts';
import { effectsOf, sharingUnder } from './queries.ts';

/** For positions in `Analysis.exports`: whether both access a cell atomically, and one of them changes it or wakes who waits there. */
export function atomicPairs(analysis: Analysis): (a: number, b: number) => boolean {
  const sharing = sharingUnder(analysis, analysis.model);
  const ofGroup = analysis.groups.map(({ exports }) =>
    effectsOf(analysis, analysis.exports[exports[0]].func)
      .map((id) => analysis.effects[id])
      .filter((effect) => isAtomic(effect) && effect.cell.kind === 'memory'),
  );
  const known = new Map<string, boolean>();
  // Where plain writes of the two cells would conflict, the atomic accesses meet.
  const meet = (a: Effect, b: Effect): boolean =>
    (isWrite(a) || isWrite(b) || wakes(a, b) || wakes(b, a)) &&
    conflictOfEffects({ cell: a.cell, access: 'write' }, { cell: b.cell, access: 'write' }, sharing) !== undefined;
  return (a, b) => {
    const [x, y] = [a, b].map((position) => analysis.exports[position].group).sort((p, q) => p - q);
    const key = `${x} ${y}`;
    let answer = known.get(key);
    if (answer === undefined) {
      answer = ofGroup[x].some((one) => ofGroup[y].some((other) => meet(one, other)));
      known.set(key, answer);
    }
    return answer;
  };
}

/** Only `memory.atomic.notify` is an atomic access that touches no bytes. */
const wakes = (one: Effect, waiting: Effect): boolean => waiting.waits === true && one.widths === undefined;
