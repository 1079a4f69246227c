/**
 * What is known of a function of a host by its name and type: the memory that it reads and writes through its pointers,
 * and which state of the host its calls share. Pure data; `hostCalls.ts` turns it into effects.
 */

import type { ConstantTextForm } from './constantTexts.ts';

/**
 * Bytes that belong to a pointer: a number, the value of a parameter times `each`, a text, or `unknown`: as far as the
 * object goes that the pointer leads to (lists whose length only the host knows, records that versions made larger).
 */
export type PointedBytes = number | { parameter: number; each: number } | ConstantTextForm | 'unknown';

/** What a call does through one of its pointers. */
export interface HostPointer {
  /** Position of the parameter that is the pointer. */
  parameter: number;
  access: 'reads' | 'writes';
  bytes: PointedBytes;
  /**
   * The access is not to `bytes` themselves but to memory that pointers in there lead to: the buffers of a list of
   * buffers.
   */
  through?: true;
}

/**
 * State of the host that a call uses.
 * - `none`: nothing on which calls could race: a clock, the arguments, the end of the call
 * - `guarded`: state that every host guards itself, apart from those whose profile names the function (`unguardedWasi`)
 * - `reads`, `changes`: state that callers share
 */
export type HostStateUse = 'none' | 'guarded' | 'reads' | 'changes';

/** What is known of a function. */
export interface HostDescription {
  /** Types of its parameters: `i` is i32, `I` is i64, `f` is f32, `F` is f64. */
  params: string;
  /** Everything that it does to the memory of its module. */
  pointers: readonly HostPointer[];
  state: HostStateUse;
  /** It neither suspends its caller nor calls back. */
  atOnce: boolean;
  /** It grows the memory of its module. */
  grows: boolean;
}

/** A description without pointers that suspend, call back or grow; `given` says what differs. */
export const described = (
  params: string,
  state: HostStateUse,
  pointers: readonly (HostPointer | readonly HostPointer[])[] = [],
  given: Partial<Pick<HostDescription, 'atOnce' | 'grows'>> = {},
): HostDescription => ({ params, pointers: pointers.flat(), state, atOnce: false, grows: false, ...given });

/** Reads `bytes` at the pointer in `parameter`. */
export const reads = (parameter: number, bytes: PointedBytes): HostPointer => ({ parameter, access: 'reads', bytes });

/** Writes `bytes` at the pointer in `parameter`. */
export const writes = (parameter: number, bytes: PointedBytes): HostPointer => ({ parameter, access: 'writes', bytes });

/** As many bytes as `parameter` says, or records of `each` bytes. */
export const counted = (parameter: number, each = 1): PointedBytes => ({ parameter, each });

/** A list of `count` buffers, each a pointer and a length of 32 bits, which the call fills or takes bytes from. */
export const buffers = (access: HostPointer['access'], list: number, count: number): HostPointer[] => [
  reads(list, counted(count, 8)),
  { parameter: list, access, bytes: counted(count, 8), through: true },
];
