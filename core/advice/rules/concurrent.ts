/** `concurrent`: exports whose calls may run at the same time, because no other export writes what they read. */

import { modelWords } from '../../analysis/adviceWords.ts';
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { translated } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { type Advice, type Evidence, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { exploredBy } from '../evidence.ts';
import type { FreeExports } from '../facts/freeExports.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, firstSentence, namesOf } from '../wording.ts';

/** One piece for each class of free exports, checked by the safe runs that call nothing else. */
export const concurrentAdvice = (facts: AdviceFacts, { free: exports }: Conclusions): Advice[] =>
  exports.map((free): Advice => {
    const names = namesOf(facts, free.positions);
    const runs = facts.runs.filter(
      ({ result, called }) => result.verdict === 'safe' && [...called].every((name) => names.includes(name)),
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
  const head = `Calls of ${exportsText(facts, positions)} may run concurrently`;
  // The profile's advice is written for the default model of its host.
  if (analysis.model === 'isolated' && profile.defaultModel(false) !== 'isolated')
    return `${head}, each caller on its own instance: ${facts.profile.remedy.pool}.`;
  if (kind === 'pure') return `${head}. ${words('pure')}`;
  if (writers.length > 0)
    return `${head}, as long as ${exportsText(facts, writers, 'or')} ${writers.length === 1 ? 'does' : 'do'} not run at the same time. ${words('reads-only')}`;
  if (analysis.model === 'isolated') return `${head}. ${words('reads-only')}`;
  return `${head}: no export writes what they read, and the host must not write it while they run. ${firstSentence(words('pure'))}`;
}

const classEvidence = ({ analysis }: AdviceFacts, position: number): Evidence => {
  const one = analysis.exports[position];
  const { name, class: kind } = one;
  return {
    kind: 'class',
    export: name,
    name: kind,
    text: `${quoted(exportLabel(one))} is ${translated(CLASS_TEXT[kind])}`,
  };
};
