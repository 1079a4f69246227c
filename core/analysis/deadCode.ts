/** Code behind an unconditional branch, whose accesses never happen. */
import { Cursor } from '../wasm/cursor.ts';
import { nextInstruction } from '../wasm/immediates.ts';
import { Op } from '../wasm/ops.ts';

/** Offset of the `end`, `else`, `catch`, `catch_all` or `delegate` that ends the dead code at `pos`. */
export function skipDead(bytes: Uint8Array, pos: number, end: number): number {
  const c = new Cursor(bytes, pos, end);
  let depth = 0;
  while (c.pos < end) {
    const op = bytes[c.pos];
    if (
      depth === 0 &&
      (op === Op.end || op === Op.else || op === Op.catch || op === Op.catch_all || op === Op.delegate)
    )
      return c.pos;
    if (op === Op.block || op === Op.loop || op === Op.if || op === Op.try || op === Op.try_table) depth++;
    else if (op === Op.end || op === Op.delegate) depth--;
    // Decoded rather than skipped: a body with malformed dead code is invalid and counts as unknown.
    nextInstruction(c);
  }
  return end;
}
