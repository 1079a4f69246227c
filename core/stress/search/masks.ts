/** Sets of callers as bit masks. */

import type { Operation } from '../run/operation.ts';

/** Whether a caller can be chosen; one that was suspended because it spins can be, too. See `Strategy.choose`. */
export const canRun = (caller: number, enabled: number, pending: readonly (Operation | undefined)[]): boolean =>
  ((enabled >> caller) & 1) === 1 || pending[caller] !== undefined;

/** The lowest caller of a mask that is not empty. */
export const lowest = (mask: number): number => 31 - Math.clz32(mask & -mask);
