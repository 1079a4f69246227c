/** Whether concurrent calls get the same object or different ones, where the analysis says that this is what matters. */

import type { ObjectCondition } from '../../analysis/conditions/condition.ts';
import type { Analysis } from '../../analysis/model.ts';
import { conditionOf } from '../../analysis/queries.ts';
import { type Argument, callIn, type Step } from './steps.ts';

/** `same`: some two calls of different callers get one object. `different`: no two do. */
export type PassedObjects = 'same' | 'different';

/** Pointers that are numbers lead to different objects if they are at least that many bytes apart. */
const APART = 128;

/**
 * What the callers of a scenario pass to exports that conflict only on the same object. Undefined where some calls conflict
 * with any arguments, where none conflict on an object, and where the arguments do not tell.
 */
export function passedObjects(analysis: Analysis, callers: readonly (readonly Step[])[]): PassedObjects | undefined {
  const positions = new Map(analysis.exports.map(({ name }, position) => [name, position]));
  const lists = callers.map((steps) =>
    steps.flatMap((step) => {
      const [name, ...args] = callIn(step) ?? [];
      const position = name === undefined ? undefined : positions.get(name);
      return position === undefined ? [] : [{ position, args }];
    }),
  );
  let found: PassedObjects | undefined;
  for (const [i, list] of lists.entries()) {
    for (const a of list) {
      for (const b of lists.slice(i + 1).flat()) {
        const condition = conditionOf(analysis, a.position, b.position);
        if (condition === undefined) continue;
        if (condition === 'always') return undefined;
        for (const one of condition) {
          const passed = passedUnder(one, a.args, b.args);
          if (passed === undefined) return undefined;
          if (passed === 'same' || (passed === 'different' && found === undefined)) found = passed;
        }
      }
    }
  }
  return found;
}

/** `irrelevant`: the condition is not about two objects that calls pass. Undefined: the arguments do not tell. */
function passedUnder(
  { when, parameters: [i, j] }: ObjectCondition,
  a: readonly Argument[],
  b: readonly Argument[],
): PassedObjects | 'irrelevant' | undefined {
  if (i === undefined || j === undefined) return 'irrelevant';
  const compared = compare(a[i], b[j]);
  if (when === 'same-object') return compared;
  // Ranges that both calls get are not the objects that are asked for, unless they may overlap.
  return compared === 'different' ? 'irrelevant' : compared;
}

function compare(a: Argument | undefined, b: Argument | undefined): PassedObjects | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a === b) return a === 0 ? undefined : 'same';
    return Math.abs(a - b) >= APART ? 'different' : undefined;
  }
  if (!isName(a) || !isName(b)) return undefined;
  return a === b ? 'same' : 'different';
}

/** A result of the setup that is passed on as it is. */
const isName = (argument: Argument | undefined): argument is string =>
  typeof argument === 'string' && /^\$[A-Za-z_]\w*$/.test(argument);
