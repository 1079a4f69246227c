/** `together`: pairs of exports without a conflict, which no lock keeps apart. */

import { t } from '../../text/l10n.ts';
import { listOf, number, paragraph, quoted } from '../../text/phrases.ts';
import { exportLabelOf } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type Advice, type AdviceCheck, type Evidence, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { exploredBy } from '../evidence.ts';
import { type ExportPair, pairKey } from '../facts/exportPairs.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf, positionsOf } from '../wording.ts';

/** Pairs that a sentence names. */
const NAMED_PAIRS = 4;

/** One piece about all independent pairs, of which the sentence names the first four. */
export const togetherAdvice = (facts: AdviceFacts, { concurrentPairs }: Conclusions): Advice[] =>
  pairsAdvice(facts, concurrentPairs);

function pairsAdvice(facts: AdviceFacts, { pairs, count }: Conclusions['concurrentPairs']): Advice[] {
  if (pairs.length === 0) return [];
  const others = pairs.every(([a, b]) => a === b) ? '' : t('Other pairs of these exports may conflict.');
  return [
    {
      remedy: 'together',
      exports: namesOf(facts, positionsOf(facts, new Set(pairs.flat()))),
      pairs,
      text: paragraph([pairsSentence(facts, pairsText(facts.module, pairs, count)), others]),
      because: [noConflict(facts, pairs)],
      checked: checkedPairs(facts, pairs),
    },
  ];
}

const pairsSentence = ({ analysis }: AdviceFacts, pairs: string): string =>
  analysis.model === 'cooperative'
    ? t(
        'Calls of {0} may run concurrently: neither can come between two accesses of the other to the same state.',
        pairs,
      )
    : t('Calls of {0} may run concurrently: neither writes what the other uses.', pairs);

const noConflict = ({ analysis }: AdviceFacts, pairs: readonly ExportPair[]): Evidence => ({
  kind: 'no-conflict',
  pairs: pairs.slice(0, NAMED_PAIRS),
  text: t('no conflict found between them under {0}', analysis.model),
});

function checkedPairs({ runs }: AdviceFacts, pairs: readonly ExportPair[]): AdviceCheck {
  const keys = new Set(pairs.map(pairKey));
  const safe = runs.filter((run) => run.result.verdict === 'safe' && run.pairs.some((pair) => keys.has(pairKey(pair))));
  return safe.length > 0 ? exploredBy(safe) : UNCHECKED;
}

function pairsText(module: Module, pairs: readonly ExportPair[], count: number): string {
  const texts = pairs.slice(0, NAMED_PAIRS).map(([a, b]) => {
    const one = quoted(exportLabelOf(module, a));
    return a === b ? t('{0} with itself', one) : t('{0} with {1}', one, quoted(exportLabelOf(module, b)));
  });
  const left = count - texts.length;
  return left > 0 ? t('{0} (and {1} more pairs)', texts.join(t(', ')), number(left)) : listOf(texts, NAMED_PAIRS, 'or');
}
