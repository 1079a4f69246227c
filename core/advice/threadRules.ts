/** What threads over one memory must do themselves: one atomic step instead of two, locks that end. */
import { quoted } from '../analysis/wordingCells.ts';
import { listOf } from '../analysis/wordingLists.ts';
import type { Hang, StressResult } from '../stress/explore/result.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import { type Advice, type Evidence, UNCHECKED } from './advice.ts';
import { brief, findingsOf, raceEvidence } from './evidence.ts';
import { calledIn, exportsText, namesOf, raceExports, type Subject } from './subject.ts';

const positionsOf = ({ analysis }: Subject, names: ReadonlySet<string>): number[] =>
  analysis.exports.flatMap(({ name }, position) => (names.has(name) ? [position] : []));

export function atomicsAdvice(subject: Subject): Advice[] {
  return [...mixedAdvice(subject), ...splitAdvice(subject)];
}

/** Memory that threads share, accessed plainly. */
function mixedAdvice(subject: Subject): Advice[] {
  const { results, module, analysis } = subject;
  if (!module.memories.some(({ limits }) => limits.shared)) return [];
  const racing = results.filter(({ races, benign }) => !benign && races.some(({ kind }) => kind === 'memory'));
  if (racing.length === 0 || analysis.model === 'isolated') return [];
  const races = racing.flatMap((result) =>
    result.races.filter(({ kind }) => kind === 'memory').map((race) => ({ result, race })),
  );
  const cells = [...new Set(races.map(({ race }) => race.cell))];
  const names = new Set(races.flatMap(({ result, race }) => raceExports(result, race)));
  const [{ result, race }] = races;
  return [
    {
      remedy: 'atomics',
      exports: namesOf(subject, positionsOf(subject, names)),
      pairs: [],
      text: `Access ${listOf(cells, 3)} with atomic instructions only, or under a lock that every thread takes: one plain access is enough for a race.`,
      because: [raceEvidence(result, race)],
      checked: UNCHECKED,
    },
  ];
}

/** Atomic accesses, and yet an outcome that no serial order gives. */
function splitAdvice(subject: Subject): Advice[] {
  const wrong = subject.results.filter(({ verdict }) => verdict === 'non-atomic');
  if (wrong.length === 0) return [];
  const names = new Set(wrong.flatMap((result) => [...calledIn(result)]));
  const split = wrong.map(splitCell).find((cell) => cell !== undefined);
  const positions = positionsOf(subject, names);
  const text =
    split === undefined
      ? `Make what ${exportsText(subject, positions)} ${positions.length === 1 ? 'does' : 'do'} one step: a lock around the whole of it, since each access is atomic and their sequence is not.`
      : `Turn the atomic load and store of ${split} into one atomic read-modify-write or a loop with cmpxchg: between the two another caller can write.`;
  return [
    {
      remedy: 'atomics',
      exports: namesOf(subject, positions),
      pairs: [],
      text,
      because: findingsOf(wrong, () => true),
      checked: UNCHECKED,
    },
  ];
}

/** A cell that one caller loads and stores atomically in two steps. */
function splitCell({ trace }: StressResult): string | undefined {
  const loads = trace.filter(({ op, matters }) => matters && /\.atomic\.load/.test(op));
  return loads.find(({ caller, cell }) =>
    trace.some((row) => row.caller === caller && row.cell === cell && /\.atomic\.store/.test(row.op)),
  )?.cell;
}

const REPAIRS: Readonly<Record<Hang['kind'], string>> = {
  deadlock:
    'Take locks in one order everywhere, and notify after the value that waiters look at has changed: callers wait for each other for good',
  livelock:
    'Take locks in one order everywhere, or give one up before trying the next: callers keep each other from going on',
  'no-return': 'Bound the loop, or give the call a deadline in the host: a call does not return',
};

export function hangAdvice(subject: Subject): Advice[] {
  const byKind = new Map<string, StressResult[]>();
  for (const result of subject.results)
    if (result.hang !== null) byKind.set(result.hang.kind, [...(byKind.get(result.hang.kind) ?? []), result]);
  return [...byKind.values()].flatMap((results) => {
    const [result] = results;
    const { hang, functions } = result;
    if (hang === null) return [];
    const places = hang.lastSeen.map(
      ({ caller, func }) => `${callerName(caller)} in ${functions[func] ?? 'code that is not known'}`,
    );
    const seen = places.length > 0 ? `, last seen ${listOf(places, 4)}` : '';
    const how = hang.schedule === '' ? 'in every order' : `under schedule ${brief(hang.schedule)}`;
    const because: Evidence = {
      kind: 'hang',
      name: hang.kind,
      schedule: hang.schedule,
      text: `${hang.kind} ${how}${seen}`,
    };
    const names = new Set(results.flatMap((one) => [...calledIn(one)]));
    const positions = positionsOf(subject, names);
    const functionsSeen = [...new Set(hang.lastSeen.flatMap(({ func }) => functions[func] ?? []))].map(quoted);
    const where = functionsSeen.length > 0 ? ` in ${listOf(functionsSeen, 3)}` : '';
    return [
      {
        remedy: 'fix' as const,
        exports: namesOf(subject, positions),
        pairs: [],
        text: `${REPAIRS[hang.kind]}${where}.`,
        because: [because],
        checked: UNCHECKED,
      },
    ];
  });
}
