/** Exports that need nothing done: their calls may run at once, all of them or those that were run. */

import type { ExportClass } from '../analysis/model.ts';
import { effectsOf } from '../analysis/queries.ts';
import { CLASS_TEXT } from '../analysis/wording.ts';
import { quoted } from '../analysis/wordingCells.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import { type Advice, type Evidence, UNCHECKED } from './advice.ts';
import { exploredBy, verdictEvidence } from './evidence.ts';
import { calledIn, exportsText, firstSentence, namesOf, partners, type Subject, shownWrong } from './subject.ts';

/** Classes of exports that share nothing that changes. */
const QUIET: readonly ExportClass[] = ['pure', 'reads-only'];
/** Exports that do not conflict with any export in scope, themselves included. */
export function concurrentAdvice(subject: Subject): Advice[] {
  const { analysis, scope, results } = subject;
  if (analysis.partial !== undefined) return [];
  const inScope = new Set(scope);
  const wrong = shownWrong(subject);
  const free = scope.filter(
    (position) =>
      !wrong.has(analysis.exports[position].name) &&
      partners(subject, position).every((partner) => !inScope.has(partner)),
  );
  return QUIET.flatMap((kind): Advice[] => {
    const positions = free.filter((position) => analysis.exports[position].class === kind);
    if (positions.length === 0) return [];
    const names = namesOf(subject, positions);
    const groups = new Map(positions.map((position) => [analysis.exports[position].group, position]));
    const writers = [...new Set([...groups.values()].flatMap((position) => partners(subject, position)))].sort(
      (a, b) => a - b,
    );
    const runs = safeRuns(results, names);
    return [
      {
        remedy: 'concurrent',
        exports: names,
        pairs: [],
        text: concurrentText(subject, kind, positions, writers),
        because: positions.slice(0, 3).map((position) => classEvidence(subject, position)),
        checked: runs.length > 0 ? exploredBy(runs) : UNCHECKED,
      },
    ];
  });
}

/** `writers`: exports out of scope that change what these read. */
function concurrentText(
  subject: Subject,
  kind: ExportClass,
  positions: readonly number[],
  writers: readonly number[],
): string {
  const { analysis, profile } = subject;
  const head = `Let calls of ${exportsText(subject, positions)} run at once`;
  // The words of a host are about the way that it takes by default.
  if (analysis.model === 'isolated' && profile.defaultModel(false) !== 'isolated')
    return `${head}, each caller's on an instance of its own: ${profile.remedy.pool}.`;
  if (kind === 'pure') return `${head}. ${profile.advice.pure}`;
  if (writers.length > 0)
    return `${head}, as long as ${exportsText(subject, writers, 'or')} ${writers.length === 1 ? 'does' : 'do'} not run meanwhile. ${profile.advice['reads-only']}`;
  if (analysis.model === 'isolated') return `${head}. ${profile.advice['reads-only']}`;
  return `${head}: no export writes what they read, and neither may the host meanwhile. ${firstSentence(profile.advice.pure)}`;
}

const classEvidence = ({ analysis }: Subject, position: number): Evidence => {
  const { name, class: kind } = analysis.exports[position];
  return { kind: 'class', export: name, name: kind, text: `${quoted(exportLabel({ name }))} is ${CLASS_TEXT[kind]}` };
};

const safeRuns = (results: readonly StressResult[], names: readonly string[]): StressResult[] =>
  results.filter((result) => result.verdict === 'safe' && [...calledIn(result)].every((name) => names.includes(name)));

/** Runs of calls that their own atomics order, under every schedule. */
export function synchronisedAdvice(subject: Subject): Advice[] {
  const { analysis, results, profile } = subject;
  if (analysis.model === 'isolated') return [];
  const wrong = shownWrong(subject);
  const isOrdered = (name: string): boolean => {
    const found = analysis.exports.find((e) => e.name === name);
    if (found === undefined || wrong.has(name) || QUIET.includes(found.class)) return false;
    return effectsOf(analysis, found.func).some((id) => analysis.effects[id].access.startsWith('atomic'));
  };
  const runs = results.filter(
    (result) => result.verdict === 'safe' && result.exhaustive && [...calledIn(result)].every(isOrdered),
  );
  if (runs.length === 0) return [];
  const names = new Set(runs.flatMap((result) => [...calledIn(result)]));
  const positions = analysis.exports.flatMap(({ name }, position) => (names.has(name) ? [position] : []));
  return [
    {
      remedy: 'concurrent',
      exports: namesOf(subject, positions),
      pairs: [],
      text: `Let these calls of ${exportsText(subject, positions)} run at once: their atomic accesses order them. ${firstSentence(profile.advice.synchronised)}`,
      because: verdictEvidence(runs[0]),
      checked: exploredBy(runs),
    },
  ];
}
