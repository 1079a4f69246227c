/** Advice from evidence, for the calls of one run or for a whole module: facts, then conclusions, then the rules. */

import type { Analysis } from '../analysis/model.ts';
import { exclusionOf } from '../hosts/profile.ts';
import type { StressResult } from '../stress/explore/result.ts';
import type { Module } from '../wasm/module.ts';
import type { Advice, Remedy } from './advice.ts';
import { conclude } from './conclusions.ts';
import { type AdviceFacts, adviceFacts } from './facts.ts';
import { ADVICE_RULES, type AdviceRule } from './rules/table.ts';

/** Remedies that permit concurrent calls: none where the host excludes them under the sharing model. */
const PERMISSIONS: ReadonlySet<Remedy> = new Set<Remedy>(['concurrent', 'together']);
/** Pieces of advice about one module. */
const MAX_ADVICE = 100;

/**
 * Advice about a module, at most 100 pieces, restrictions first. `results` are explorations of the module, and may be
 * empty; replays, and runs under another model or host than the analysis', are passed over. `about`: all exports, or
 * only those that the callers of the results call.
 */
export const adviceOf = (
  module: Module,
  analysis: Analysis,
  results: readonly StressResult[],
  about: 'module' | 'calls' = 'module',
): Advice[] => adviceFrom(adviceFacts(module, analysis, results, about), ADVICE_RULES);

/** What the rules say of the facts, by rank, each piece once; the order of `rules` makes no difference. */
export function adviceFrom(facts: AdviceFacts, rules: readonly AdviceRule[]): Advice[] {
  const conclusions = conclude(facts);
  const excluded = exclusionOf(facts.profile, facts.analysis.model) !== undefined;
  const all = rules
    .filter(({ withoutOverlap }) => facts.overlap === undefined || withoutOverlap === true)
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ advise }) => advise(facts, conclusions))
    .filter(({ because, remedy }) => because.length > 0 && !(excluded && PERMISSIONS.has(remedy)));
  return [...new Map(all.map((advice) => [`${advice.remedy} ${advice.text}`, advice])).values()].slice(0, MAX_ADVICE);
}
