/** Memory that grows while others use it, and what has to be done before the first concurrent call. */

import type { Hazard } from '../analysis/model.ts';
import { plural } from '../analysis/wordingLists.ts';
import type { MemoryGrowth, RaceKind, RemedyRuns, StressResult } from '../stress/explore/result.ts';
import { memoryName } from '../wasm/displayNames.ts';
import { type Advice, type Checked, type Evidence, UNCHECKED } from './advice.ts';
import { boundText, raceEvidence, ruleEvidence } from './evidence.ts';
import { isHarmless } from './harmless.ts';
import { exportsText, namesOf, raceExports, type Subject } from './subject.ts';

/** Memories, each with the most that any run made of it. */
export function growthAdvice(subject: Subject): Advice[] {
  const racing = subject.results.filter(({ races }) => races.some(({ kind }) => kind === 'memory.grow'));
  const byMemory = new Map<number, { growth: MemoryGrowth; result: StressResult }>();
  for (const result of racing) {
    for (const growth of result.growth) {
      const known = byMemory.get(growth.index);
      if (subject.module.memories[growth.index]?.limits.shared || (known?.growth.most ?? 0) >= growth.most) continue;
      byMemory.set(growth.index, { growth, result });
    }
  }
  const known = [...byMemory.values()].map(({ growth, result }) => preallocation(subject, growth, result, racing));
  return [...known, ...unknownGrowth(subject, byMemory)];
}

/** Memories that exports can grow, and that no run grew: there is no size to give. */
function unknownGrowth({ module, analysis, scope, profile }: Subject, grown: ReadonlyMap<number, unknown>): Advice[] {
  if (analysis.model !== 'shared-instance') return [];
  const byMemory = new Map<number, { position: number; hazard: Hazard }[]>();
  for (const position of scope) {
    for (const hazard of analysis.exports[position].hazards) {
      const { index } = hazard.cell;
      if (hazard.rule !== 'memory-grow' || hazard.cell.kind !== 'memory.grow' || grown.has(index)) continue;
      if (module.memories[index] === undefined) continue;
      byMemory.set(index, [...(byMemory.get(index) ?? []), { position, hazard }]);
    }
  }
  return [...byMemory].map(([index, found]) => {
    const { limits } = module.memories[index];
    const positions = [...new Set(found.map(({ position }) => position))];
    const text = [
      `Give ${memoryName(module, index)} from the start the pages that real inputs need, not ${limits.min}: ${exportsText({ analysis }, positions)} can grow it, and no run here did, so the size is not known.`,
      profile.remedy.reserve(limits.max !== undefined) ?? '',
    ];
    return {
      remedy: 'preallocate' as const,
      exports: namesOf({ analysis }, positions),
      pairs: [],
      text: text.join(' ').trim(),
      because: found.slice(0, 2).map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
      checked: UNCHECKED,
    };
  });
}

function preallocation(
  subject: Subject,
  { memory, index, pageBytes, declared, base, most }: MemoryGrowth,
  result: StressResult,
  racing: readonly StressResult[],
): Advice {
  const run = result.remedies.preallocated;
  const others = racing.flatMap(({ remedies }) => remedies.preallocated ?? []);
  const bounded = subject.module.memories[index]?.limits.max !== undefined;
  const linker = pageBytes === 65_536 ? `wasm-ld --initial-memory=${most * pageBytes}, or ` : '';
  const setUp = base > declared ? `${declared} and the ${base} that it has when callers start` : String(declared);
  const kinds = [...new Set(others.flatMap(({ races }) => races))].sort();
  const left = kinds.length > 0 ? `, which leaves the races on ${kinds.map((kind) => CELLS[kind]).join(' and ')}` : '';
  const text = [
    others.some(({ grows }) => grows)
      ? `Do not count on more pages from the start: these calls grow ${memory} whatever its size, and need a lock all the same.`
      : `Give ${memory} ${plural(most, 'page')} from the start, not ${setUp} (${linker}one call that grows it before the others begin)${left}.`,
    subject.profile.remedy.reserve(bounded) ?? '',
  ];
  const race = result.races.find(({ kind }) => kind === 'memory.grow');
  const because: Evidence[] = [
    {
      kind: 'growth',
      name: memory,
      from: base,
      to: most,
      text: `these calls, one after the other, grow ${memory} from ${base} to ${plural(most, 'page')} of ${pageBytes / 1024} KiB`,
    },
    ...(race === undefined ? [] : [raceEvidence(result, race)]),
  ];
  const growers = new Set(
    racing.flatMap((one) => one.races.filter(({ kind }) => kind === 'memory.grow').flatMap((r) => raceExports(one, r))),
  );
  const positions = subject.analysis.exports.flatMap(({ name, growth }, position) =>
    growers.has(name) && growth !== 'none' ? [position] : [],
  );
  return {
    remedy: 'preallocate',
    exports: namesOf(subject, positions),
    pairs: [],
    text: text.filter((t) => t !== '').join(' '),
    because,
    checked: checkOf(run, most),
  };
}

const CELLS: Readonly<Record<RaceKind, string>> = {
  memory: 'the contents of memory',
  'memory.grow': 'the size of the memory',
  global: 'globals',
  table: 'tables',
  'table.grow': 'the size of tables',
  segment: 'segments',
  host: 'the state of the host',
};

function checkOf(run: RemedyRuns['preallocated'], pages: number): Checked {
  if (run === null) return UNCHECKED;
  const found =
    run.verdict === 'safe'
      ? 'nothing is left'
      : run.races.length > 0
        ? `races left on ${run.races.join(', ')}`
        : run.verdict;
  return {
    by: 'exploration',
    exhaustive: run.exhaustive,
    text: `by exploration with ${plural(pages, 'page')} from the start, under ${boundText(run)}: ${found}`,
  };
}

/** Tables and segments: what the host says is to be done once. */
export function initialiseAdvice(subject: Subject): Advice[] {
  const { results, profile } = subject;
  const kinds: readonly ['table' | 'segment', (kind: RaceKind) => boolean][] = [
    ['segment', (kind) => kind === 'segment'],
    ['table', (kind) => kind === 'table' || kind === 'table.grow'],
  ];
  return kinds.flatMap(([advice, counts]) => {
    const racing = results.filter((result) => !isHarmless(result) && result.races.some(({ kind }) => counts(kind)));
    if (racing.length === 0) return [];
    const names = new Set(
      racing.flatMap((one) => one.races.filter(({ kind }) => counts(kind)).flatMap((r) => raceExports(one, r))),
    );
    const positions = subject.analysis.exports.flatMap(({ name }, position) => (names.has(name) ? [position] : []));
    const [first] = racing;
    const race = first.races.find(({ kind }) => counts(kind));
    return [
      {
        remedy: 'initialise' as const,
        exports: namesOf(subject, positions),
        pairs: [],
        text: profile.advice[advice],
        because: race === undefined ? [] : [raceEvidence(first, race)],
        checked: UNCHECKED,
      },
    ];
  });
}
