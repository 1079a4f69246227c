/** `preallocate`: memory that grows while others use it. */

import type { MemoryGrowth, RaceKind, RaceReport, RemedyRuns } from '../../stress/explore/result.ts';
import { plural } from '../../text/phrases.ts';
import { memoryName } from '../../wasm/displayNames.ts';
import { type Advice, type AdviceCheck, type Evidence, UNCHECKED } from '../advice.ts';
import { boundText, raceEvidence, ruleEvidence } from '../evidence.ts';
import { type ExploredRun, exportsInRaces } from '../facts/exploredRun.ts';
import type { GrowthFacts } from '../facts/growth.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf } from '../wording.ts';

export const preallocateAdvice = (facts: AdviceFacts): Advice[] => [
  ...facts.growth.grown.map((grown) => knownSize(facts, grown)),
  ...facts.growth.notRun.map((memory) => unknownSize(facts, memory)),
];

/** A memory that exports can grow, and that no run grew: there is no size to give. */
function unknownSize(facts: AdviceFacts, { memory, found }: GrowthFacts['notRun'][number]): Advice {
  const { module, analysis } = facts;
  const { limits } = module.memories[memory];
  const positions = [...new Set(found.map(({ position }) => position))];
  const text = [
    `Give ${memoryName(module, memory)} from the start the pages that real inputs need, not ${limits.min}: ${exportsText(facts, positions)} can grow it, and no run here did, so the size is not known.`,
    facts.profile.remedy.reserve(limits.max !== undefined) ?? '',
  ];
  return {
    remedy: 'preallocate',
    exports: namesOf(facts, positions),
    pairs: [],
    text: text.join(' ').trim(),
    because: found.slice(0, 2).map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
    checked: UNCHECKED,
  };
}

const isGrowth = ({ kind }: RaceReport): boolean => kind === 'memory.grow';

function knownSize(facts: AdviceFacts, { growth, run }: { growth: MemoryGrowth; run: ExploredRun }): Advice {
  const { memory, index, pageBytes, declared, base, most } = growth;
  const { module, analysis } = facts;
  const { racing } = facts.growth;
  const others = racing.flatMap(({ result }) => result.remedies.preallocated ?? []);
  const bounded = module.memories[index]?.limits.max !== undefined;
  const linker = pageBytes === 65_536 ? `wasm-ld --initial-memory=${most * pageBytes}, or ` : '';
  const setUp = base > declared ? `${declared} and the ${base} that it has when callers start` : String(declared);
  const kinds = [...new Set(others.flatMap(({ races }) => races))].sort();
  const left = kinds.length > 0 ? `, which leaves the races on ${kinds.map((kind) => CELLS[kind]).join(' and ')}` : '';
  const text = [
    others.some(({ grows }) => grows)
      ? `Do not count on more pages from the start: these calls grow ${memory} whatever its size, and need a lock all the same.`
      : `Give ${memory} ${plural(most, 'page')} from the start, not ${setUp} (${linker}one call that grows it before the others begin)${left}.`,
    facts.profile.remedy.reserve(bounded) ?? '',
  ];
  const race = run.result.races.find(isGrowth);
  const because: Evidence[] = [
    {
      kind: 'growth',
      name: memory,
      from: base,
      to: most,
      text: `these calls, one after the other, grow ${memory} from ${base} to ${plural(most, 'page')} of ${pageBytes / 1024} KiB`,
    },
    ...(race === undefined ? [] : [raceEvidence(run.result, race)]),
  ];
  const growers = exportsInRaces(racing, isGrowth);
  const positions = analysis.exports.flatMap((e, position) =>
    growers.has(e.name) && e.growth !== 'none' ? [position] : [],
  );
  return {
    remedy: 'preallocate',
    exports: namesOf(facts, positions),
    pairs: [],
    text: text.filter((t) => t !== '').join(' '),
    because,
    checked: checkOf(run.result.remedies.preallocated, most),
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

function checkOf(run: RemedyRuns['preallocated'], pages: number): AdviceCheck {
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
