/**
 * Instantiation as a call: what the engine did when it made the instance is done again under the scheduler. Active data
 * goes into the memory that instances share, in parts like `memory.init`, then the start function runs.
 * Source: https://webassembly.github.io/spec/core/exec/modules.html#instantiation
 */
import { t } from '../../text/l10n.ts';
import { constantValue } from '../../wasm/constantValue.ts';
import { Access, opId } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
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
        t('the address of active data segment {0} is computed from an import, so no caller can instantiate', index),
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
