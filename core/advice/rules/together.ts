/** `together`: pairs of exports without a conflict, as readers of a lock or with nothing held. */

import { listOf, number, quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { type Advice, type AdviceCheck, type Evidence, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { exploredBy } from '../evidence.ts';
import { type ExportPair, pairKey } from '../facts/exportPairs.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

/** Pairs that a sentence names. */
const NAMED_PAIRS = 4;

export const togetherAdvice = (facts: AdviceFacts, { readers, concurrentPairs }: Conclusions): Advice[] => [
  // A queue has no readers.
  ...(facts.analysis.model === 'cooperative' ? [] : readers.map((some) => readersAdvice(facts, some))),
  ...pairsAdvice(facts, concurrentPairs),
];

/** Exports under one lock that may hold it at the same time. */
function readersAdvice(facts: AdviceFacts, { names, pairs }: Conclusions['readers'][number]): Advice {
  const positions = positionsOf(facts, new Set(names));
  const why = names.length === 1 ? 'they write nothing that they read' : 'none of them writes what another reads';
  return {
    remedy: 'together',
    exports: names,
    pairs,
    text: `If the lock is a reader-writer lock, calls of ${exportsText(facts, positions)} may share it as readers: ${why}.`,
    because: [noConflict(facts, pairs)],
    checked: checkedPairs(facts, pairs),
  };
}

function pairsAdvice(facts: AdviceFacts, { pairs, count }: Conclusions['concurrentPairs']): Advice[] {
  if (pairs.length === 0) return [];
  const others = pairs.every(([a, b]) => a === b) ? '' : ' Other pairs of these exports may conflict.';
  return [
    {
      remedy: 'together',
      exports: namesOf(facts, positionsOf(facts, new Set(pairs.flat()))),
      pairs,
      text: `Calls of ${pairsText(pairs, count)} may run concurrently: ${reason(facts)}.${others}`,
      because: [noConflict(facts, pairs)],
      checked: checkedPairs(facts, pairs),
    },
  ];
}

const reason = ({ analysis }: AdviceFacts): string =>
  analysis.model === 'cooperative'
    ? 'neither can come between two accesses of the other to the same state'
    : 'neither writes what the other uses';

const noConflict = ({ analysis }: AdviceFacts, pairs: readonly ExportPair[]): Evidence => ({
  kind: 'no-conflict',
  pairs: pairs.slice(0, NAMED_PAIRS),
  text: `no conflict found between them under ${analysis.model}`,
});

function checkedPairs({ runs }: AdviceFacts, pairs: readonly ExportPair[]): AdviceCheck {
  const keys = new Set(pairs.map(pairKey));
  const safe = runs.filter((run) => run.result.verdict === 'safe' && run.pairs.some((pair) => keys.has(pairKey(pair))));
  return safe.length > 0 ? exploredBy(safe) : UNCHECKED;
}

function pairsText(pairs: readonly ExportPair[], count: number): string {
  const texts = pairs.slice(0, NAMED_PAIRS).map(([a, b]) => {
    const other = a === b ? 'itself' : quoted(exportLabel({ name: b }));
    return `${quoted(exportLabel({ name: a }))} with ${other}`;
  });
  const left = count - texts.length;
  return left > 0 ? `${texts.join(', ')} (and ${number(left)} more pairs)` : listOf(texts, NAMED_PAIRS, 'or');
}
