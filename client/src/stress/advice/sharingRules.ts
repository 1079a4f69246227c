/** Exports that need nothing done: calls that may run at once, and pairs that may run beside each other. */
import type { ExportClass } from '../../../../server/src/analysis/model.ts';
import { pairConfidence } from '../../../../server/src/analysis/pairConfidence.ts';
import { effectsOf } from '../../../../server/src/analysis/queries.ts';
import { CLASS_TEXT } from '../../../../server/src/analysis/wording.ts';
import { quoted } from '../../../../server/src/analysis/wordingCells.ts';
import { listOf, number } from '../../../../server/src/analysis/wordingLists.ts';
import { exportLabel } from '../../../../server/src/wasm/displayNames.ts';
import type { StressResult } from '../engine/result.ts';
import { callText } from '../engine/scenario.ts';
import { type Advice, type Evidence, UNCHECKED } from './advice.ts';
import { callersText, exploredBy, verdictEvidence } from './evidence.ts';
import { calledIn, exportsText, namesOf, partners, raceExports, type Subject, shownWrong } from './subject.ts';

/** Classes of exports that share nothing that changes. */
const QUIET: readonly ExportClass[] = ['pure', 'reads-only'];
/** Pairs in a sentence, and in the data. */
const NAMED_PAIRS = 4;
const MAX_PAIRS = 200;
/** Exports whose pairs are looked at. */
const MAX_PAIRED = 400;
const FEW = 8;

/** Exports that do not conflict with any export in scope, themselves included. */
export function concurrentAdvice(subject: Subject): Advice[] {
  const { analysis, scope, profile, results } = subject;
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
    const beside =
      writers.length === 0
        ? ''
        : `, as long as ${exportsText(subject, writers, 'or')} ${writers.length === 1 ? 'does' : 'do'} not run meanwhile`;
    const host = profile.advice[kind === 'pure' ? 'pure' : 'reads-only'];
    const runs = safeRuns(results, names);
    return [
      {
        remedy: 'concurrent',
        exports: names,
        pairs: [],
        text: `Let calls of ${exportsText(subject, positions)} run at once${beside}. ${host}`,
        because: positions.slice(0, 3).map((position) => classEvidence(subject, position)),
        checked: runs.length > 0 ? exploredBy(runs) : UNCHECKED,
      },
    ];
  });
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
      text: `Let these calls of ${exportsText(subject, positions)} run at once: their atomic accesses order them. ${profile.advice.synchronised}`,
      because: verdictEvidence(runs[0]),
      checked: exploredBy(runs),
    },
  ];
}

/** Pairs of exports without a conflict, an export with itself among them, of those that conflict with something. */
export function togetherAdvice(subject: Subject): Advice[] {
  const { analysis, scope, results } = subject;
  if (analysis.partial !== undefined || analysis.model === 'isolated') return [];
  const { of } = pairConfidence(analysis);
  // Who conflicts with nobody may run beside anybody: of few exports that is worth saying, too.
  const candidates = scope
    .filter((position) => analysis.exports[position].conflictCount > 0 || scope.length <= FEW)
    .slice(0, MAX_PAIRED);
  const wrong = wrongPairs(results);
  const quiet = new Set(concurrentAdvice(subject).flatMap(({ exports }) => exports));
  const pairs: [string, string][] = [];
  let count = 0;
  for (const [i, a] of candidates.entries()) {
    for (const b of candidates.slice(i)) {
      const [x, y] = [analysis.exports[a], analysis.exports[b]];
      if (of(x.group, y.group) !== undefined || wrong.has(pairKey(x.name, y.name))) continue;
      if (orderedOnly(subject, a, b)) continue;
      if (x.conflictCount + y.conflictCount === 0 || (quiet.has(x.name) && quiet.has(y.name))) continue;
      count++;
      if (pairs.length < MAX_PAIRS) pairs.push([x.name, y.name]);
    }
  }
  if (pairs.length === 0) return [];
  const turns = pairs.every(([a, b]) => a === b) ? '' : ' Other pairs of them take turns.';
  const named = new Set(pairs.flat());
  const keys = new Set(pairs.map(([a, b]) => pairKey(a, b)));
  const runs = results.filter(
    (result) => result.verdict === 'safe' && pairsOf(result).some(([a, b]) => keys.has(pairKey(a, b))),
  );
  return [
    {
      remedy: 'together',
      exports: analysis.exports.map(({ name }) => name).filter((name) => named.has(name)),
      pairs,
      text: `Let calls of ${pairsText(pairs, count)} run at once: neither writes what the other one uses.${turns}`,
      because: [
        {
          kind: 'no-conflict',
          pairs: pairs.slice(0, NAMED_PAIRS),
          text: `no conflict between them under ${analysis.model}`,
        },
      ],
      checked: runs.length > 0 ? exploredBy(runs) : UNCHECKED,
    },
  ];
}

/** Calls whose exports may conflict, and which no schedule of these arguments makes conflict. */
export function safeCallsAdvice(subject: Subject): Advice[] {
  const { analysis, results } = subject;
  if (analysis.model === 'isolated') return [];
  const wrong = wrongPairs(results);
  const quiet = new Set(concurrentAdvice(subject).flatMap(({ exports }) => exports));
  const ordered = new Set(synchronisedAdvice(subject).flatMap(({ exports }) => exports));
  const { of } = pairConfidence(analysis);
  const positionOf = (name: string) => analysis.exports.find((e) => e.name === name);
  const runs = results.filter((result) => {
    const names = [...calledIn(result)];
    // Imports that only return zero say nothing of the host.
    if (result.verdict !== 'safe' || !result.exhaustive) return false;
    if (names.some((name) => positionOf(name)?.class === 'host-dependent')) return false;
    if (names.every((name) => quiet.has(name) || ordered.has(name))) return false;
    const pairs = pairsOf(result);
    const conflicts = pairs.some(([a, b]) => {
      const [x, y] = [positionOf(a), positionOf(b)];
      return x !== undefined && y !== undefined && of(x.group, y.group) !== undefined;
    });
    return conflicts && pairs.every(([a, b]) => !wrong.has(pairKey(a, b)));
  });
  if (runs.length === 0) return [];
  const pairs = new Map(runs.flatMap((result) => pairsOf(result).map((pair) => [pairKey(...pair), pair] as const)));
  const [{ scenario }] = runs;
  const calls = callersText([...new Set(scenario.callers.map((list) => list.map(callText).join('; ')))]);
  const named = new Set([...pairs.values()].flat());
  return [
    {
      remedy: 'together',
      exports: analysis.exports.map(({ name }) => name).filter((name) => named.has(name)),
      pairs: [...pairs.values()].slice(0, MAX_PAIRS),
      text: `Let these calls run at once, and only these: ${calls}. No schedule makes them meet, but the analysis cannot exclude that other arguments do.`,
      because: verdictEvidence(runs[0]),
      checked: exploredBy(runs),
    },
  ];
}

/** Two exports whose atomic accesses meet: no conflict, but only a run can tell whether their sequences are one step. */
function orderedOnly({ analysis }: Subject, a: number, b: number): boolean {
  const atomics = [a, b].map((position) =>
    effectsOf(analysis, analysis.exports[position].func)
      .map((id) => analysis.effects[id].access)
      .filter((access) => access.startsWith('atomic')),
  );
  return atomics.every((list) => list.length > 0) && atomics.flat().includes('atomic-write');
}

const pairKey = (a: string, b: string): string => JSON.stringify([a, b].sort());

/** Pairs of exports that different callers of a run call, each once. */
function pairsOf({ scenario }: Pick<StressResult, 'scenario'>): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  scenario.callers.forEach((calls, i) => {
    for (const others of scenario.callers.slice(i + 1))
      for (const [a] of calls) for (const [b] of others) pairs.set(pairKey(a, b), [a, b]);
  });
  return [...pairs.values()];
}

function wrongPairs(results: readonly StressResult[]): Set<string> {
  const keys = new Set<string>();
  for (const result of results) {
    for (const race of result.races) {
      const [a, b] = raceExports(result, race);
      if (a !== undefined && b !== undefined) keys.add(pairKey(a, b));
    }
    if (result.wrongOutcome && result.races.length === 0) for (const [a, b] of pairsOf(result)) keys.add(pairKey(a, b));
  }
  return keys;
}

function pairsText(pairs: readonly [string, string][], count: number): string {
  const texts = pairs.slice(0, NAMED_PAIRS).map(([a, b]) => {
    const other = a === b ? 'itself' : quoted(exportLabel({ name: b }));
    return `${quoted(exportLabel({ name: a }))} with ${other}`;
  });
  const left = count - texts.length;
  return left > 0 ? `${texts.join(', ')} (and ${number(left)} more pairs)` : listOf(texts, NAMED_PAIRS, 'or');
}
