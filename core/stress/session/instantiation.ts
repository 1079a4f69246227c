/**
 * Instantiation as a call: what the engine did when it made the instance is done again under the scheduler. Active data
 * goes into the memory that instances share, in parts like `memory.init`, then the start function runs.
 * Source: https://webassembly.github.io/spec/core/exec/modules.html#instantiation
 */
import { Cursor } from '../../wasm/cursor.ts';
import { nextInstruction } from '../../wasm/immediates.ts';
import { Access, MNEMONIC, opId } from '../../wasm/instructions.ts';
import type { ConstExpr, Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { HookAnswer } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { GuestInstance } from '../run/guestInstance.ts';
import type { Ranges } from '../run/ranges.ts';
import type { Scheduler } from '../run/scheduler.ts';
import { fail } from './failure.ts';

/** Function index of an instantiation among the functions of an instance. */
export const INSTANTIATION = -2;

const MEMORY_INIT = opId(0xfc, 8);

/** Active data for a memory that instances share. */
export interface ActiveData {
  site: number;
  memory: number;
  /** Address in the memory, and the contents in the binary. */
  at: number;
  start: number;
  end: number;
}

/**
 * Active data of the memories that instances have in common, with a new site each.
 * @throws SessionError where an address is not known before instantiation
 */
export function activeData(module: Module, common: (memory: number) => boolean, sites: Sites): ActiveData[] {
  return module.data.flatMap(({ mode, memory, offsetExpr, start, end, offset }, index) => {
    if (mode !== 'active' || offsetExpr === undefined || start === end || !common(memory)) return [];
    const at = constantValue(module, offsetExpr);
    if (at === undefined)
      fail(
        'setup',
        `the address of active data segment ${index} is computed from an import, so no caller can instantiate`,
      );
    const site = sites.func.push(-1) - 1;
    sites.offset.push(offset);
    sites.op.push(MEMORY_INIT);
    sites.access.push(Access.MemoryInit);
    sites.index.push(memory);
    sites.other.push(index);
    sites.memarg.push(0);
    sites.width.push(0);
    return [{ site, memory, at: at as number, start, end }];
  });
}

/** Value of a constant expression, arithmetic and globals that have a value in the module included. */
function constantValue(module: Module, expression: ConstExpr): number | undefined {
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

/** The function that callers call to instantiate: for `GuestInstance.functions`. */
export function instantiationCall(
  module: Module,
  instance: GuestInstance,
  data: readonly ActiveData[],
  parts: () => { ranges: Ranges; scheduler: Scheduler },
): () => Promise<void> {
  return async () => {
    const { ranges, scheduler } = parts();
    for (const { site, memory, at, start, end } of data) {
      let answer = ranges.range(site, at, 0, end - start);
      if (answer === HookAnswer.Pause) answer = await scheduler.pause();
      if (answer === HookAnswer.Parts && (await ranges.bulk(site, at, 0, end - start)) === 0) continue;
      // The scheduler knows why.
      if (answer !== HookAnswer.Perform) throw new wasmEngine.RuntimeError('the instantiation was ended');
      instance.memories[memory].view.set(module.bytes.subarray(start, end), at);
    }
    if (module.start !== undefined) await instance.functions.get(module.start.func)?.();
  };
}
