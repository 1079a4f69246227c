/** What one indivisible step of one caller does to the state of a program. */
import { memoryRange } from './bytes.ts';
import { memoryAccess, memoryExtent } from './memory.ts';
import type { Step } from './program.ts';
import { globalAccess, tableAccess, tableExtent, tableRange } from './tables.ts';
import { waitOrNotify } from './waits.ts';
import type { Effects, World } from './world.ts';

/** One step of caller `p`: what others can see between two of them is all there is to interleave. */
export function step(world: World, p: number): Effects {
  const effects: Effects = { accesses: [], sync: undefined, woken: [] };
  const caller = world.callers[p];
  if (caller.waiting !== undefined) {
    world.queue = world.queue.filter((q) => q !== p);
    caller.waiting = undefined;
    world.done(p, 2n);
    return effects;
  }
  if (world.program.model === 'cooperative') runToSwitch(world, p);
  else one(world, p, effects);
  return effects;
}

/** On one thread a caller goes on until an import suspends it, or its call returns. */
function runToSwitch(world: World, p: number): void {
  const { call } = world.callers[p];
  while (world.callers[p].call === call) {
    const suspends = world.instructionOf(p)?.op === 'suspend';
    one(world, p, { accesses: [], sync: undefined, woken: [] });
    if (suspends) return;
  }
}

function one(world: World, p: number, effects: Effects): void {
  const trap = perform(world, p, world.instructionOf(p) as Step, effects);
  if (trap !== undefined) world.returned(p, `trap: ${trap}`);
}

/** A trap's text, undefined when there is none. */
function perform(world: World, p: number, instruction: Step, effects: Effects): string | undefined {
  switch (instruction.op) {
    case 'load':
    case 'store':
    case 'add':
    case 'exchange':
    case 'compareExchange':
      return memoryAccess(world, p, instruction, effects);
    case 'memory.size':
    case 'memory.grow':
      return memoryExtent(world, p, instruction, effects);
    case 'memory.fill':
    case 'memory.copy':
    case 'memory.init':
    case 'data.drop':
      return memoryRange(world, p, instruction, effects);
    case 'global.get':
    case 'global.set':
      return globalAccess(world, p, instruction, effects);
    case 'table.get':
    case 'table.set':
    case 'call_indirect':
      return tableAccess(world, p, instruction, effects);
    case 'table.size':
    case 'table.grow':
      return tableExtent(world, p, instruction, effects);
    case 'table.fill':
    case 'table.copy':
    case 'table.init':
    case 'elem.drop':
      return tableRange(world, p, instruction, effects);
    case 'wait':
    case 'notify':
      return waitOrNotify(world, p, instruction, effects);
    case 'suspend':
      world.done(p);
      return undefined;
  }
}
