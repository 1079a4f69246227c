/** How many instructions a body has, for bodies that are not shown: nearly all of a large module. */
import { opId, Prefix } from '../instructions.ts';
import { lebValue, skipImmediates, skipLeb } from '../skip.ts';

/**
 * Instructions in `[start, end)`, or, when there is an unknown opcode or the last instruction does
 * not end at `end`, the offset of the one that is wrong as `-1 - offset`.
 */
export function countInstructions(bytes: Uint8Array, start: number, end: number): number {
  let instructions = 0;
  let at = start;
  let last = start;
  while (at < end) {
    last = at;
    let id = bytes[at++];
    if (id >= Prefix.Gc && id <= Prefix.Atomic) {
      const sub = lebValue(bytes, at, end);
      at = skipLeb(bytes, at, end);
      id = opId(id, sub);
      if (id < 0) return -1 - last;
    }
    at = skipImmediates(bytes, id, at, end);
    if (at < 0) return -1 - last;
    instructions++;
  }
  return at === end ? instructions : -1 - last;
}
