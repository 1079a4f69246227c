/** Work that can be interrupted: a server does a step, answers others, and goes on. */

/** Each step takes a few milliseconds at most; the last one returns what was made. */
export type Steps<T> = Generator<void, T, void>;

/** Does all steps at once. */
export function allSteps<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
