/**
 * Whether a pool of instances changes what calls mean: each caller's calls on a fresh instance, and on one that other
 * callers' calls were made on before. A caller keeps its instance for all of its calls, so they are the unit.
 */

import type { CallerCall } from '../run/caller.ts';
import { ExecutionMode } from '../run/mode.ts';
import { referencesInOrder } from '../run/references.ts';
import { memoryOf } from '../scenario/checkCalls.ts';
import { comparedText } from '../scenario/comparison.ts';
import { usageFacts } from '../scenario/usage/roles.ts';
import { INSTANTIATION } from '../session/instantiation.ts';
import type { Session } from '../session/session.ts';
import { leadsTo } from './leadsTo.ts';
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
    if (scheduler.exhausted) {
      check.complete = false;
      continue;
    }
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
  fresh: readonly CallAnswer[],
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
    if (stopped() || session.scheduler.over || session.scheduler.exhausted) return 'stopped';
    const at = used.findIndex((answer, i) => !isSame(session, calls[i], fresh[i], answer));
    if (at >= 0) return { call: calls[at].text, fresh: fresh[at].result, used: used[at].result };
  }
  return undefined;
}

/** A fresh instance. */
async function renew({ host, scheduler }: Session): Promise<void> {
  host.reset();
  await scheduler.serial.run(ExecutionMode.Probe, []);
}

/** The result of a call, and the text that it leads to right after the call. */
interface CallAnswer {
  result: string;
  text: string | undefined;
}

async function answers(
  { scheduler, callers, machine, module }: Session,
  calls: readonly CallerCall[],
): Promise<CallAnswer[]> {
  const found: CallAnswer[] = [];
  const memory = machine.instances[0].memories[memoryOf(module, undefined) ?? -1];
  for (const call of calls) {
    const result = await scheduler.serial.one(callers[0], call);
    found.push({ result, text: memory === undefined ? undefined : leadsTo(result, memory)?.text });
  }
  const [results] = referencesInOrder([found.map(({ result }) => result)]);
  return found.map(({ text }, i) => ({ result: results[i], text }));
}

/** Whether a caller sees no difference: equal results, or addresses of equal texts or of memory that was allocated. */
function isSame(session: Session, { step, func }: CallerCall, fresh: CallAnswer, used: CallAnswer): boolean {
  const { comparison } = session;
  const compared = ({ result }: CallAnswer) => (step === undefined ? result : comparedText(comparison, step, result));
  if (compared(fresh) === compared(used)) return true;
  if (fresh.text !== undefined && used.text !== undefined) return fresh.text === used.text;
  return returnsMemory(session, func) && isAddress(session, fresh.result) && isAddress(session, used.result);
}

/**
 * Whether a call answers with memory that it has allocated: its address says nothing about earlier calls. A block of the
 * allocator itself is used in further calls, which another instance would not understand.
 */
function returnsMemory({ module, analysis }: Session, func: number): boolean {
  if (func < 0) return false;
  const { allocation, useOf } = usageFacts(module, analysis);
  const isAllocator = [...(allocation?.all ?? [])].some((position) => analysis.exports[position].func === func);
  return allocation !== undefined && !isAllocator && useOf(func).returnsMemory;
}

/** A multiple of four inside the memory. */
function isAddress({ machine, module }: Session, result: string): boolean {
  const memory = machine.instances[0].memories[memoryOf(module, undefined) ?? -1];
  const at = /^-?\d+$/.test(result) ? BigInt.asUintN(memory?.is64 ? 64 : 32, BigInt(result)) : 0n;
  return at > 0n && at % 4n === 0n && at < BigInt(memory?.bytes ?? 0);
}
