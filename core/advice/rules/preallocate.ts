/** `preallocate`: memory that grows while others use it. */

import type { MemoryGrowth, RaceKind, RemedyRuns } from '../../stress/explore/result.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { listOf, paragraph, plural } from '../../text/phrases.ts';
import { memoryName } from '../../wasm/displayNames.ts';
import { type Advice, type AdviceCheck, type Evidence, UNCHECKED } from '../advice.ts';
import { boundText, raceEvidence, ruleEvidence } from '../evidence.ts';
import { exportsInRaces } from '../facts/exploredRun.ts';
import { type Grown, isOnSizeOf, type SupposedGrowth } from '../facts/growth.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, verdictWord } from '../wording.ts';

/**
 * One piece for each memory: with a size where runs grew it, without one where only the analysis says that it can grow.
 */
export const preallocateAdvice = (facts: AdviceFacts): Advice[] => [
  ...facts.growth.grown.map((grown) => knownSize(facts, grown)),
  ...facts.growth.supposed.map((memory) => untriedSize(facts, memory)),
];

/** A memory that exports can grow: runs that grew it give a size, which was not tried. */
function untriedSize(facts: AdviceFacts, supposed: SupposedGrowth): Advice {
  const { memory, found, grew } = supposed;
  const { module, analysis } = facts;
  const { limits } = module.memories[memory];
  const positions = [...new Set(found.map(({ position }) => position))];
  const name = memoryName(module, memory);
  const who = exportsText(facts, positions);
  const text = [
    sizeText(supposed, name, String(limits.min), who),
    facts.profile.remedy.reserve(limits.max !== undefined) ?? '',
  ];
  return {
    remedy: 'preallocate',
    exports: namesOf(facts, positions),
    pairs: [],
    text: paragraph(text),
    because: [
      ...(grew === undefined ? [] : [growthEvidence(grew.growth)]),
      ...found.slice(0, 2).map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
    ],
    checked: UNCHECKED,
  };
}

/** What runs say of a size. Calls that need each other, or that differ when they meet, grow memory in no serial order. */
function sizeText({ grew, races }: SupposedGrowth, name: string, declared: string, who: string): string {
  if (grew === undefined)
    return races
      ? t(
          'Start {0} with the pages that real inputs need instead of {1}: {2} can grow it, and runs show a race on its size. No calls one after the other grew it, so the size is not known.',
          name,
          declared,
          who,
        )
      : t(
          'Start {0} with the pages that real inputs need instead of {1}: {2} can grow it, but no run did, so the size is not known.',
          name,
          declared,
          who,
        );
  const { base, most } = grew.growth;
  const pages = plural(most, 'page');
  return races
    ? t(
        'Start {0} with the pages that real inputs need instead of {1}: {2} can grow it, and runs grew it from {3} to {4}. Others show a race on its size, and no run tried a larger size from the start.',
        name,
        declared,
        who,
        base,
        pages,
      )
    : t(
        'Start {0} with the pages that real inputs need instead of {1}: {2} can grow it, and runs grew it from {3} to {4}. They showed no race on its size, and no run tried a larger size from the start.',
        name,
        declared,
        who,
        base,
        pages,
      );
}

const growthEvidence = ({ memory, pageBytes, base, most }: MemoryGrowth): Evidence => ({
  kind: 'growth',
  name: memory,
  from: base,
  to: most,
  text: t(
    'run one after the other, these calls grow {0} from {1} to {2} of {3} KiB',
    memory,
    base,
    plural(most, 'page'),
    pageBytes / 1024,
  ),
});

function knownSize(facts: AdviceFacts, { growth, run, racing }: Grown): Advice {
  const { memory, index, pageBytes, declared, base, most } = growth;
  const { module, analysis } = facts;
  const isGrowth = isOnSizeOf(memoryName(module, index));
  const others = racing.flatMap(({ result }) => result.remedies.preallocated ?? []);
  const bounded = module.memories[index]?.limits.max !== undefined;
  const linker = index === 0 && pageBytes === 65_536 ? `wasm-ld --initial-memory=${most * pageBytes}` : undefined;
  const setUp = base > declared ? t('{0} ({1} when callers start)', declared, base) : String(declared);
  const kinds = [...new Set(others.flatMap(({ races }) => races))].sort();
  const left =
    kinds.length > 0
      ? t(
          '; it still leaves races on {0}',
          listOf(
            kinds.map((kind) => translated(CELLS[kind])),
            kinds.length,
          ),
        )
      : '';
  const tried =
    others.length > 0 ? '' : t('No run tried that size from the start: an allocator can grow it all the same.');
  const pages = plural(most, 'page');
  const text = [
    others.some(({ grows }) => grows.includes(index))
      ? t(
          'Do not rely on a larger initial size: these calls grow {0} whatever its size, so they still need a lock.',
          memory,
        )
      : `${
          linker === undefined
            ? t(
                'Start {0} with {1} instead of {2}: one call that grows it before the others begin{3}.',
                memory,
                pages,
                setUp,
                left,
              )
            : t(
                'Start {0} with {1} instead of {2}: {4}, or one call that grows it before the others begin{3}.',
                memory,
                pages,
                setUp,
                left,
                linker,
              )
        }${tried}`,
    facts.profile.remedy.reserve(bounded) ?? '',
  ];
  const race = run.result.races.find(isGrowth);
  const because: Evidence[] = [growthEvidence(growth), ...(race === undefined ? [] : [raceEvidence(run.result, race)])];
  const growers = exportsInRaces(racing, isGrowth);
  const positions = analysis.exports.flatMap((e, position) =>
    growers.has(e.name) && e.growth !== 'none' ? [position] : [],
  );
  return {
    remedy: 'preallocate',
    exports: namesOf(facts, positions),
    pairs: [],
    text: paragraph(text),
    because,
    checked: checkOf(run.result.remedies.preallocated, most),
  };
}

const CELLS: Readonly<Record<RaceKind, Message>> = {
  memory: message('the contents of memory'),
  'memory.grow': message('the size of the memory'),
  global: message('globals'),
  table: message('tables'),
  'table.grow': message('the size of tables'),
  segment: message('segments'),
  host: message('the state of the host'),
};

function checkOf(run: RemedyRuns['preallocated'], pages: number): AdviceCheck {
  if (run === null) return UNCHECKED;
  const found =
    run.verdict === 'safe'
      ? t('no race remains')
      : run.races.length > 0
        ? t('races remain on {0}', run.races.join(t(', ')))
        : verdictWord(run.verdict);
  return {
    by: 'exploration',
    exhaustive: run.exhaustive,
    text: t('by exploration with {0} from the start, under {1}: {2}', plural(pages, 'page'), boundText(run), found),
  };
}
