/** `pool`: an instance for each caller, where that changes no result of a call. */

import { t } from '../../text/l10n.ts';
import type { Advice } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { boundText, verdictEvidence } from '../evidence.ts';
import { calledBy } from '../facts/exploredRun.ts';
import { dividedSequences, spanText } from '../facts/sequences.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf, verdictWord } from '../wording.ts';

/** For exports that need a remedy. */
export function poolAdvice(facts: AdviceFacts, { pooled }: Conclusions): Advice[] {
  const { module } = facts;
  if (pooled.length === 0) return [];
  const positions = pooled.flatMap(({ compared }) => compared).sort((a, b) => a - b);
  // A heap is state that no other caller needs; runs do not tell whether that is all the state there is.
  const condition = pooled.some(({ hasReaders }) => hasReaders)
    ? t(', provided no other call needs the state that they leave there')
    : '';
  const wrong = pooled.flatMap(({ set }) => set.wrong);
  const [divided] = dividedSequences(wrong);
  const span =
    divided === undefined ? t('for all calls that belong together') : t('and keep it {0}', spanText(divided));
  const runs = pooled.flatMap(({ isolated }) => isolated);
  const ownsMemory = module.memories.some(({ imported }) => imported);
  // The run that went least far.
  const run = runs.toSorted((a, b) => Number(a.exhaustive) - Number(b.exhaustive))[0];
  const explored =
    run === undefined
      ? ''
      : t('; with an instance for each caller, they are {0} under {1}', verdictWord(run.verdict), boundText(run));
  return [
    {
      remedy: 'pool',
      exports: namesOf(facts, positions),
      pairs: [],
      text: t(
        'Give each caller of {0} {1} {2}: {3}.',
        exportsText(facts, positions),
        ownsMemory ? t('an instance with its own memory') : t('an instance'),
        `${span}${condition}`,
        facts.profile.remedy.pool,
      ),
      because: pooled[0].set.because,
      checked: {
        by: run === undefined ? 'calls' : 'exploration',
        exhaustive: runs.length === wrong.length && runs.every(({ exhaustive }) => exhaustive),
        text:
          divided === undefined
            ? t('by calls: used instances gave the same results as fresh ones{0}', explored)
            : t('by calls: for the whole sequence, used instances gave the same results as fresh ones{0}', explored),
      },
    },
  ];
}

/** For callers that have an instance each: these instances may come from a pool. */
export function reuseAdvice(facts: AdviceFacts): Advice[] {
  const { possible } = facts.reuse;
  if (possible.length === 0) return [];
  const positions = positionsOf(facts, calledBy(possible));
  return [
    {
      remedy: 'pool',
      exports: namesOf(facts, positions),
      pairs: [],
      text: t(
        'Reuse instances for {0}, each for one caller at a time: {1}.',
        exportsText(facts, positions),
        facts.profile.remedy.pool,
      ),
      because: verdictEvidence(possible[0].result),
      checked: {
        by: 'calls',
        exhaustive: true,
        text: t('by calls: used instances gave the same results as fresh ones'),
      },
    },
  ];
}
