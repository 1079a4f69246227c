/** Functions that may be called from elsewhere than by a direct call of the module. */
import { Cursor, DecodeFailure } from '../../wasm/cursor.ts';
import { nextInstruction } from '../../wasm/immediates.ts';
import type { ConstExpr, Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';

/** Exports, the start function, and functions that a reference can name: `ref.func` needs a declaration for them. */
export function entryFunctions({ bytes, exports, start, elements, tables, globals }: Module): Set<number> {
  const found = new Set<number>();
  const takeAll = ({ start: from, end }: ConstExpr): void => {
    const c = new Cursor(bytes, from, end);
    try {
      while (!c.atEnd()) {
        const { id, values } = nextInstruction(c);
        if (id === Op.ref_func) found.add(values[0]);
      }
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
    }
  };
  for (const { kind, index } of exports) if (kind === 'func') found.add(index);
  if (start !== undefined) found.add(start.func);
  for (const { functions, exprs } of elements) {
    for (const func of functions ?? []) found.add(func);
    for (const expr of exprs ?? []) takeAll(expr);
  }
  for (const { init } of [...tables, ...globals]) if (init !== undefined) takeAll(init);
  return found;
}
