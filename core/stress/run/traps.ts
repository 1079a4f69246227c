/** Operations that trap: V8's messages, and what the check before the trap reads. */
import { type Operation, operationAt, type Touch } from './operation.ts';

/** V8's message for an access beyond the end of a memory. */
export const OUT_OF_BOUNDS = 'memory access out of bounds';
/** V8's message for an access beyond the end of a table. */
export const TABLE_BOUNDS = 'table index is out of bounds';

/** V8's messages for a copy from beyond the end of a segment to an array. */
export const DATA_BOUNDS = 'data segment out of bounds';
export const ELEMENT_BOUNDS = 'element segment out of bounds';

/** V8's message for an atomic at an address that is no multiple of its width. */
export const MISALIGNED = 'operation does not support unaligned accesses';

/** An operation that traps having touched only what its check reads. */
export const trapOp = (site: number, checked: readonly Touch[], trap: string): Operation =>
  operationAt(site, checked, { trap });
