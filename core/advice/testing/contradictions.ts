/** Whether pieces of advice contradict each other: each export and each pair of exports gets one conclusion. */
import type { SharingModel } from '../../hosts/profile.ts';
import type { Advice, Remedy } from '../advice.ts';
import { type ExportPair, pairKey } from '../facts/exportPairs.ts';

/** What a remedy of one sharing model says that is wrong under another one. */
const FOREIGN: Readonly<Partial<Record<SharingModel, RegExp>>> = {
  'shared-instance': /\ball instances (over the memory )?share\b|\bone lock that all instances\b/i,
  // Each thread has a store, an instance and a lock over them of its own: such a lock excludes nobody.
  'shared-memory':
    /\b(lock|mutex) over (the )?(store|plugin|vm)\b|(every call|calls) into the instance|its own copy of what it reads/i,
  isolated: /\b(lock|mutex) over (the )?(store|plugin|vm)\b|every call into the instance/i,
  // One thread runs all calls: a lock would block the call that holds it, and nothing runs between two accesses.
  cooperative: /\bhold (one|a|the) .*\b(lock|mutex)\b|\batomic (instructions|read-modify-write)\b|\bgoroutines?\b/i,
};

/** Sentences that say what not to do, or what does not help, speak of remedies without recommending them. */
const REFUSAL = /\b(do not|does not help|excludes nobody|no lock|cannot|without a lock|keep one instance and hold)\b/i;

/** What a text says about a remedy of another sharing model, sentence by sentence. */
export const foreignWords = (text: string, model: SharingModel): string[] =>
  text.split(/(?<=\.) (?=[A-Z])/).filter((sentence) => FOREIGN[model]?.test(sentence) && !REFUSAL.test(sentence));

/** Advice about the calls of safe runs only. */
export const isOfRuns = ({ text }: Advice): boolean => /^(Only these calls|These calls of)\b/.test(text);

/** What to do where other arguments, or another state, lead calls that were run elsewhere. */
const isOfOtherCalls = (text: string): boolean => /^No run shows two calls of .* in ref\.func/.test(text);

/** Pairs of exports that advice permits to run concurrently, whatever the state is. */
export const permittedPairs = (advices: readonly Advice[]): ExportPair[] =>
  advices.flatMap(({ remedy, exports, pairs }): ExportPair[] => {
    if (remedy === 'together') return pairs;
    return remedy === 'concurrent' ? exports.map((name): ExportPair => [name, name]) : [];
  });

/** The contradictions, a sentence each. `model`: the sharing model that the advice is for. */
export function contradictionsIn(advices: readonly Advice[], model: SharingModel): string[] {
  const found: string[] = [];
  const of = (remedy: Remedy): Advice[] => advices.filter((advice) => advice.remedy === remedy);
  const namesOf = (some: readonly Advice[]): Set<string> => new Set(some.flatMap(({ exports }) => exports));
  const locks = of('mutex')
    .filter(({ text }) => !isOfOtherCalls(text))
    .map(({ exports }) => new Set(exports));
  for (const [a, b] of permittedPairs(advices))
    if (locks.some((lock) => lock.has(a) && lock.has(b))) found.push(`${a} and ${b} may run at once, and need a lock`);
  const both = (one: ReadonlySet<string>, other: ReadonlySet<string>, what: string): void => {
    for (const name of one) if (other.has(name)) found.push(`${name} ${what}`);
  };
  const locked = namesOf(of('mutex'));
  both(namesOf(of('pool')), namesOf(of('no-pool')), 'is to be pooled, and not to be pooled');
  const withoutLock = of('fix').filter(({ text }) =>
    /waits? for another caller|[Aa] lock does not help|no lock or atomic access|Do not hold a host lock|never return under a lock/.test(
      text,
    ),
  );
  both(namesOf(withoutLock), locked, 'is to be called without a lock, and under a lock');
  const unfit = of('fix').filter(({ text }) => /on several instances over one memory/.test(text));
  both(namesOf(unfit), namesOf(of('concurrent').filter(isOfRuns)), 'may run at once, and not on several instances');
  const alone = of('pool').filter(({ text }) => /ref\.func/.test(text) && !isOfOtherCalls(text));
  const single = namesOf(alone);
  for (const [a, b] of permittedPairs(advices))
    if (single.has(a) && single.has(b)) found.push(`${a} and ${b} may run at once, and need an instance each`);
  found.push(...doubleLocks(of('mutex')), ...sizes(of('preallocate')), ...pools(of('pool'), model));
  for (const { text } of advices)
    for (const sentence of foreignWords(text, model)) found.push(`not for ${model}: ${sentence}`);
  if (model === 'cooperative' && of('atomics').length > 0) found.push('on one thread atomic accesses protect nothing');
  return [...found, ...advices.flatMap(ofOnePiece)];
}

/** An export under two locks; the one for `ref.func` guards the host, beside the one for the module's state. */
function doubleLocks(locks: readonly Advice[]): string[] {
  const seen = new Set<string>();
  return locks
    .filter(({ text }) => !/^(Serialise|No run shows two) calls of .*ref\.func/.test(text))
    .flatMap(({ exports }) =>
      exports.flatMap((name) => {
        const again = seen.has(name);
        seen.add(name);
        return again ? [`${name} has two locks`] : [];
      }),
    );
}

/** Two answers about the size of one memory. */
function sizes(preallocations: readonly Advice[]): string[] {
  const memories = preallocations.flatMap(({ text }) => {
    const named = /^(?:Start|.*these calls grow) (\S+) /.exec(text);
    return named === null ? [] : [named[1]];
  });
  return memories.flatMap((name, i) => (memories.indexOf(name) < i ? [`two sizes for ${name}`] : []));
}

/** Under these models callers have an instance each: what may be advised is another memory, or to use instances again. */
function pools(advices: readonly Advice[], model: SharingModel): string[] {
  return advices.flatMap(({ text }) => {
    if (model === 'shared-memory' && /^Give each caller/.test(text) && !/its own memory/.test(text))
      return [`each thread has an instance already: ${text}`];
    if (model === 'isolated' && /^Give each caller/.test(text)) return [`each caller has an instance already: ${text}`];
    return [];
  });
}

/** What is wrong within one piece. */
function ofOnePiece({ remedy, exports, pairs, text, because, checked }: Advice): string[] {
  const found: string[] = [];
  const says = (what: string): void => void found.push(`${what}: ${text}`);
  if (remedy === 'together' && /^Only these calls/.test(text) && !/on a new instance|after /.test(text))
    says('without the state that it was shown in');
  if (/^Only these calls/.test(text) && because.every(({ kind }) => kind !== 'verdict')) says('no run shows it');
  if (because.length === 0) says('without a reason');
  if ((remedy === 'together') !== pairs.length > 0) says('pairs do not fit the remedy');
  const about = new Set(exports);
  if (pairs.some(([a, b]) => !about.has(a) || !about.has(b))) says('a pair that it is not about');
  if (new Set(pairs.map(pairKey)).size < pairs.length) says('a pair twice');
  if (checked.by === 'nothing' && (checked.exhaustive || /\bexploration|^by\b/.test(checked.text)))
    says('not checked, and checked');
  if (
    checked.exhaustive &&
    /at most \d+ preemption|without a completed bound|without preemptions|a sample/.test(checked.text)
  )
    says('exhaustive, and not');
  return found;
}
