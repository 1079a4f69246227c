/** Whether advice contradicts the analysis that it is about. */
import { atomicPairs } from '../../analysis/atomicPairs.ts';
import type { Analysis } from '../../analysis/model.ts';
import { pairConfidence } from '../../analysis/pairConfidence.ts';
import { conflictsWithItself } from '../../analysis/partners.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import type { Advice } from '../advice.ts';
import { isOfRuns, permittedPairs } from './contradictions.ts';

/** The contradictions, a sentence each. Permissions that safe runs gave are passed over: runs know more. */
export function contradictionsWithAnalysis(advices: readonly Advice[], analysis: Analysis): string[] {
  const { exports, groups, model, host, partial } = analysis;
  const positions = new Map(exports.map(({ name }, position) => [name, position]));
  const found: string[] = [];
  for (const { exports: names, text } of advices)
    for (const name of names) if (!positions.has(name)) found.push(`${name} is no export: ${text}`);
  const general = advices.filter((advice) => !isOfRuns(advice));
  const permitted = permittedPairs(general);
  const { of } = pairConfidence(analysis);
  const meetInAtomics = atomicPairs(analysis);
  for (const [one, other] of permitted) {
    const [a, b] = [positions.get(one), positions.get(other)];
    if (a === undefined || b === undefined) continue;
    const confidence = of(exports[a].group, exports[b].group);
    if (confidence !== undefined)
      found.push(`${one} and ${other} may run at once, and their conflict is ${confidence}`);
    else if (meetInAtomics(a, b)) found.push(`${one} and ${other} may run at once, and meet in atomic accesses`);
  }
  if (permitted.length > 0 && partial !== undefined)
    found.push(`${permitted[0].join(' and ')} may run at once, and the analysis is partial: ${partial}`);
  const { status } = HOST_PROFILES[host].stance[model];
  if ((status === 'forbidden' || status === 'unavailable') && advices.some(({ remedy }) => remedy === 'together'))
    found.push(`calls may run at once, and ${model} is ${status} on ${host}`);
  for (const advice of general)
    if (advice.remedy === 'concurrent') found.push(...freeOnes(advice, analysis, positions));
  if (groups.length === 0 && advices.length > 0) found.push('advice about a module without exports');
  return found;
}

/** Free exports that occur in a conflict which the sentence does not name. */
function freeOnes(
  { exports: names, text }: Advice,
  analysis: Analysis,
  positions: ReadonlyMap<string, number>,
): string[] {
  const { exports } = analysis;
  const told = new Set<number>();
  return names.flatMap((name) => {
    const position = positions.get(name);
    if (position === undefined || told.has(exports[position].group)) return [];
    told.add(exports[position].group);
    const { conflictCount, class: kind } = exports[position];
    if (conflictsWithItself(analysis, position)) return [`${name} may run concurrently, and conflicts with itself`];
    if (kind !== 'pure' && kind !== 'reads-only') return [`${name} may run concurrently, and is ${kind}`];
    return conflictCount > 0 && !/as long as/.test(text)
      ? [`${name} may run concurrently, and has conflicts: ${text}`]
      : [];
  });
}
