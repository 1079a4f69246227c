/**
 * The rules of advice. Each is a function of the facts and of what was concluded from them, in a file of its own, and
 * knows nothing of the others. To add one: its file and a row here.
 */

import type { Advice } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import type { AdviceFacts } from '../facts.ts';
import { atomicsAdvice } from './atomics.ts';
import { concurrentAdvice } from './concurrent.ts';
import { hangAdvice } from './hang.ts';
import { hostStateAdvice } from './hostState.ts';
import { initialiseAdvice } from './initialise.ts';
import { instantiateFirstAdvice } from './instantiateFirst.ts';
import { lockingAdvice } from './locking.ts';
import { noPoolAdvice } from './noPool.ts';
import { overlapAdvice } from './overlap.ts';
import { poolAdvice, reuseAdvice } from './pool.ts';
import { preallocateAdvice } from './preallocate.ts';
import { privateStateAdvice } from './privateState.ts';
import { reentryAdvice } from './reentry.ts';
import { refFuncAdvice } from './refFunc.ts';
import { safeCallsAdvice } from './safeCalls.ts';
import { stacksAdvice } from './stacks.ts';
import { suspendingAdvice } from './suspending.ts';
import { synchronisedAdvice } from './synchronised.ts';
import { togetherAdvice } from './together.ts';

/** One row of `ADVICE_RULES`. */
export interface AdviceRule {
  /** Order of its advice among that of other rules, lowest first: restrictions, then permissions. No two are equal. */
  rank: number;
  /** Advice without evidence is dropped. */
  advise(facts: AdviceFacts, conclusions: Conclusions): Advice[];
  /** Also where no two calls of an instance may overlap, so that there is nothing else to say of them. */
  withoutOverlap?: true;
}

/** All rules; they may run in any order. Ranks have gaps, so that a new rule can go between two others. */
export const ADVICE_RULES: readonly AdviceRule[] = [
  { rank: 5, advise: overlapAdvice, withoutOverlap: true },
  { rank: 10, advise: hangAdvice, withoutOverlap: true },
  { rank: 15, advise: privateStateAdvice },
  { rank: 16, advise: stacksAdvice },
  { rank: 17, advise: instantiateFirstAdvice },
  { rank: 18, advise: reentryAdvice, withoutOverlap: true },
  { rank: 19, advise: suspendingAdvice },
  { rank: 20, advise: lockingAdvice },
  { rank: 30, advise: poolAdvice },
  { rank: 40, advise: noPoolAdvice },
  { rank: 50, advise: reuseAdvice },
  { rank: 60, advise: refFuncAdvice },
  { rank: 70, advise: preallocateAdvice },
  { rank: 80, advise: initialiseAdvice },
  { rank: 90, advise: atomicsAdvice },
  { rank: 100, advise: hostStateAdvice, withoutOverlap: true },
  { rank: 120, advise: concurrentAdvice },
  { rank: 130, advise: synchronisedAdvice },
  { rank: 140, advise: togetherAdvice },
  { rank: 150, advise: safeCallsAdvice },
];
