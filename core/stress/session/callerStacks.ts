/** Stacks of callers that share a memory and have a stack pointer each. */

/** Bytes of stack between one caller and the next. */
export const STACK_BYTES = 16 * 1024;

/** Where the stack of a caller begins: a slice of the first one's; undefined where that is too small. */
export function ownStack(first: unknown, caller: number): number | bigint | undefined {
  const below = caller * STACK_BYTES;
  if (typeof first === 'bigint') return first > BigInt(below) ? first - BigInt(below) : undefined;
  return typeof first === 'number' && first >>> 0 > below ? first - below : undefined;
}
