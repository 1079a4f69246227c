/** `concurrent`: exports whose calls may run at the same time, because no other export writes what they read. */

import { modelWords } from '../../analysis/adviceWords.ts';
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { t, translated } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { type Advice, type Evidence, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { exploredBy } from '../evidence.ts';
import type { FreeExports } from '../facts/freeExports.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, firstSentence, namesOf } from '../wording.ts';

/** One piece for each class of free exports, checked by the safe runs of several callers that call nothing else. */
export const concurrentAdvice = (facts: AdviceFacts, { free: exports }: Conclusions): Advice[] =>
  exports.map((free): Advice => {
    const names = namesOf(facts, free.positions);
    const runs = facts.runs.filter(
      ({ result, called, pairs }) =>
        result.verdict === 'safe' && pairs.length > 0 && [...called].every((name) => names.includes(name)),
    );
    return {
      remedy: 'concurrent',
      exports: names,
      pairs: [],
      text: concurrentText(facts, free),
      because: free.positions.slice(0, 3).map((position) => classEvidence(facts, position)),
      checked: runs.length > 0 ? exploredBy(runs) : UNCHECKED,
    };
  });

function concurrentText(facts: AdviceFacts, { class: kind, positions, writers }: FreeExports): string {
  const { analysis, profile } = facts;
  const words = (of: 'pure' | 'reads-only'): string => modelWords(analysis, profile, of) ?? profile.advice[of];
  const calls = exportsText(facts, positions);
  // The profile's advice is written for the default model of its host.
  if (analysis.model === 'isolated' && profile.defaultModel(false) !== 'isolated')
    return t('Calls of {0} may run concurrently, each caller on its own instance: {1}.', calls, profile.remedy.pool);
  if (kind === 'pure') return t('Calls of {0} may run concurrently. {1}', calls, words('pure'));
  if (writers.length > 0) {
    const who = exportsText(facts, writers, 'or');
    const read = words('reads-only');
    return writers.length === 1
      ? t('Calls of {0} may run concurrently, as long as {1} does not run at the same time. {2}', calls, who, read)
      : t('Calls of {0} may run concurrently, as long as {1} do not run at the same time. {2}', calls, who, read);
  }
  if (analysis.model === 'isolated') return t('Calls of {0} may run concurrently. {1}', calls, words('reads-only'));
  return t(
    'Calls of {0} may run concurrently: no export writes what they read, and the host must not write it while they run. {1}',
    calls,
    firstSentence(words('pure')),
  );
}

const classEvidence = ({ analysis }: AdviceFacts, position: number): Evidence => {
  const one = analysis.exports[position];
  const { name, class: kind } = one;
  return {
    kind: 'class',
    export: name,
    name: kind,
    text: t('{0} is {1}', quoted(exportLabel(one)), translated(CLASS_TEXT[kind])),
  };
};
