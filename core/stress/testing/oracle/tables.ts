/** Steps of accesses of globals and tables. */
import { written } from './memory.ts';
import { ELEMENTS, type Instruction, ITEM, type Item, RETURNED, TABLE_SIZE } from './program.ts';
import type { Effects, World } from './world.ts';

/** What V8 says of a slot beyond the end, of elements beyond the end, and of a call of no function of the type. */
const TABLE_BOUNDS = 'table index is out of bounds';
const NO_FUNCTION = 'null function or function signature mismatch';

/** Accesses of state of an instance are those of nobody else where each caller has its own. */
function touch(world: World, effects: Effects, cell: string, write: boolean): void {
  if (world.common) effects.accesses.push({ cell, write, atomic: undefined });
}

/** A host may keep account of references to functions that code makes: `ref.func` writes it. */
function makes(world: World, effects: Effects, item: Item): void {
  if (item !== ITEM.Null) touch(world, effects, 'references', true);
}

/** Reads the extent of a table; whether slots `[slot, slot + count)` lie in it. */
function inTable(world: World, p: number, table: number, slot: number, count: number, effects: Effects): boolean {
  if (world.growthMoves || slot + count > TABLE_SIZE) touch(world, effects, `tableExtent${table}`, false);
  return slot + count <= world.instanceOf(p).tables[table].length;
}

/** A global of type v128 is two words, also where the host has threads. */
export function globalAccess(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'global.get' | 'global.set' }>,
  effects: Effects,
): undefined {
  const caller = world.callers[p];
  const { globals } = world.instanceOf(p);
  const write = step.op === 'global.set';
  touch(world, effects, `g${step.global}`, write);
  const slot = step.global === 0 ? 0 : 1 + caller.part;
  const last = step.global === 0 || caller.part === 1;
  if (step.op === 'global.set') {
    globals[slot] = written(world, p, step);
    if (last) world.done(p);
  } else if (step.global === 0) world.done(p, globals[0]);
  else if (last) world.done(p, caller.held, globals[2]);
  else caller.held = globals[1];
  if (!last) caller.part = 1;
  return undefined;
}

/** `table.get`, `table.set` and `call_indirect`. */
export function tableAccess(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'table.get' | 'table.set' | 'call_indirect' }>,
  effects: Effects,
): string | undefined {
  const { tables } = world.instanceOf(p);
  if (step.op === 'table.set') makes(world, effects, step.item);
  if (!inTable(world, p, step.table, step.slot, 1, effects)) return TABLE_BOUNDS;
  touch(world, effects, `t${step.table}:${step.slot}`, step.op === 'table.set');
  const item = tables[step.table][step.slot];
  if (step.op === 'table.set') {
    tables[step.table][step.slot] = step.item;
    world.done(p);
  } else if (step.op === 'table.get') world.done(p, item === ITEM.Null ? 1n : 0n);
  else {
    const answer = RETURNED[item];
    if (answer === undefined) return NO_FUNCTION;
    world.done(p, answer);
  }
  return undefined;
}

/** `table.size` and `table.grow`: reads, copies and publishes where callers share the table. */
export function tableExtent(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'table.size' | 'table.grow' }>,
  effects: Effects,
): undefined {
  const caller = world.callers[p];
  const { tables } = world.instanceOf(p);
  const table = tables[step.table];
  const cell = `tableExtent${step.table}`;
  if (step.op === 'table.size') {
    touch(world, effects, cell, false);
    world.done(p, BigInt(table.length));
    return undefined;
  }
  const added = Array<Item>(step.by).fill(step.item);
  if (caller.part === 1) {
    touch(world, effects, cell, true);
    const copy = caller.tableCopy ?? [];
    caller.tableCopy = undefined;
    tables[step.table] = [...copy, ...added];
    world.done(p, BigInt(copy.length));
    return undefined;
  }
  makes(world, effects, step.item);
  const max = step.table === 0 ? world.program.tableMax : TABLE_SIZE;
  const grows = step.by > 0 && table.length + step.by <= max;
  touch(world, effects, cell, grows);
  if (!grows) world.done(p, step.by === 0 ? BigInt(table.length) : 0xffffffffn);
  else if (world.growthMoves) {
    caller.tableCopy = [...table];
    caller.part = 1;
  } else {
    table.push(...added);
    world.done(p, BigInt(table.length - step.by));
  }
  return undefined;
}

/** `table.fill`, `table.copy`, `table.init` and `elem.drop`: slot by slot, bounds checked before the first one. */
export function tableRange(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'table.fill' | 'table.copy' | 'table.init' | 'elem.drop' }>,
  effects: Effects,
): string | undefined {
  const instance = world.instanceOf(p);
  const { tables } = instance;
  const caller = world.callers[p];
  if (step.op === 'elem.drop') {
    touch(world, effects, 'segment e', true);
    instance.droppedElements = true;
    world.done(p);
    return undefined;
  }
  const [table, slot] = step.op === 'table.copy' ? [step.to, step.toSlot] : [step.table, step.slot];
  if (caller.part === 0) {
    if (step.op === 'table.fill') makes(world, effects, step.item);
    if (step.op === 'table.init') touch(world, effects, 'segment e', false);
    const source = step.op === 'table.copy' ? inTable(world, p, step.from, step.fromSlot, step.count, effects) : true;
    const length = instance.droppedElements ? 0 : ELEMENTS.length;
    const within = step.op !== 'table.init' || step.from + step.count <= length;
    if (!inTable(world, p, table, slot, step.count, effects) || !source || !within) return TABLE_BOUNDS;
  } else {
    inTable(world, p, table, slot, step.count, effects);
    if (step.op === 'table.copy') inTable(world, p, step.from, step.fromSlot, step.count, effects);
  }
  const down = step.op === 'table.copy' && step.fromSlot < slot;
  if (step.count > 0) {
    const i = down ? step.count - 1 - caller.part : caller.part;
    if (step.op === 'table.copy') touch(world, effects, `t${step.from}:${step.fromSlot + i}`, false);
    touch(world, effects, `t${table}:${slot + i}`, true);
    tables[table][slot + i] =
      step.op === 'table.fill'
        ? step.item
        : step.op === 'table.init'
          ? ELEMENTS[step.from + i]
          : tables[step.from][step.fromSlot + i];
  }
  if (caller.part + 1 >= step.count) world.done(p);
  else caller.part++;
  return undefined;
}
