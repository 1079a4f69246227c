/** What is found in the body of a function. */
import type { Traced } from './values.ts';

/** An access to memory through `address`. */
export interface BlockAccess {
  address: Traced;
  write: boolean;
  /** Bytes; 0 for a range of `size` bytes. */
  width: number;
  size: Traced | undefined;
}

/** A value that a variable gets; `segment`: number of the run of instructions without jumps, `loop`: inside of one. */
interface Assignment {
  value: Traced;
  segment: number;
  loop: boolean;
}

/** What was found in one body. */
export interface BodyFacts {
  /** Made of these parameters, values are stored or passed to code that is not known. */
  escaped: number;
  accesses: BlockAccess[];
  compares: [Traced, Traced][];
  calls: { callee: number; args: Traced[] }[];
  assignments: Map<number, Assignment[]>;
  /** What it returns, at each end; empty for functions without results. */
  returns: Traced[];
}

/** Of a callee: which arguments escape, and which the result may be made of. */
export interface Passing {
  escaped: number;
  returned: number;
}

/** Nothing yet. */
export const emptyFacts = (): BodyFacts => ({
  escaped: 0,
  accesses: [],
  compares: [],
  calls: [],
  assignments: new Map(),
  returns: [],
});
