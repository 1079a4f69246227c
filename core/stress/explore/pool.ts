/**
 * Whether a pool of instances changes what calls mean: each caller's calls on a fresh instance, and on one that other
 * callers' calls were made on before. A caller keeps its instance for all of its calls, so they are the unit.
 */

import type { CallerCall } from '../run/caller.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import { comparedText } from '../scenario/comparison.ts';
import { INSTANTIATION } from '../session/instantiation.ts';
import type { Session } from '../session/session.ts';
import { stateOf } from './outcomes.ts';
import type { PoolCheck, PoolDifference } from './result.ts';

/** How often all callers use an instance before its results are compared: what fills up shows only after some time. */
const ROUNDS = 3;

/** Differences of the calls, at most one for each sequence. Leaves the machine in the base state. */
export async function poolDifferences(
  session: Session,
  stopped: () => boolean,
): Promise<{ pool: PoolDifference[]; check: PoolCheck }> {
  const { scheduler, callers, machine } = session;
  const sequences = [...new Map(callers.map(({ calls }) => [calls.map(({ text }) => text).join(), calls])).values()];
  const pool = new Map<string, PoolDifference>();
  const check: PoolCheck = { sequences: 0, complete: true, returns: true, leavesState: false };
  // An instance that its caller makes is no instance of a pool.
  if (callers.some(({ calls }) => calls[0].func === INSTANTIATION))
    return { pool: [], check: { ...check, complete: false } };
  for (const calls of sequences) {
    if (stopped()) {
      check.complete = false;
      break;
    }
    await renew(session);
    const base = stateOf(session);
    const fresh = await answers(session, calls);
    if (scheduler.over || scheduler.defect !== undefined) {
      // It does not return alone, so there is nothing to compare.
      check.complete = false;
      if (!stopped()) check.returns = false;
      continue;
    }
    check.leavesState ||= stateOf(session) !== base;
    const difference = await onceUsed(session, sequences, calls, fresh, stopped);
    if (difference === 'stopped') check.complete = false;
    else {
      check.sequences++;
      if (difference !== undefined) pool.set(difference.call, difference);
    }
  }
  machine.restore();
  return { pool: [...pool.values()], check };
}

/** The first call with another result on an instance that all sequences have used once, twice, ... */
async function onceUsed(
  session: Session,
  sequences: readonly (readonly CallerCall[])[],
  calls: readonly CallerCall[],
  fresh: readonly string[],
  stopped: () => boolean,
): Promise<PoolDifference | 'stopped' | undefined> {
  for (let rounds = 1; rounds <= ROUNDS; rounds++) {
    await renew(session);
    for (let i = 0; i < rounds; i++) {
      for (const others of sequences) {
        if (stopped()) return 'stopped';
        await answers(session, others);
      }
    }
    const used = await answers(session, calls);
    if (stopped() || session.scheduler.over) return 'stopped';
    const { comparison } = session;
    const text = (answer: string, i: number) => {
      const { step } = calls[i];
      return step === undefined ? answer : comparedText(comparison, step, answer);
    };
    const at = used.findIndex((answer, i) => text(answer, i) !== text(fresh[i], i));
    if (at >= 0) return { call: calls[at].text, fresh: fresh[at], used: used[at] };
  }
  return undefined;
}

/** A fresh instance. */
async function renew({ host, scheduler }: Session): Promise<void> {
  host.reset();
  await scheduler.serially(ExecutionMode.Probe, []);
}

async function answers({ scheduler, callers }: Session, calls: readonly CallerCall[]): Promise<string[]> {
  const results: string[] = [];
  for (const call of calls) results.push(await scheduler.one(callers[0], call));
  return results;
}
