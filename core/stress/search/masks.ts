/** Sets of callers as bit masks. */

/** The lowest caller of a mask that is not empty. */
export const lowest = (mask: number): number => 31 - Math.clz32(mask & -mask);
