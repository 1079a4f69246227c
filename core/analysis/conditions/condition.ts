/** Under which condition on the arguments of two calls their accesses conflict. */

/**
 * A condition on the arguments of two calls, `parameters` being one parameter of each, in the order of the two.
 * - `same-object`: both parameters point to the same object
 * - `overlap`: the ranges, elements or slots that the arguments give overlap. An undefined parameter stands for a fixed
 *   place on that side: static data, what pointers kept there lead to, a frame of the shadow stack
 *
 * With `through`, one side is what pointers kept in the object lead to: the condition also holds where different objects
 * lead to the same memory.
 */
export type ObjectCondition =
  | { when: 'same-object'; parameters: readonly [number, number]; through?: true }
  | { when: 'overlap'; parameters: readonly [number | undefined, number | undefined]; through?: true };

/** `always`: whatever the arguments are. */
export type Condition = 'always' | ObjectCondition;

/** The condition for two calls of one function: which of the two is the first does not matter. */
export function ordered(condition: Condition): Condition {
  if (condition === 'always') return condition;
  const [a, b] = condition.parameters;
  return b === undefined || (a !== undefined && a <= b) ? condition : exchanged(condition);
}

/** The condition with both sides exchanged. */
export function exchanged(condition: ObjectCondition): ObjectCondition {
  const [a, b] = condition.parameters;
  return { ...condition, parameters: [b, a] } as ObjectCondition;
}

/** Of what a whole set of conflicts depends on: `always` if one of them does not depend on anything. */
export function anyOf(conditions: Iterable<Condition>): 'always' | ObjectCondition[] {
  const distinct = new Map<string, ObjectCondition>();
  for (const condition of conditions) {
    if (condition === 'always') return 'always';
    distinct.set(`${condition.when} ${condition.parameters.join()} ${condition.through}`, condition);
  }
  return [...distinct.values()];
}
