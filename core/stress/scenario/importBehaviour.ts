/**
 * What a scenario says of imported functions beside where they come from: which of them suspend their caller, and which
 * call exports of the module back before they return.
 */

/** A call as scenarios write it, see `Call` in scenario.ts. */
type CallForm = [name: string, ...args: (number | string | null)[]];

/** What one imported function does, whatever it answers. */
export interface ImportBehaviour {
  /** Other calls can run before it returns: JSPI, Asyncify, an async host function. */
  suspends?: boolean;
  /** Exports of the same instance that it calls, in order, before it returns; `"$0"` is its own first argument. */
  calls?: CallForm[];
}

/** By `module.name` of the import. */
export type ImportBehaviours = Readonly<Record<string, ImportBehaviour>>;

/** `imports` as a scenario file has it: a JavaScript module, and behaviours by `module.name`. */
export type ImportsFile = 'stub' | Readonly<Record<string, string | ImportBehaviour>>;

/** The JavaScript module that gives functions for the imports; else stubs. */
export function moduleChoice(file: ImportsFile | undefined): 'stub' | { module: string } {
  const module = typeof file === 'object' ? file.module : undefined;
  return typeof module === 'string' ? { module } : 'stub';
}

/** The behaviours among `imports`. */
export function behavioursOf(file: ImportsFile | undefined): ImportBehaviours {
  if (typeof file !== 'object') return {};
  const entries = Object.entries(file).filter(
    (entry): entry is [string, ImportBehaviour] => typeof entry[1] === 'object',
  );
  return Object.fromEntries(entries);
}

/** Names of the imports where another call can come in between. */
export const interruptingImports = (behaviours: ImportBehaviours): string[] =>
  Object.entries(behaviours).flatMap(([name, { suspends, calls }]) =>
    suspends === true || (calls?.length ?? 0) > 0 ? [name] : [],
  );

/** Names of the exports that imports call back. */
export const calledBackIn = (behaviours: ImportBehaviours): string[] =>
  Object.values(behaviours).flatMap(({ calls = [] }) => calls.map(([name]) => name));

/** An argument `$n`: the n-th argument of the import, n from 0; undefined for any other argument. */
export function argumentReference(argument: number | string | null): number | undefined {
  return typeof argument === 'string' && /^\$\d{1,4}$/.test(argument) ? Number(argument.slice(1)) : undefined;
}

type Report = (path: (string | number)[], message: string) => void;

const FORM =
  'imports is "stub", or an object with {"module": "file.js"} for functions of JavaScript and, by "module.name", with {"suspends": true} or {"calls": [["export", ...]]}';

/** Checks the form of `imports`; `checkCalls` checks a list of calls. */
export function checkImports(
  value: unknown,
  report: Report,
  checkCalls: (value: unknown, path: (string | number)[], report: Report) => void,
): void {
  if (value === 'stub') return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(['imports'], FORM);
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) report(['imports'], FORM);
  for (const [name, one] of entries) {
    const path = ['imports', name];
    if (name === 'module' && typeof one === 'string') continue;
    if (name === 'module' || typeof one !== 'object' || one === null || Array.isArray(one)) {
      report(path, FORM);
      continue;
    }
    if (Object.keys(one).length === 0) report(path, 'an import needs "suspends" or "calls"');
    for (const [key, said] of Object.entries(one)) {
      if (key === 'suspends') {
        if (typeof said !== 'boolean') report([...path, key], 'suspends must be true or false');
      } else if (key === 'calls') checkCalls(said, [...path, key], report);
      else report([...path, key], 'an import can have only "suspends" and "calls"');
    }
  }
}
