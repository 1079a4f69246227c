/** What an instruction makes of its operands. */
import type { Instruction } from '../../wasm/immediates.ts';
import { Op } from '../../wasm/ops.ts';
import { OTHER, SHIFTED, type Traced } from './values.ts';

/** Objects are smaller than this, and static data does not begin before it: with a larger offset, it is an index. */
const MAX_OFFSET = 1024;

/** The address of an access. */
export function offset(address: Traced, { wide }: Instruction): Traced {
  const { tree } = address;
  if (wide === 0n) return address;
  if (tree === undefined || wide >= MAX_OFFSET) return { ...address, tree: undefined };
  return { ...address, tree: { op: 'add', a: tree, b: { op: 'const', value: Number(wide) } } };
}

/** A number that is made of others. A comparison gives one bit, which is no address. */
export function computed(i: Instruction, operands: readonly Traced[], compares: [Traced, Traced][]): Traced {
  const [a, b] = operands;
  if (i.id === Op.i32_const) return { ...OTHER, tree: { op: 'const', value: i.values[0] } };
  if (i.id === Op.i64_const) return { ...OTHER, tree: { op: 'const', value: Number(BigInt.asIntN(53, i.wide)) } };
  if (i.id >= Op.i32_eqz && i.id <= Op.f64_ge) {
    if (b !== undefined) compares.push([a, b]);
    return OTHER;
  }
  const value: Traced = { from: 0, data: 0, tree: undefined };
  for (const one of operands) {
    value.from |= one.from;
    value.data |= one.data;
  }
  if (i.id === Op.i64_shl) value.from |= SHIFTED;
  if (i.id === Op.i64_extend_i32_u && a.tree !== undefined) value.tree = { op: 'extend', a: a.tree };
  if (a?.tree === undefined || b?.tree === undefined) return value;
  if (i.id === Op.i32_add || i.id === Op.i64_add) value.tree = { op: 'add', a: a.tree, b: b.tree };
  if (i.id === Op.i32_sub && b.tree.op === 'const')
    value.tree = { op: 'add', a: a.tree, b: { op: 'const', value: -b.tree.value } };
  if (i.id === Op.i32_or || i.id === Op.i64_or) value.tree = { op: 'or', a: a.tree, b: b.tree };
  if (i.id === Op.i64_shl) value.tree = { op: 'shl', a: a.tree, b: b.tree };
  return value;
}
