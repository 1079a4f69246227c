/**
 * Whether two addresses of concurrent calls can lead to one byte or slot, how sure that is, and on what it depends. Each
 * address is relative to the arguments of its own call.
 */

import type { Address } from '../cells.ts';
import type { Confidence } from '../model.ts';
import type { Condition, ObjectCondition } from './condition.ts';
import { placesMeet } from './places.ts';

/** How sure a conflict is, and on what it depends. */
export interface EffectConflict {
  confidence: Confidence;
  condition: Condition;
}

/** What the layout of the module and the sharing model say about frames of the shadow stack. */
export interface Frames {
  /** Frames and static data cannot overlap. */
  apart: boolean;
  /** Concurrent callers have a stack each. */
  own: boolean;
}

/** Conflicts that do not depend on arguments. */
export const ALWAYS: Readonly<Record<Confidence, EffectConflict>> = {
  definite: { confidence: 'definite', condition: 'always' },
  likely: { confidence: 'likely', condition: 'always' },
  possible: { confidence: 'possible', condition: 'always' },
};

/** Whether an address is in a block that only the call itself knows. */
export const isFresh = (address: Address | undefined): boolean => address?.base === 'fresh';

/** Compares two addresses in the same memory, or in the same table: `slots`. Undefined if they have nothing in common. */
export function encounterOf(
  a: Address | undefined,
  b: Address | undefined,
  frames: Frames,
  slots: boolean,
): EffectConflict | undefined {
  // Whoever came to know the block later learned of it by an access that is an effect of its own.
  if (isFresh(a) || isFresh(b)) return undefined;
  if (a === undefined || b === undefined || a.base === 'unknown' || b.base === 'unknown') return ALWAYS.possible;
  if (a.base === 'parameter' && b.base === 'parameter') return possiblyIf(ofParameters(a, b, slots));
  if (a.base === 'parameter' || b.base === 'parameter') {
    // A frame counts, too: a call may pass a pointer to its own frame to the host, which gives it to another call.
    const through = (a.base === 'parameter' && a.through) || (b.base === 'parameter' && b.through);
    return possiblyIf({
      when: 'overlap',
      parameters: [parameterOf(a), parameterOf(b)],
      ...(through ? { through: true } : {}),
    });
  }
  if (a.base === 'static' && b.base === 'static') {
    if (a.global !== b.global) return ALWAYS.possible;
    if (!placesMeet(a, b)) return undefined;
    // One of several places may be another one each time.
    const exact = !a.loose && !b.loose && a.stride === undefined && b.stride === undefined;
    return exact ? ALWAYS.definite : ALWAYS.possible;
  }
  if (a.base === 'stack' && b.base === 'stack') return frames.own ? undefined : ALWAYS.likely;
  // Frames and static data are disjoint regions of every compiler's layout.
  const frameAndStatic = (a.base === 'stack' && b.base === 'static') || (a.base === 'static' && b.base === 'stack');
  if (frameAndStatic && frames.apart) return undefined;
  // A pointer that is kept in static data may lead anywhere but into fresh blocks: into frames as well, where waiting
  // threads queue up in lists on their stacks.
  return ALWAYS.possible;
}

const possiblyIf = (condition: ObjectCondition): EffectConflict => ({ confidence: 'possible', condition });

type Parameter = Extract<Address, { base: 'parameter' }>;

const parameterOf = (address: Address): number | undefined =>
  address.base === 'parameter' ? address.parameter : undefined;

function ofParameters(a: Parameter, b: Parameter, slots: boolean): ObjectCondition {
  const parameters = [a.parameter, b.parameter] as const;
  if (a.through || b.through) return { when: 'same-object', parameters, through: true };
  return slots || isRange(a) || isRange(b) || !meetInOneObject(a, b)
    ? { when: 'overlap', parameters }
    : { when: 'same-object', parameters };
}

/** Whether the arguments give an element or a range, rather than an object of a fixed layout. */
const isRange = ({ scale, length }: Parameter): boolean => (scale !== undefined && scale !== 1) || length !== undefined;

/** Whether the two meet if both parameters are the same pointer; they still may if one points into the other's object. */
function meetInOneObject(a: Parameter, b: Parameter): boolean {
  if (a.start === undefined || a.end === undefined || b.start === undefined || b.end === undefined) return true;
  return a.start < b.end && b.start < a.end;
}
