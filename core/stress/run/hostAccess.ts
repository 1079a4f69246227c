/**
 * Accesses that the host makes to memory for a caller, between calls: the same operations as those of the guest, with
 * decisions before them and races. A longer access happens in parts, like `memory.copy`.
 */
import { HookAnswer } from '../instrument/hooks.ts';
import type { Accesses } from './accesses.ts';
import { extentTouches } from './extents.ts';
import type { MemoryState } from './memoryState.ts';
import { ExecutionMode } from './mode.ts';
import { isVisible, memoryTouch, operationAt } from './operation.ts';
import type { Ranges } from './ranges.ts';
import { HostError } from './resultTexts.ts';

/** What host accesses work on. */
export interface HostAccessParts {
  accesses: Accesses;
  ranges: Ranges;
}

/**
 * Reads or writes bytes `[start, start + length)` for the running caller.
 * @param write what to write; undefined to read
 * @returns the bytes that were there when they were read; those written otherwise
 * @throws HostError when the range is not inside the memory, or the execution was ended
 */
export async function performHostAccess(
  { accesses, ranges }: HostAccessParts,
  site: number,
  memory: MemoryState,
  start: number,
  length: number,
  write?: Uint8Array,
): Promise<Uint8Array> {
  const { scheduler } = ranges;
  const caller = scheduler.current;
  const end = start + length;
  const beyond = (): void => {
    if (end > memory.bytes)
      throw new HostError(
        `the host ${write === undefined ? 'reads' : 'writes'} [${start}, ${end}), but ${memory.name} has ${memory.bytes} bytes`,
      );
  };
  if (scheduler.mode === ExecutionMode.Off) {
    beyond();
    if (write !== undefined) memory.view.set(write, start);
    return write ?? memory.view.slice(start, end);
  }
  scheduler.accesses++;
  caller.site = site;
  scheduler.settle(caller);
  const moves = accesses.readsExtent(memory, caller, end);
  const extent = moves ? extentTouches(memory, end, write !== undefined) : [];
  if (end > memory.bytes && moves) await ask(ranges, site, extent);
  beyond();
  const bytes = new Uint8Array(length);
  for (const [i, { at, size }] of ranges.split(memory, start, length).entries()) {
    const to = at + size;
    ranges.touch(memory, start + at, to - at, caller, write !== undefined);
    const touches = [memoryTouch(memory, start + at, start + to, write !== undefined), ...extent];
    await ask(
      ranges,
      site,
      touches.filter((touch) => touch.end > touch.start),
    );
    // Bounds are checked once, before the first part; a copy that was published meanwhile may be shorter.
    if (i === 0) beyond();
    if (write === undefined) bytes.set(memory.view.subarray(start + at, start + to), at);
    else if (end <= memory.bytes) memory.view.set(write.subarray(at, to), start + at);
  }
  return write ?? bytes;
}

/** Asks the scheduler for one operation. */
async function ask(ranges: Ranges, site: number, touches: Parameters<typeof operationAt>[1]): Promise<void> {
  const { scheduler } = ranges;
  const operation = operationAt(site, touches);
  if (scheduler.cooperative && touches.some(isVisible)) scheduler.recorder?.performed(scheduler.current, operation);
  // The scheduler knows why it ended the execution.
  if ((await ranges.askFor(operation)) === HookAnswer.Abort) throw new HostError('the execution was ended');
}
