/** Rewrites one function body: hooks before every access of state that callers may share. */
import { Cursor } from '../../../../../server/src/wasm/cursor.ts';
import type { Encoder } from '../../../../../server/src/wasm/encoder.ts';
import { type Instruction, nextInstruction, skipLocals } from '../../../../../server/src/wasm/immediates.ts';
import { ACCESS, Access, Op } from '../../../../../server/src/wasm/instructions.ts';
import type { ValType } from '../../../../../server/src/wasm/types.ts';
import { callInstruction, referenceInstruction } from './calls.ts';
import type { Context } from './context.ts';
import { hookFunction, newSite } from './context.ts';
import { call, end, globalGet, globalSet, i32Const, i32Less, ifThen, trapIf } from './emit.ts';
import { globalInstruction } from './globals.ts';
import { memoryInstruction } from './memory.ts';
import { rangeInstruction } from './ranges.ts';
import { tableInstruction } from './tables.ts';

/** Where one body is rewritten. */
export interface Body {
  context: Context;
  /** Function index in the original module. */
  func: number;
  out: Encoder;
  /** Index of a scratch local of that type; `role` tells those of one type apart. */
  scratch(role: string, type: ValType): number;
}

/** Writes the rewritten body of function `func`, its size before it. Throws `DecodeFailure` on a malformed one. */
export function rewriteBody(
  context: Context,
  func: number,
  target: Encoder,
  buffers: { code: Encoder; whole: Encoder },
): void {
  const { module } = context;
  const d = func - module.functions.imported;
  const c = new Cursor(module.bytes, module.functions.bodyStart[d], module.functions.bodyEnd[d]);
  const header = c.pos;
  const groups = c.u32();
  const groupsAt = c.pos;
  c.pos = header;
  const first = parameterCount(context, func) + skipLocals(c);
  const headerEnd = c.pos;

  const { code, whole } = buffers;
  code.clear();
  const scratchTypes: ValType[] = [];
  const roles = new Map<string, number>();
  const body: Body = {
    context,
    func,
    out: code,
    scratch(role, type) {
      const key = `${role} ${type}`;
      const known = roles.get(key);
      if (known !== undefined) return known;
      const index = first + scratchTypes.push(type) - 1;
      roles.set(key, index);
      return index;
    },
  };
  let copied = c.pos;
  while (!c.atEnd()) {
    const instruction = nextInstruction(c);
    const length = code.length;
    const replaced = instruction.id === Op.loop || ACCESS[instruction.id] !== Access.None;
    if (!replaced) continue;
    code.copy(module.bytes, copied, instruction.start);
    copied = instruction.start;
    if (rewrite(body, instruction)) copied = instruction.end;
    else if (code.length === length) continue;
  }
  code.copy(module.bytes, copied, c.end);

  whole.clear();
  whole.u32(groups + scratchTypes.length);
  whole.copy(module.bytes, groupsAt, headerEnd);
  for (const type of scratchTypes) {
    whole.u32(1);
    whole.valType(type);
  }
  whole.copy(code.bytes());
  target.u32(whole.length);
  target.copy(whole.bytes());
}

function parameterCount({ module }: Context, func: number): number {
  const { composite } = module.types[module.functions.typeIndex[func]];
  return composite.kind === 'func' ? composite.params.length : 0;
}

/** Writes what takes the instruction's place; false where it stays as it is (hooks before it may have been written). */
function rewrite(body: Body, instruction: Instruction): boolean {
  if (instruction.id === Op.loop) return loopHeader(body, instruction);
  switch (ACCESS[instruction.id]) {
    case Access.Load:
    case Access.Store:
    case Access.AtomicLoad:
    case Access.AtomicStore:
    case Access.AtomicRmw:
    case Access.AtomicWait:
    case Access.AtomicNotify:
      return memoryInstruction(body, instruction);
    case Access.MemorySize:
    case Access.MemoryGrow:
    case Access.MemoryFill:
    case Access.MemoryCopy:
    case Access.MemoryInit:
    case Access.DataDrop:
    case Access.ElemDrop:
      return rangeInstruction(body, instruction);
    case Access.GlobalGet:
    case Access.GlobalSet:
      return globalInstruction(body, instruction);
    case Access.TableGet:
    case Access.TableSet:
    case Access.TableSize:
    case Access.TableGrow:
    case Access.TableFill:
    case Access.TableCopy:
    case Access.TableInit:
    case Access.CallIndirect:
      return tableInstruction(body, instruction);
    case Access.Call:
      return callInstruction(body, instruction);
    case Access.RefFunc:
      return referenceInstruction(body, instruction);
    default:
      return false;
  }
}

/** Every iteration costs fuel: what has none left asks whether it may go on. */
function loopHeader(body: Body, { start, end: after, id }: Instruction): boolean {
  const { context, out } = body;
  out.copy(context.module.bytes, start, after);
  globalGet(out, context.fuelGlobal);
  i32Const(out, 1);
  out.u8(Op.i32_sub);
  globalSet(out, context.fuelGlobal);
  globalGet(out, context.fuelGlobal);
  i32Const(out, 0);
  i32Less(out);
  ifThen(out);
  i32Const(out, newSite(context, { func: body.func, offset: start, op: id, access: Access.None, index: 0 }));
  call(out, hookFunction(context, 'tick'));
  trapIf(out);
  end(out);
  return true;
}
