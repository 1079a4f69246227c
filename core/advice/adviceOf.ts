/** Advice from evidence: the rules in their order, for the calls of one run or for a whole module. */

import type { Analysis } from '../analysis/model.ts';
import { HOST_PROFILES } from '../hosts/index.ts';
import type { StressResult } from '../stress/explore/result.ts';
import type { Module } from '../wasm/module.ts';
import type { Advice } from './advice.ts';
import { growthAdvice, initialiseAdvice } from './growthRules.ts';
import { hostAdvice, referenceAdvice } from './hostRules.ts';
import { leaveAdvice } from './leaveRule.ts';
import { lockingAdvice } from './lockingRules.ts';
import { isolatedAdvice, poolingAdvice } from './poolRules.ts';
import { concurrentAdvice, synchronisedAdvice } from './sharingRules.ts';
import { calledIn, type Subject } from './subject.ts';
import { atomicsAdvice, hangAdvice } from './threadRules.ts';
import { safeCallsAdvice, togetherAdvice } from './togetherRules.ts';

/** What hinders first, then what is free. */
const RULES: readonly ((subject: Subject) => Advice[])[] = [
  hangAdvice,
  lockingAdvice,
  poolingAdvice,
  isolatedAdvice,
  referenceAdvice,
  growthAdvice,
  initialiseAdvice,
  atomicsAdvice,
  hostAdvice,
  leaveAdvice,
  concurrentAdvice,
  synchronisedAdvice,
  togetherAdvice,
  safeCallsAdvice,
];

/** Pieces of advice about one module. */
const MAX_ADVICE = 100;
/** Exports of runtimes, which nobody calls concurrently. */
const PLUMBING = /^(_initialize|_start|__wasm_call_ctors|__wasm_init_memory|__wbindgen_start)$/;

/**
 * Advice about a module. `results` are explorations of it, none to any number; those under another model or host than the
 * analysis', and replays, say nothing here. `scope`: all exports, or only those that the callers of the results call.
 */
export function adviceOf(
  module: Module,
  analysis: Analysis,
  results: readonly StressResult[],
  scope: 'module' | 'calls' = 'module',
): Advice[] {
  const usable = results.filter(
    ({ replayed, model, host }) => !replayed && model === analysis.model && host === analysis.host,
  );
  const called = new Set(usable.flatMap((result) => [...calledIn(result)]));
  const positions = analysis.exports.flatMap(({ name }, position) =>
    PLUMBING.test(name) || (scope === 'calls' && !called.has(name)) ? [] : [position],
  );
  const subject: Subject = {
    module,
    analysis,
    profile: HOST_PROFILES[analysis.host],
    results: usable,
    scope: positions,
  };
  const all = RULES.flatMap((rule) => rule(subject)).filter(({ because }) => because.length > 0);
  return [...new Map(all.map((advice) => [`${advice.remedy} ${advice.text}`, advice])).values()].slice(0, MAX_ADVICE);
}
