/** The hook before a compare-exchange: one that fails only reads, and releases nothing. */
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import type { Accesses } from './accesses.ts';
import { extentTouches } from './extents.ts';
import { Sync } from './history.ts';
import type { MemoryState } from './memoryState.ts';
import { ExecutionMode } from './mode.ts';
import { memoryTouch, operationAt } from './operation.ts';
import { OUT_OF_BOUNDS, trapOp } from './traps.ts';

/** (site, effective address, expected value) -> `HookAnswer`. `access`: the hook before any other access. */
export const exchangeHook =
  (accesses: Accesses, access: (site: number, address: number) => number) =>
  (site: number, address: number, expected: bigint): number => {
    const { scheduler, sites } = accesses;
    const memory = scheduler.instance.memories[sites.index[site]];
    const width = sites.width[site];
    const wanted = BigInt.asUintN(width * 8, expected);
    const succeeds = () => address + width <= memory.bytes && readUnsigned(memory, address, width) === wanted;
    const { mode } = scheduler;
    if (mode === ExecutionMode.Off || !accesses.decides) return access(site, address);
    const end = address + width;
    if (address < sites.memarg[site] || end > memory.bytes || address % width !== 0) return access(site, address);
    if (scheduler.over) return HookAnswer.Abort;
    scheduler.accesses++;
    const caller = scheduler.current;
    caller.site = site;
    scheduler.settle(caller);
    const line = address >>> LINE_LOG2;
    accesses.touchLine(memory, line, caller, true);
    const moves = accesses.readsExtent(memory, caller, end);
    if (!accesses.isDecision(memory.visible[line] === 1 || moves)) return accesses.passed(caller);
    const extent = (write: boolean) => (moves ? extentTouches(memory, end, write) : []);
    const range = (write: boolean) => [memoryTouch(memory, address, end, write, true), ...extent(write)];
    return scheduler.ask(
      operationAt(site, range(true), {
        sync: Sync.Both,
        at: address,
        effect: 'exchanges',
        settle: () =>
          end > memory.bytes
            ? trapOp(site, extent(false), OUT_OF_BOUNDS)
            : succeeds()
              ? operationAt(site, range(true), { sync: Sync.Both, at: address, effect: 'changes' })
              : operationAt(site, range(false), { sync: Sync.Acquire, at: address }),
      }),
    );
  };

/** Little-endian unsigned value of 1, 2, 4 or 8 bytes. */
export function readUnsigned(memory: MemoryState, at: number, width: number): bigint {
  let value = 0n;
  for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(memory.view[at + i]);
  return value;
}
