/** The instructions in a range of a module, which a source line was compiled to. */
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import type { Module } from '../wasm/module.ts';
import { skipInstruction, skipLocals } from '../wasm/skip.ts';

/**
 * Byte offsets of the instructions in `ranges` `[start, end)` of a file, ascending and each once. Code that cannot be
 * decoded has none.
 */
export function instructionsIn(module: Module, ranges: readonly (readonly [start: number, end: number])[]): number[] {
  const { bodyStart, bodyEnd } = module.functions;
  const found = new Set<number>();
  const ascending = [...ranges].sort((a, b) => a[0] - b[0]);
  let first = 0;
  for (let body = 0; body < bodyStart.length && first < ascending.length; body++) {
    while (first < ascending.length && ascending[first][1] <= bodyStart[body]) first++;
    let range = first;
    if (range >= ascending.length || ascending[range][0] >= bodyEnd[body]) continue;
    try {
      const c = new Cursor(module.bytes, bodyStart[body], bodyEnd[body]);
      skipLocals(c);
      while (!c.atEnd() && range < ascending.length) {
        const [start, end] = ascending[range];
        if (c.pos >= end) range++;
        else {
          if (c.pos >= start) found.add(c.pos);
          skipInstruction(c);
        }
      }
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
    }
  }
  return [...found].sort((a, b) => a - b);
}
