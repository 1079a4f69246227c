/** Values of constant expressions that are known before instantiation. */
import { Cursor } from './cursor.ts';
import { nextInstruction } from './immediates.ts';
import { MNEMONIC } from './instructions.ts';
import type { ConstExpr, Module } from './module.ts';
import { Op } from './ops.ts';

/** Value of a constant expression, arithmetic and globals that have a value in the module included. */
export function constantValue(module: Module, expression: ConstExpr): number | undefined {
  const value = evaluated(module, expression);
  return value === undefined
    ? undefined
    : Number(value.wide ? BigInt.asUintN(64, value.bits) : BigInt.asUintN(32, value.bits));
}

/** An i32 or i64. */
interface Constant {
  bits: bigint;
  wide: boolean;
}

/** Undefined for other types and for what an import decides. */
function evaluated(module: Module, { start, end }: ConstExpr): Constant | undefined {
  const c = new Cursor(module.bytes, start, end);
  const stack: Constant[] = [];
  for (;;) {
    const { id, values, wide } = nextInstruction(c);
    if (id === Op.end) return stack.length === 1 ? stack[0] : undefined;
    if (id === Op.i32_const) stack.push({ bits: BigInt(values[0]), wide: false });
    else if (id === Op.i64_const) stack.push({ bits: wide, wide: true });
    else if (id === Op.global_get) {
      const { init, mutable } = module.globals[values[0]] ?? { init: undefined, mutable: true };
      // Constant expressions refer to globals that come before.
      const value = init === undefined || mutable || init.start >= start ? undefined : evaluated(module, init);
      if (value === undefined) return undefined;
      stack.push(value);
    } else {
      const [b, a] = [stack.pop(), stack.pop()];
      const operation = OPERATIONS.get(MNEMONIC[id]?.slice(4) ?? '');
      if (a === undefined || b === undefined || operation === undefined) return undefined;
      stack.push({ bits: operation(a.bits, b.bits), wide: a.wide });
    }
  }
}

/** Extended constant expressions. */
const OPERATIONS: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
]);
