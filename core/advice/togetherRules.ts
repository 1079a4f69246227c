/** Pairs of exports that may run beside each other: by the conflict matrix, as readers of a lock, or as calls that were run. */
import { isWasi } from '../analysis/hostImports.ts';
import { pairConfidence } from '../analysis/pairConfidence.ts';
import { effectsOf } from '../analysis/queries.ts';
import { quoted } from '../analysis/wordingCells.ts';
import { listOf, number, plural } from '../analysis/wordingLists.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { callText } from '../stress/scenario/scenario.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import { type Advice, type Checked, type Evidence, UNCHECKED } from './advice.ts';
import { callersText, exploredBy, verdictEvidence } from './evidence.ts';
import { lockingAdvice } from './lockingRules.ts';
import { concurrentAdvice, synchronisedAdvice } from './sharingRules.ts';
import { calledIn, exportsText, raceExports, type Subject } from './subject.ts';

/** Pairs in a sentence, and in the data. */
const NAMED_PAIRS = 4;
const MAX_PAIRS = 200;
/** Exports whose pairs are looked at. */
const MAX_PAIRED = 400;
const FEW = 8;
/** Scenarios whose calls a sentence has. */
const NAMED_SCENARIOS = 2;

/** Pairs of exports without a conflict, an export with itself among them, of those that conflict with something. */
export function togetherAdvice(subject: Subject): Advice[] {
  if (subject.analysis.partial !== undefined || !mayShare(subject)) return [];
  const { pairs, count } = quietPairs(subject);
  // What is under one lock cannot run at once without the lock: at most as its readers.
  const locks = lockingAdvice(subject)
    .filter(({ remedy }) => remedy === 'mutex')
    .map(({ exports }) => new Set(exports));
  const [held, free] = [true, false].map((inside) =>
    pairs.filter(([a, b]) => locks.some((lock) => lock.has(a) && lock.has(b)) === inside),
  );
  return [
    ...locks.flatMap((lock) => readersAdvice(subject, lock, held)),
    ...pairsAdvice(subject, free, count - held.length),
  ];
}

/** Whether callers of the host have anything in common that they may use at once. */
const mayShare = ({ analysis, profile }: Subject): boolean =>
  analysis.model !== 'isolated' && ['allowed', 'unguarded'].includes(profile.stance[analysis.model].status);

/** Exports under one lock that may hold it together. */
function readersAdvice(subject: Subject, lock: ReadonlySet<string>, pairs: readonly [string, string][]): Advice[] {
  const keys = new Set(pairs.map(([a, b]) => pairKey(a, b)));
  const readers: string[] = [];
  for (const name of lock) if ([...readers, name].every((other) => keys.has(pairKey(name, other)))) readers.push(name);
  if (readers.length === 0) return [];
  const positions = subject.analysis.exports.flatMap(({ name }, position) =>
    readers.includes(name) ? [position] : [],
  );
  const named = pairs.filter(([a, b]) => readers.includes(a) && readers.includes(b));
  const why = readers.length === 1 ? 'they write nothing that they read' : 'none of them writes what another one reads';
  return [
    {
      remedy: 'together',
      exports: readers,
      pairs: named,
      text: `Let calls of ${exportsText(subject, positions)} hold the lock at once where it is a reader-writer lock: ${why}.`,
      because: [noConflict(subject, named)],
      checked: checkedPairs(subject, named),
    },
  ];
}

function quietPairs(subject: Subject): { pairs: [string, string][]; count: number } {
  const { analysis, scope, results } = subject;
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
      if (orderedOnly(subject, a, b) || hostDecides(subject, a, b)) continue;
      if (x.conflictCount + y.conflictCount === 0 || (quiet.has(x.name) && quiet.has(y.name))) continue;
      count++;
      if (pairs.length < MAX_PAIRS) pairs.push([x.name, y.name]);
    }
  }
  return { pairs, count };
}

/** `count`: how many there are, of which `pairs` are the first. */
function pairsAdvice(subject: Subject, pairs: [string, string][], count: number): Advice[] {
  if (pairs.length === 0) return [];
  const others = pairs.every(([a, b]) => a === b) ? '' : ' Other pairs of them may conflict.';
  const named = new Set(pairs.flat());
  return [
    {
      remedy: 'together',
      exports: subject.analysis.exports.map(({ name }) => name).filter((name) => named.has(name)),
      pairs,
      text: `Let calls of ${pairsText(pairs, count)} run at once: neither writes what the other one uses.${others}`,
      because: [noConflict(subject, pairs)],
      checked: checkedPairs(subject, pairs),
    },
  ];
}

const noConflict = ({ analysis }: Subject, pairs: readonly [string, string][]): Evidence => ({
  kind: 'no-conflict',
  pairs: pairs.slice(0, NAMED_PAIRS),
  text: `no conflict between them under ${analysis.model}`,
});

function checkedPairs({ results }: Subject, pairs: readonly [string, string][]): Checked {
  const keys = new Set(pairs.map(([a, b]) => pairKey(a, b)));
  const runs = results.filter(
    (result) => result.verdict === 'safe' && pairsOf(result).some(([a, b]) => keys.has(pairKey(a, b))),
  );
  return runs.length > 0 ? exploredBy(runs) : UNCHECKED;
}

/** Calls whose exports may conflict, and which no schedule of these arguments makes conflict. */
export function safeCallsAdvice(subject: Subject): Advice[] {
  const { analysis, results, profile } = subject;
  if (!mayShare(subject)) return [];
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
    // What ref.func does inside the host is in no run.
    if (
      profile.refFuncUnsafe &&
      names.some((name) => positionOf(name)?.hazards.some(({ rule }) => rule === 'ref-func'))
    )
      return false;
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
  const texts = [
    ...new Set(runs.map(({ scenario }) => callersText(scenario.callers.map((list) => list.map(callText).join('; '))))),
  ];
  const left = texts.length - NAMED_SCENARIOS;
  const more = left > 0 ? `, or the calls of ${plural(left, 'more scenario')}` : '';
  const named = new Set([...pairs.values()].flat());
  return [
    {
      remedy: 'together',
      exports: analysis.exports.map(({ name }) => name).filter((name) => named.has(name)),
      pairs: [...pairs.values()].slice(0, MAX_PAIRS),
      text: `Let these calls run at once, and only these: ${texts.slice(0, NAMED_SCENARIOS).join(', or ')}${more}. No schedule of them goes wrong, which says nothing of other calls and arguments.`,
      because: verdictEvidence(runs[0]),
      checked: exploredBy(runs),
    },
  ];
}

/** Two exports of which one calls into the host, which can change what the other one uses. */
function hostDecides({ module, analysis }: Subject, a: number, b: number): boolean {
  const exports = [a, b].map((position) => analysis.exports[position]);
  const imports = module.imports.filter(({ kind }) => kind === 'func');
  const callsOut = exports.some(({ func }) =>
    effectsOf(analysis, func).some((id) => {
      const { cell, access } = analysis.effects[id];
      const known = imports[cell.index];
      return cell.kind === 'host' && access === 'write' && known !== undefined && !isWasi(known);
    }),
  );
  return callsOut && !exports.some(({ class: kind }) => kind === 'pure');
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
