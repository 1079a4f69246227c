/** Steps of `memory.atomic.wait32`, `wait64` and `notify`. */
import { inBounds, MISALIGNED, OUT_OF_BOUNDS, placeOf, readBytes } from './memory.ts';
import type { Instruction } from './program.ts';
import type { Effects, World } from './world.ts';

/** A wait on a memory that is not shared: V8 has no text of its own for it. */
const NOT_SHARED = 'atomic wait on a memory that is not shared';

/** Sleeps, or wakes who sleeps at the address, in the order in which they fell asleep. */
export function waitOrNotify(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'wait' | 'notify' }>,
  effects: Effects,
): string | undefined {
  const caller = world.callers[p];
  const { memory, at } = step;
  const width = step.op === 'wait' ? step.width : 4;
  if (at % width !== 0) return MISALIGNED;
  if (step.op === 'wait' && !world.program.memories[memory].shared) return NOT_SHARED;
  if (!inBounds(world, p, memory, at, width, effects)) return OUT_OF_BOUNDS;
  const key = `${world.memoryIndex(p, memory)}:${at}`;
  if (step.op === 'notify') {
    const most = step.count < 0 ? Number.POSITIVE_INFINITY : step.count;
    const woken = world.queue.filter((q) => world.callers[q].waiting?.key === key).slice(0, most);
    world.queue = world.queue.filter((q) => !woken.includes(q));
    for (const q of woken) {
      world.callers[q].waiting = undefined;
      world.done(q, 0n);
    }
    effects.woken = woken;
    world.done(p, BigInt(woken.length));
    return undefined;
  }
  const place = placeOf(world, p, memory, at, width);
  effects.sync = { place, acquire: true, release: false };
  const found = readBytes(world, p, memory, at, width, effects, place);
  if (found !== BigInt.asUintN(width * 8, BigInt(step.expected))) world.done(p, 1n);
  else if (step.timeout === 0) world.done(p, 2n);
  else {
    caller.waiting = { key, limited: step.timeout > 0 };
    world.queue.push(p);
  }
  return undefined;
}
