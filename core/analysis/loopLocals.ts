/**
 * Which locals a body sets from its first loop on. Decoding the code twice would be dear, so every
 * byte that may be the opcode of a set counts as one, and locals share slots by the low seven bits
 * of their indices, which are the same however an index is padded: both only make more locals unknown.
 */
import { Op } from '../wasm/ops.ts';

/** A slot for each value of an index's low seven bits, and slot 0 for bytes that are no set. */
export const SET_SLOTS = 129;

/** Slot of a local: the low seven bits of its index, plus one. */
export const slotOf = (local: number): number => (local & 127) + 1;

const IS_SET = new Uint8Array(256);
IS_SET[Op.local_set] = 1;
IS_SET[Op.local_tee] = 1;

/** Notes in `last`, for each slot, the last offset in `[pos, end)` that may set one of its locals. No branches: this is hot. */
export function noteSets(bytes: Uint8Array, pos: number, end: number, last: Int32Array): void {
  last.fill(0);
  let byte = bytes[pos];
  // The last byte is the body's `end`; reading behind it could leave the array, which is slow for ever after.
  for (let at = pos; at < end - 1; at++) {
    const next = bytes[at + 1];
    last[IS_SET[byte] * ((next & 127) + 1)] = at;
    byte = next;
  }
}
