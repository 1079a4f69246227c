/** Accesses of tables that reachable code changes; calls through a table that nothing changes need no hook. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { F64, I32, I64, type ValType } from '../../wasm/types.ts';
import {
  callFunction,
  drop,
  end,
  f64Const,
  f64Less,
  fromF64,
  i32Const,
  i64Const,
  ifThen,
  localGet,
  localSet,
  localTee,
  opcode,
  toF64,
  trapIfEnded,
} from '../rewrite/emit.ts';
import { bulkOperation, siteOf, sizeOperation } from './bulk.ts';
import type { Body } from './context.ts';
import { type Context, helper, hookFunction } from './context.ts';
import { point, point64, rangePoint } from './points.ts';

/** Rewrites an access of a table; returns false if the instruction stays unchanged. */
export function tableInstruction(body: Body, instruction: Instruction): boolean {
  const [first, second] = instruction.values;
  switch (ACCESS[instruction.id]) {
    case Access.CallIndirect:
      return slot(body, instruction, second, undefined);
    case Access.TableGet:
      return slot(body, instruction, first, undefined);
    case Access.TableSet:
      return slot(body, instruction, first, body.context.module.tables[first]?.type);
    case Access.TableSize:
      return size(body, instruction, first);
    case Access.TableGrow:
      return grow(body, instruction, first);
    case Access.TableFill:
      return fill(body, instruction, first);
    case Access.TableCopy:
      return slots(body, instruction, { destination: first, source: second, other: second });
    default:
      return slots(body, instruction, { destination: second, source: -1, other: first });
  }
}

const is64 = ({ module }: Context, table: number): boolean => module.tables[table]?.limits.is64 === true;

/** One slot: its index is on the stack, below `value` for `table.set`. */
function slot(body: Body, instruction: Instruction, table: number, value: ValType | undefined): boolean {
  const { context, out } = body;
  if (!context.changed.tables.has(table)) return false;
  const wide = is64(context, table);
  const held = value === undefined ? -1 : body.scratch('reference', value);
  const index = body.scratch('address', wide ? I64 : I32);
  if (held >= 0) localSet(out, held);
  localTee(out, index);
  i32Const(out, siteOf(body, instruction, table));
  localGet(out, index);
  callFunction(out, wide ? point64(context) : point(context));
  drop(out);
  if (held >= 0) localGet(out, held);
  return false;
}

function size(body: Body, instruction: Instruction, table: number): boolean {
  if (!body.context.changed.grownTables.has(table)) return false;
  sizeOperation(body, instruction, table, is64(body.context, table));
  return true;
}

/** The engine grows the table, the module fills the new slots. */
function grow(body: Body, instruction: Instruction, table: number): boolean {
  const { context, out } = body;
  const wide = is64(context, table);
  const { type } = context.module.tables[table];
  const index = wide ? I64 : I32;
  // (site, value, slots) -> old size or -1
  const growAndFill = helper(context, `table grow ${table}`, [I32, type, index], [index], [F64], (e) => {
    localGet(e, 0);
    localGet(e, 2);
    toF64(e, wide);
    callFunction(e, hookFunction(context, 'growTable'));
    trapIfEnded(e, 3);
    localGet(e, 3);
    f64Const(e, 0);
    f64Less(e);
    ifThen(e);
    if (wide) i64Const(e, -1);
    else i32Const(e, -1);
    e.u8(Op.return);
    end(e);
    localGet(e, 3);
    fromF64(e, wide);
    localGet(e, 1);
    localGet(e, 2);
    opcode(e, Op.table_fill);
    e.u32(table);
    localGet(e, 3);
    fromF64(e, wide);
  });
  const count = body.scratch('count', index);
  const value = body.scratch('reference', type);
  localSet(out, count);
  localSet(out, value);
  i32Const(out, siteOf(body, instruction, table));
  localGet(out, value);
  localGet(out, count);
  callFunction(out, growAndFill);
  return true;
}

function fill(body: Body, instruction: Instruction, table: number): boolean {
  const { context, out } = body;
  const wide = is64(context, table);
  const index = wide ? I64 : I32;
  const start = body.scratch('destination', index);
  const value = body.scratch('reference', context.module.tables[table].type);
  const count = body.scratch('count', index);
  localSet(out, count);
  localSet(out, value);
  localSet(out, start);
  i32Const(out, siteOf(body, instruction, table));
  localGet(out, start);
  toF64(out, wide);
  f64Const(out, 0);
  localGet(out, count);
  toF64(out, wide);
  callFunction(out, rangePoint(context));
  drop(out);
  for (const local of [start, value, count]) localGet(out, local);
  return false;
}

/** copy and init. The engine handles dropped segments: `HookAnswer.Parts`. */
function slots(
  body: Body,
  instruction: Instruction,
  { destination, source, other }: { destination: number; source: number; other: number },
): boolean {
  const to = is64(body.context, destination);
  const from = source >= 0 && is64(body.context, source);
  bulkOperation(body, instruction, siteOf(body, instruction, destination, other), [to, from, to && from]);
  return true;
}
