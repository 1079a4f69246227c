/** Whether a result of exploration contradicts itself, and whether advice contradicts what results show. */
import { trappingCallers } from '../../stress/explore/alwaysTraps.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import { isInstantiation } from '../../stress/scenario/instantiation.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import type { Advice } from '../advice.ts';
import type { AdvisedResult } from '../advised.ts';
import { type ExploredRun, exploredRun, pairsShownWrong, raceExports } from '../facts/exploredRun.ts';
import { pairKey, pairsOf } from '../facts/exportPairs.ts';
import { contradictionsIn, isOfRuns, permittedPairs } from './contradictions.ts';

/** A rule, and whether a result breaks it. */
type Rule = readonly [broken: string, (result: StressResult) => boolean];

const findsNothing = ({ races, hostHazards, hang, outcomes, privateState }: StressResult): boolean =>
  races.length + hostHazards.length + outcomes.wrong.length === 0 && hang === null && privateState === null;

const isClaimed = ({ verdict }: StressResult): boolean => verdict === 'safe';

const says = ({ notes }: StressResult, words: RegExp): boolean => notes.some((note) => words.test(note));

/** Notes that take back the claim that everything was explored. */
const NOT_EXHAUSTIVE = /not exhaustive|not every schedule was tried|were cut off/;

const RULES: readonly Rule[] = [
  ['safe, with a finding', (result) => isClaimed(result) && !findsNothing(result)],
  ['inconclusive, with a finding', (result) => result.verdict === 'inconclusive' && !findsNothing(result)],
  ['safe, with a defect of the engine', (result) => isClaimed(result) && result.defects.length > 0],
  [
    'safe, although no call of a caller returns',
    (r) =>
      isClaimed(r) &&
      r.outcomes.examples.length === r.outcomes.serial &&
      trappingCallers(r.outcomes.examples).length > 0,
  ],
  ['safe, and a note refuses to call it so', (r) => isClaimed(r) && says(r, /not called safe|are not judged\./)],
  [
    'safe, without naming the stubs that it rests on',
    (r) => isClaimed(r) && r.imports.stubbed.length > 0 && !r.restsOn.some((one) => /stub/.test(one)),
  ],
  ['safe, with a schedule that shows something', (r) => isClaimed(r) && !r.replayed && r.schedule !== null],
  ['a race verdict without a race', ({ verdict, races }) => verdict === 'race' && races.length === 0],
  ['a hang verdict without a hang', ({ verdict, hang }) => verdict === 'hang' && hang === null],
  ['a host hazard verdict without one', (r) => r.verdict === 'host-hazard' && r.hostHazards.length === 0],
  ['no race by its verdict, with a race', ({ verdict, races }) => verdict === 'non-atomic' && races.length > 0],
  ['a wrong outcome that is not listed', ({ wrongOutcome, outcomes }) => wrongOutcome !== outcomes.wrong.length > 0],
  ['exhaustive, with a note that it is not', (result) => result.exhaustive && says(result, NOT_EXHAUSTIVE)],
  ['exhaustive, and random schedules after it', ({ exhaustive, explored }) => exhaustive && explored.pct !== null],
  ['outcomes seen that could not be judged', ({ outcomes }) => outcomes.serial === 0 && outcomes.seen > 0],
  ['wrong outcomes that were not seen', ({ outcomes }) => outcomes.wrong.length > outcomes.seen],
  [
    'exhaustive and safe, and serial outcomes were not seen',
    ({ verdict, exhaustive, replayed, outcomes }) =>
      verdict === 'safe' && exhaustive && !replayed && outcomes.serialComplete && outcomes.seen !== outcomes.serial,
  ],
  [
    'wrong outcomes, and no serial order to compare with',
    ({ outcomes }) => outcomes.wrong.length > 0 && outcomes.serial === 0,
  ],
  [
    'a race of atomic accesses',
    ({ races }) => races.some(({ a, b }) => /^atomic/.test(a.access) && /^atomic/.test(b.access) && a.op === b.op),
  ],
  ['a race of two reads', ({ races }) => races.some(({ a, b }) => /read$/.test(a.access) && /read$/.test(b.access))],
  ['a race of one caller with itself', ({ races }) => races.some(({ a, b }) => a.caller === b.caller)],
  [
    'no outcome of a call, and an order that divides calls',
    ({ unit, outcomes }) => unit === 'call' && outcomes.wrong.some(({ order }) => order !== null),
  ],
  [
    'private state, under a model in which instances share everything or nothing',
    ({ model, privateState }) => privateState !== null && model !== 'shared-memory',
  ],
  [
    'callers that share nothing race',
    ({ model, races }) => model === 'isolated' && races.some(({ kind }) => kind !== 'host'),
  ],
  [
    'a note or a clause twice',
    ({ notes, restsOn, grain }) => [notes, restsOn, grain].some((l) => new Set(l).size < l.length),
  ],
];

/** The contradictions within a result, a sentence each, its own advice included. */
export function contradictionsInResult(result: AdvisedResult): string[] {
  const found = RULES.flatMap(([broken, isBroken]) => (isBroken(result) ? [broken] : []));
  if (result.replayed) return found;
  return [
    ...found,
    ...contradictionsIn(result.advice, result.model),
    ...contradictionsWithResults(result.advice, [result]),
    ...(result.verdict === 'safe' ? restrictionsOf(result.advice) : []),
  ];
}

/** Remedies against something that was found. */
function restrictionsOf(advices: readonly Advice[]): string[] {
  return advices
    .filter(({ remedy }) => remedy === 'mutex' || remedy === 'fix' || remedy === 'atomics' || remedy === 'initialise')
    .filter(({ because }) => because[0]?.kind !== 'rule')
    .map(({ text }) => `safe, and a remedy: ${text}`);
}

/** What advice says against results under its own model and host, a sentence each. */
export function contradictionsWithResults(advices: readonly Advice[], results: readonly StressResult[]): string[] {
  const runs = results.filter(({ replayed }) => !replayed).map((result) => exploredRun(result));
  const wrong = pairsShownWrong(runs);
  const found: string[] = [];
  const free = new Set(advices.filter(({ remedy }) => remedy === 'concurrent').flatMap(({ exports }) => exports));
  for (const pair of permittedPairs(advices))
    if (wrong.has(pairKey(pair))) found.push(`${pair.join(' and ')} may run at once, and a run shows them wrong`);
  for (const { result, called } of runs) {
    for (const race of [...result.races, ...result.hostHazards])
      for (const name of raceExports(result, race))
        if (free.has(name)) found.push(`${name} may run concurrently, and races`);
    found.push(...locksThatWait(advices, { result, called }), ...grownAnyway(advices, result));
    if (result.hang !== null && result.scenario.callers.every((calls) => new Set(callsOf(calls)).size === 1)) {
      const hanging = new Set(pairsOf(result.scenario).map(pairKey));
      for (const pair of permittedPairs(advices))
        if (hanging.has(pairKey(pair))) found.push(`${pair.join(' and ')} may run at once, and hang together`);
    }
    const differing = result.pool.map(({ call }) => call.slice(0, call.lastIndexOf('(')));
    for (const { remedy, exports, text } of advices)
      for (const name of remedy === 'pool' && !/keep it/.test(text) ? exports : [])
        if (differing.includes(name)) found.push(`${name} is to be pooled, and answers differently on used instances`);
  }
  const shown = new Set(runs.filter(({ result }) => result.verdict === 'safe').flatMap(({ called }) => [...called]));
  for (const advice of advices)
    if (isOfRuns(advice) && advice.exports.some((name) => !shown.has(name)))
      found.push(`no run is safe that calls all of it: ${advice.text}`);
  return [...new Set(found)];
}

/** Locks around a call that needs another caller, and locks where instances keep state apart. */
function locksThatWait(
  advices: readonly Advice[],
  { result, called }: Pick<ExploredRun, 'result' | 'called'>,
): string[] {
  const { stuckOrders, poolCheck, privateState, hang, scenario } = result;
  const waits = stuckOrders > 0 || poolCheck?.returns === false;
  if (!waits && privateState === null) return [];
  const why = waits ? 'one of its calls waits for another caller' : 'instances keep state apart';
  const seen = (hang?.lastSeen ?? []).flatMap(({ caller, call }) =>
    callsOf(scenario.callers[caller]?.slice(call, call + 1) ?? []),
  );
  // Where it was not seen which call waits, one of all that are called does.
  const isAround = (exports: readonly string[]): boolean =>
    seen.length > 0 ? seen.some((name) => exports.includes(name)) : [...called].every((name) => exports.includes(name));
  return advices
    .filter(({ remedy, exports }) => remedy === 'mutex' && isAround(exports))
    .map(({ text }) => `a lock, and ${why}: ${text}`);
}

/** A memory that no run is said to have grown, or to race on, and that a run did. */
function grownAnyway(advices: readonly Advice[], { growth, races, scenario }: StressResult): string[] {
  const raced = races.flatMap(({ kind, cell }) => (kind === 'memory.grow' ? [cell.replace(/ size$/, '')] : []));
  const wrong = advices
    .filter(({ remedy, text }) => remedy === 'preallocate' && /no run did|no race on its size/.test(text))
    .filter(({ text }) => raced.some((memory) => text.startsWith(`Start ${memory} `)))
    .map(({ text }) => `a run shows a race on its size: ${text}`);
  if (wrong.length > 0) return wrong;
  if (scenario.callers.every(([first]) => first !== undefined && isInstantiation(first))) return [];
  return advices
    .filter(({ remedy, text }) => remedy === 'preallocate' && /no run did/.test(text))
    .filter(({ text }) => growth.some(({ memory, most, base }) => most > base && text.startsWith(`Start ${memory} `)))
    .map(({ text }) => `a run grew it: ${text}`);
}
