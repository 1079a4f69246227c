/** Callers as scenario files write them: a list of steps, repeated steps, or the steps of another caller with other values. */
import { callIn, isCall, type Step } from './steps.ts';

/** One caller of a file. */
export type CallerForm =
  | Step[]
  | { steps: Step[]; repeat?: number }
  | { like: number; with?: Readonly<Record<string, string | number>>; repeat?: number };

/** Most repetitions of a caller's steps. */
export const MAX_REPEAT = 100;

/** How often a caller makes its steps. */
export const repeatsOf = (caller: CallerForm): number => (Array.isArray(caller) ? 1 : (caller.repeat ?? 1));

/** The steps of every caller; what `like` names must be an earlier or later caller that has steps. */
export function stepsOfCallers(callers: readonly CallerForm[]): Step[][] {
  return callers.map((caller) => {
    if (Array.isArray(caller)) return caller;
    const once = 'like' in caller ? replaced(stepsOf(callers[caller.like]), caller.with ?? {}) : caller.steps;
    return Array.from({ length: repeatsOf(caller) }, () => once).flat();
  });
}

/** The steps that a caller writes out, without repetition. */
function stepsOf(caller: CallerForm | undefined): Step[] {
  if (Array.isArray(caller)) return caller;
  return caller !== undefined && 'steps' in caller ? caller.steps : [];
}

/** Steps with every value that is a key of `values` replaced: arguments, contents, addresses, lengths. */
function replaced(steps: readonly Step[], values: Readonly<Record<string, string | number>>): Step[] {
  const inPlaceOf = <T>(value: T): T | string | number =>
    (typeof value === 'string' || typeof value === 'number') && Object.hasOwn(values, String(value))
      ? values[String(value)]
      : value;
  return steps.map((step): Step => {
    const call = callIn(step);
    if (call !== undefined) {
      const [name, ...args] = call;
      return isCall(step) ? [name, ...args.map(inPlaceOf)] : ({ ...step, args: args.map(inPlaceOf) } as Step);
    }
    const fixed = new Set(['as', 'type', 'memory']);
    return Object.fromEntries(
      Object.entries(step).map(([key, value]) => [key, fixed.has(key) ? value : inPlaceOf(value)]),
    ) as unknown as Step;
  });
}

/**
 * Where a path into a completed scenario is in its file: repeated steps are written once, the steps of `like` stand at
 * the caller that lists them, and the probe begins with the invariants.
 */
export function pathInFile(
  file: { callers: readonly CallerForm[]; invariants?: readonly string[] },
  path: readonly (string | number)[],
): (string | number)[] {
  const [key, first, step, ...rest] = path;
  if (key === 'probe' && typeof first === 'number') {
    const invariants = file.invariants?.length ?? 0;
    return first < invariants ? ['invariants', first] : ['probe', first - invariants, ...path.slice(2)];
  }
  const caller = key === 'callers' && typeof first === 'number' ? file.callers[first] : undefined;
  if (caller === undefined || Array.isArray(caller) || typeof step !== 'number') return [...path];
  if ('like' in caller) return ['callers', Number(first), 'like'];
  return ['callers', Number(first), 'steps', step % Math.max(1, caller.steps.length), ...rest];
}
