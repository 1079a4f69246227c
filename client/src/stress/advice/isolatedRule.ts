/** Runs with an instance for each caller: whether the instances may come from a pool. */
import { REMEDY_WORDS } from '../../../../server/src/analysis/hosts/remedyWords.ts';
import type { Advice } from './advice.ts';
import { verdictEvidence } from './evidence.ts';
import { noPool } from './lockingRules.ts';
import { calledIn, exportsText, namesOf, type Subject } from './subject.ts';

export function isolatedAdvice(subject: Subject): Advice[] {
  const { analysis, results } = subject;
  if (analysis.model !== 'isolated') return [];
  const safe = results.filter(({ verdict }) => verdict === 'safe');
  const differences = results.flatMap(({ pool }) => pool);
  const differing = new Set(results.filter(({ pool }) => pool.length > 0).flatMap((result) => [...calledIn(result)]));
  const checked = safe.filter(
    (result) => result.poolCheck?.complete && [...calledIn(result)].every((name) => !differing.has(name)),
  );
  const positionsOf = (names: ReadonlySet<string>): number[] =>
    analysis.exports.flatMap(({ name }, position) => (names.has(name) ? [position] : []));
  const advice: Advice[] = [];
  if (differences.length > 0) advice.push(...noPool(subject, differences));
  if (checked.length > 0) {
    const positions = positionsOf(new Set(checked.flatMap((result) => [...calledIn(result)])));
    advice.push({
      remedy: 'pool',
      exports: namesOf(subject, positions),
      pairs: [],
      text: `Reuse instances for ${exportsText(subject, positions)}, each for one caller at a time: ${REMEDY_WORDS[analysis.host].pool}.`,
      because: verdictEvidence(checked[0]),
      checked: {
        by: 'calls',
        exhaustive: true,
        text: 'by calls: used instances answered like fresh ones',
      },
    });
  }
  return advice;
}
