/**
 * Which locals a body sets from its first loop on. Decoding the code twice would be dear, so every
 * byte that may be the opcode of a set counts as one, and locals above 127 share slots: both only
 * make more locals unknown.
 */
import { Op } from '../wasm/instructions.ts';

/** A slot for each first byte of a local's index, and slot 0 for bytes that are no set. */
export const SET_SLOTS = 257;

/** Slot of a local: the first byte of its LEB128 form, plus one. */
export const slotOf = (local: number): number => (local < 128 ? local : (local & 127) | 128) + 1;

const IS_SET = new Uint8Array(256);
IS_SET[Op.local_set] = 1;
IS_SET[Op.local_tee] = 1;

/** Notes in `last`, for each slot, the last offset in `[pos, end)` that may set one of its locals. No branches: this is hot. */
export function noteSets(bytes: Uint8Array, pos: number, end: number, last: Int32Array): void {
  last.fill(0);
  let byte = bytes[pos];
  for (let at = pos; at < end; at++) {
    const next = bytes[at + 1];
    last[IS_SET[byte] * (next + 1)] = at;
    byte = next;
  }
}
