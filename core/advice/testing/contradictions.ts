/** Whether pieces of advice contradict each other: each export and each pair of exports gets one conclusion. */
import type { SharingModel } from '../../hosts/profile.ts';
import type { Advice, Remedy } from '../advice.ts';

/** What a remedy of one sharing model says that is wrong under another one. */
const FOREIGN: Readonly<Partial<Record<SharingModel, RegExp>>> = {
  // Each thread has a store, an instance and a lock over them of its own: such a lock excludes nobody.
  'shared-memory': /\b(lock|mutex) over (the )?(store|plugin|vm)\b|around every call into the instance/i,
  isolated: /\b(lock|mutex) over (the )?(store|plugin|vm)\b/i,
};

/** The contradictions, a sentence each. `model`: the sharing model that the advice is for. */
export function contradictionsIn(advices: readonly Advice[], model: SharingModel): string[] {
  const found: string[] = [];
  const of = (remedy: Remedy): Advice[] => advices.filter((advice) => advice.remedy === remedy);
  const namesOf = (some: readonly Advice[]): Set<string> => new Set(some.flatMap(({ exports }) => exports));
  const locks = of('mutex').map(({ exports }) => new Set(exports));
  const permitted = [
    ...of('together').flatMap(({ pairs }) => pairs),
    ...of('concurrent').flatMap(({ exports }) => exports.map((name): [string, string] => [name, name])),
  ];
  for (const [a, b] of permitted)
    if (locks.some((lock) => lock.has(a) && lock.has(b))) found.push(`${a} and ${b} may run at once, and need a lock`);
  const both = (one: ReadonlySet<string>, other: ReadonlySet<string>, what: string): void => {
    for (const name of one) if (other.has(name)) found.push(`${name} ${what}`);
  };
  const locked = namesOf(of('mutex'));
  both(namesOf(of('pool')), namesOf(of('no-pool')), 'is to be pooled, and not to be pooled');
  const waiting = of('fix').filter(({ text }) => /waits? for another caller/.test(text));
  both(namesOf(waiting), locked, 'waits for another caller, and is to be called under a lock');
  const seen = new Set<string>();
  for (const { exports } of of('mutex'))
    for (const name of exports) {
      if (seen.has(name) && !advices.some(({ text }) => text.includes('ref.func'))) found.push(`${name} has two locks`);
      seen.add(name);
    }
  const foreign = FOREIGN[model];
  for (const { text } of of('mutex')) if (foreign?.test(text)) found.push(`not for ${model}: ${text}`);
  for (const { remedy, text } of advices)
    if (remedy === 'together' && /^Only these calls/.test(text) && !/instance|after/.test(text))
      found.push(`without the state that it was shown in: ${text}`);
  return found;
}
