/** Steps of operations on ranges of bytes: byte by byte, bounds checked before the first one. */
import { inBounds, OUT_OF_BOUNDS, readBytes, readsAgain, writeBytes } from './memory.ts';
import { DATA, type Instruction } from './program.ts';
import type { Effects, World } from './world.ts';

type RangeOfBytes = Extract<Instruction, { op: 'memory.fill' | 'memory.copy' | 'memory.init' | 'data.drop' }>;

/** `memory.fill`, `memory.copy`, `memory.init` and `data.drop`. */
export function memoryRange(world: World, p: number, step: RangeOfBytes, effects: Effects): string | undefined {
  const instance = world.instanceOf(p);
  const segment = (write: boolean): void => {
    if (world.common) effects.accesses.push({ cell: 'segment d', write, atomic: undefined });
  };
  if (step.op === 'data.drop') {
    segment(true);
    instance.droppedData = true;
    world.done(p);
    return undefined;
  }
  const caller = world.callers[p];
  const memory = step.op === 'memory.copy' ? step.to : step.memory;
  if (caller.part === 0) {
    if (step.op === 'memory.init') segment(false);
    const source = step.op === 'memory.copy' ? inBounds(world, p, step.from, step.fromAt, step.count, effects) : true;
    const length = instance.droppedData ? 0 : DATA.length;
    const within = step.op !== 'memory.init' || step.from + step.count <= length;
    if (!inBounds(world, p, memory, step.at, step.count, effects) || !source || !within) return OUT_OF_BOUNDS;
  } else {
    readsAgain(world, p, memory, step.at + step.count, effects);
    if (step.op === 'memory.copy') readsAgain(world, p, step.from, step.fromAt + step.count, effects);
  }
  // A copy to a higher address goes downwards, also from one memory to another: so says the specification.
  const down = step.op === 'memory.copy' && step.fromAt < step.at;
  const last = caller.part + 1 >= step.count;
  if (step.count > 0) {
    const i = down ? step.count - 1 - caller.part : caller.part;
    const byte =
      step.op === 'memory.fill'
        ? BigInt(step.value)
        : step.op === 'memory.init'
          ? BigInt(DATA[step.from + i])
          : readBytes(world, p, step.from, step.fromAt + i, 1, effects);
    writeBytes(world, p, memory, step.at + i, 1, byte, effects);
  }
  if (last) world.done(p);
  else caller.part++;
  return undefined;
}
