/** Steps of accesses of memory and of its extent. */
import { type Instruction, PAGE } from './program.ts';
import { byteAt, clearBeyond, type Effects, setByte, type World } from './world.ts';

/** What V8 says of an access beyond the end, and of a misaligned atomic. */
export const OUT_OF_BOUNDS = 'memory access out of bounds';
export const MISALIGNED = 'operation does not support unaligned accesses';

/** Whether growth of a memory moves it under accesses. */
const moves = (world: World, m: number): boolean => world.growthMoves && !world.program.memories[m].shared;

/**
 * Reads where memory `m` of a caller lies. A host that does not move it still reads its size, which matters beyond the
 * page that is always there.
 */
function readExtent(world: World, p: number, m: number, end: number, effects: Effects): void {
  if (world.program.memories[m].shared || (!world.growthMoves && end <= PAGE)) return;
  effects.accesses.push({ cell: `extent${world.memoryIndex(p, m)}`, write: false, atomic: undefined });
}

/** Reads the extent of a memory; whether `[at, at + count)` lies in it. */
export function inBounds(world: World, p: number, m: number, at: number, count: number, effects: Effects): boolean {
  readExtent(world, p, m, at + count, effects);
  return at + count <= world.memories[world.memoryIndex(p, m)].pages * PAGE;
}

/** The same between the parts of an operation, whose bounds were checked before its first one. */
export function readsAgain(world: World, p: number, m: number, end: number, effects: Effects): void {
  readExtent(world, p, m, end, effects);
}

/** Little-endian bytes of memory `m` of caller `p`. */
export function readBytes(
  world: World,
  p: number,
  m: number,
  at: number,
  count: number,
  effects: Effects,
  atomic?: string,
): bigint {
  const memory = world.memoryIndex(p, m);
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) {
    effects.accesses.push({ cell: `m${memory}:${at + i}`, write: false, atomic });
    value = (value << 8n) | BigInt(byteAt(world.memories[memory], at + i));
  }
  return value;
}

/** Writes little-endian bytes. */
export function writeBytes(
  world: World,
  p: number,
  m: number,
  at: number,
  count: number,
  value: bigint,
  effects: Effects,
  atomic?: string,
): void {
  const memory = world.memoryIndex(p, m);
  for (let i = 0; i < count; i++) {
    effects.accesses.push({ cell: `m${memory}:${at + i}`, write: true, atomic });
    setByte(world.memories[memory], at + i, Number((value >> BigInt(8 * i)) & 0xffn));
  }
}

/** A place that atomics of one memory, address and width synchronise at. */
export const placeOf = (world: World, p: number, m: number, at: number, width: number): string =>
  `${world.memoryIndex(p, m)}:${at}/${width}`;

/** Value of an instruction that writes. */
export const written = (world: World, p: number, step: { value: number; mixes: boolean }): bigint =>
  BigInt.asIntN(64, BigInt(step.value) + (step.mixes ? world.callers[p].acc : 0n));

type MemoryAccess = Extract<Instruction, { op: 'load' | 'store' | 'add' | 'exchange' | 'compareExchange' }>;

/** Loads, stores and read-modify-writes. */
export function memoryAccess(world: World, p: number, step: MemoryAccess, effects: Effects): string | undefined {
  return 'atomic' in step && !step.atomic ? plain(world, p, step, effects) : atomic(world, p, step, effects);
}

/** Plain accesses wider than four bytes, or misaligned, are two: the memory model lets them tear. */
function plain(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'load' | 'store' }>,
  effects: Effects,
): string | undefined {
  const caller = world.callers[p];
  const { memory, width, at } = step;
  const tears = world.program.model !== 'cooperative' && (width > 4 || (width > 1 && at % width !== 0));
  if (caller.part === 0) {
    if (!inBounds(world, p, memory, at, width, effects)) return OUT_OF_BOUNDS;
  } else readsAgain(world, p, memory, at + width, effects);
  const size = tears ? width / 2 : width;
  const from = at + caller.part * size;
  const last = !tears || caller.part === 1;
  if (step.op === 'load') {
    const half = readBytes(world, p, memory, from, size, effects);
    if (!last) {
      caller.held = half;
      caller.part = 1;
      return undefined;
    }
    const whole = tears ? (half << BigInt(8 * size)) | caller.held : half;
    if (width === 16) world.done(p, BigInt.asIntN(64, whole), BigInt.asIntN(64, whole >> 64n));
    else world.done(p, whole);
    return undefined;
  }
  const low = BigInt.asUintN(64, written(world, p, step));
  const whole = width === 16 ? (low << 64n) | low : low;
  writeBytes(world, p, memory, from, size, whole >> BigInt(8 * caller.part * size), effects);
  if (last) world.done(p);
  else caller.part = 1;
  return undefined;
}

function atomic(world: World, p: number, step: MemoryAccess, effects: Effects): string | undefined {
  const { memory, width, at } = step;
  if (at % width !== 0) return MISALIGNED;
  if (!inBounds(world, p, memory, at, width, effects)) return OUT_OF_BOUNDS;
  const place = placeOf(world, p, memory, at, width);
  if (step.op === 'load') {
    effects.sync = { place, acquire: true, release: false };
    world.done(p, readBytes(world, p, memory, at, width, effects, place));
    return undefined;
  }
  if (step.op === 'store') {
    effects.sync = { place, acquire: false, release: true };
    writeBytes(world, p, memory, at, width, written(world, p, step), effects, place);
    world.done(p);
    return undefined;
  }
  const old = readBytes(world, p, memory, at, width, effects, place);
  const wanted = step.op === 'compareExchange' ? BigInt.asUintN(width * 8, BigInt(step.expected)) : old;
  const changes = old === wanted;
  const sum = step.op === 'add' ? old + BigInt(step.value) : BigInt(step.value);
  if (changes) writeBytes(world, p, memory, at, width, BigInt.asUintN(width * 8, sum), effects, place);
  effects.sync = { place, acquire: true, release: changes };
  world.done(p, old);
  return undefined;
}

/** `memory.size` and `memory.grow`: reads, copies and publishes where a host moves what grows. */
export function memoryExtent(
  world: World,
  p: number,
  step: Extract<Instruction, { op: 'memory.size' | 'memory.grow' }>,
  effects: Effects,
): undefined {
  const caller = world.callers[p];
  const shape = world.program.memories[step.memory];
  const at = world.memoryIndex(p, step.memory);
  const memory = world.memories[at];
  const touch = (write: boolean): void => {
    if (shape.shared) effects.sync = { place: `extent${at}`, acquire: true, release: write };
    else effects.accesses.push({ cell: `extent${at}`, write, atomic: undefined });
  };
  if (step.op === 'memory.size') {
    touch(false);
    world.done(p, BigInt(memory.pages));
    return undefined;
  }
  if (caller.part === 1) {
    touch(true);
    const copy = caller.memoryCopy as Uint8Array;
    const old = caller.held;
    caller.memoryCopy = undefined;
    // What lay beyond the copy is new: zeros.
    clearBeyond(copy, Number(old));
    world.memories[at] = { bytes: copy, pages: Number(old) + step.by };
    world.done(p, old);
    return undefined;
  }
  const refused = shape.is64 ? -1n : 0xffffffffn;
  const grows = step.by > 0 && memory.pages + step.by <= shape.max;
  touch(grows);
  if (!grows) world.done(p, step.by === 0 ? BigInt(memory.pages) : refused);
  else if (moves(world, step.memory)) {
    caller.memoryCopy = memory.bytes.slice();
    caller.held = BigInt(memory.pages);
    caller.part = 1;
  } else {
    memory.pages += step.by;
    world.done(p, BigInt(memory.pages - step.by));
  }
  return undefined;
}
