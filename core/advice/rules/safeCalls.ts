/** `together`: calls whose exports may conflict, and which no schedule of these arguments makes conflict. */

import type { Scenario } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { t } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import type { Advice } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { callersText, exploredBy, verdictEvidence } from '../evidence.ts';
import { pairKey } from '../facts/exportPairs.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf, positionsOf } from '../wording.ts';

/** Pairs that are kept, and scenarios whose calls a sentence names. */
const MAX_PAIRS = 200;
const NAMED_SCENARIOS = 2;

/** The calls before those that were run; without any, they start on a new instance. */
const setupText = ({ setup }: Scenario): string =>
  setup.length === 0 ? '' : t(' after {0}', callersText([setup.map(stepText).join('; ')]));

/** One piece about all safe runs; it permits the calls that were run and no others. */
export function safeCallsAdvice(facts: AdviceFacts, { safeRuns }: Conclusions): Advice[] {
  if (safeRuns.length === 0) return [];
  const exported = new Set(facts.analysis.exports.map(({ name }) => name));
  // An instantiation is no export.
  const shown = safeRuns.flatMap((run) => run.pairs.filter((pair) => pair.every((name) => exported.has(name))));
  const pairs = new Map(shown.map((pair) => [pairKey(pair), pair] as const));
  const texts = new Set(
    safeRuns.map(
      ({ result: { scenario } }) =>
        `${callersText(scenario.callers.map((list) => list.map(stepText).join('; ')))}${setupText(scenario)}`,
    ),
  );
  const left = texts.size - NAMED_SCENARIOS;
  const more = left > 0 ? t(', or the calls of {0}', plural(left, 'more scenario')) : '';
  const calls = `${[...texts].slice(0, NAMED_SCENARIOS).join(t(', or '))}${more}`;
  const after = safeRuns.some(({ result }) => result.scenario.setup.length > 0);
  return [
    {
      remedy: 'together',
      exports: namesOf(facts, positionsOf(facts, new Set([...pairs.values()].flat()))),
      pairs: [...pairs.values()].slice(0, MAX_PAIRS),
      text: after
        ? t(
            'Only these calls may run concurrently: {0}. No schedule of them goes wrong after the calls that come first, which says nothing about other states, calls or arguments.',
            calls,
          )
        : t(
            'Only these calls may run concurrently: {0}. No schedule of them goes wrong on a new instance, which says nothing about other states, calls or arguments.',
            calls,
          ),
      because: verdictEvidence(safeRuns[0].result),
      checked: exploredBy(safeRuns),
    },
  ];
}
