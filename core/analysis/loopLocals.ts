/**
 * Which locals a body sets from its first loop on. Decoding the code twice would be expensive, so every byte that may
 * be the opcode of a set counts as one, and locals share slots by the low seven bits of their indices, which do not
 * depend on the padding of an index. Both only make more values merges of several.
 */
import { Op } from '../wasm/ops.ts';

/** Number of slots: one for each value of the low seven bits of an index, and slot 0 for bytes that are not a set. */
export const SET_SLOTS = 129;

/** Slot of a local: the low seven bits of its index, plus one. */
export const slotOf = (local: number): number => (local & 127) + 1;

const IS_SET = new Uint8Array(256);
IS_SET[Op.local_set] = 1;
IS_SET[Op.local_tee] = 1;

/**
 * Writes to `last`, for each slot, the last offset in `[pos, end)` that may set one of its locals. Branch-free, since
 * this is hot.
 */
export function noteSets(bytes: Uint8Array, pos: number, end: number, last: Int32Array): void {
  last.fill(0);
  let byte = bytes[pos];
  // The last byte is the body's `end`. A read behind it could be out of bounds, after which the engine's code for this
  // loop stays slow.
  for (let at = pos; at < end - 1; at++) {
    const next = bytes[at + 1];
    last[IS_SET[byte] * ((next & 127) + 1)] = at;
    byte = next;
  }
}
