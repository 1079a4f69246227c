/** Counts the instructions of bodies that are not shown, which are nearly all of a large module. */
import { opId, Prefix } from '../instructions.ts';
import { lebValue, skipImmediates, skipLeb } from '../skip.ts';

/**
 * Number of instructions in `[start, end)`. If an opcode is unknown or the last instruction does not end at `end`, `-1
 * - offset` with the offset of the wrong instruction.
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
