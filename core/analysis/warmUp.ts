/**
 * Runs the scanner over a small generated body before the first large module. The engine optimises the scanner's loop
 * for the instructions that it has seen. One that it meets for the first time in the middle of a large module discards
 * the optimised code, which made the first scan three times slower than the second.
 */
import { decodeModule } from '../wasm/decode.ts';
import { MEMARG_HAS_MEMORY, opcodeOf } from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { EMPTY_BLOCK_BYTE, I32, I64 } from '../wasm/types.ts';
import { Scanner } from './scanner.ts';

/** Enough globals that the index of the last one is outside the scanner's small tables. */
const GLOBALS = 40;
const ROUNDS = 100;

/** An index in two bytes, as linkers pad them. */
const padded = (index: number): number[] => [index | 0x80, 0];

const section = (id: number, ...items: number[][]): number[] => {
  const contents = [items.length, ...items.flat()];
  return [id, ...sized(contents)];
};
const sized = (contents: number[]): number[] => [(contents.length & 127) | 128, contents.length >> 7, ...contents];

/** Every instruction that the loop of `scanBody` handles itself, with short and padded immediates, and a few others. */
function body(): number[] {
  const most = [Op.i32_const, 0xff, 0xff, 0xff, 0xff, 0x07];
  const least = [Op.i32_const, 0x80, 0x80, 0x80, 0x80, 0x78];
  const code: number[] = [];
  const local = (index: number) => code.push(Op.local_get, index);
  const constant = (value: number) => code.push(Op.i32_const, value);
  const load = (base: () => void, ...memarg: number[]) => {
    base();
    code.push(Op.i32_load, ...memarg, Op.drop);
  };
  const store = (base: () => void) => {
    base();
    constant(1);
    code.push(Op.i32_store, 2, 0);
  };
  // A frame: lowered, used, restored.
  code.push(Op.global_get, 0, Op.i32_const, 16, Op.i32_sub, Op.local_tee, 2, Op.global_set, 0);
  for (const base of [
    () => local(0),
    () => local(2),
    () => local(3),
    () => constant(8),
    () => code.push(Op.i32_const, 0x7f),
    () => code.push(Op.global_get, ...padded(1)),
    () => code.push(Op.global_get, GLOBALS - 1),
  ]) {
    load(base, 2, 4);
    load(base, 2, 0x84, 0);
    load(base, 2 | MEMARG_HAS_MEMORY, 0, 4);
    store(base);
  }
  for (const op of [Op.i32_add, Op.i32_sub, Op.i32_and]) {
    for (const [a, b] of [
      [0, 3],
      [3, 0],
      [2, 3],
      [3, 2],
      [3, 3],
      [2, 2],
    ])
      code.push(Op.local_get, a, Op.local_get, b, op, Op.drop);
    code.push(Op.local_get, 2, Op.i32_const, 4, op, Op.local_set, ...padded(4));
    code.push(Op.i32_const, 4, Op.local_get, 2, op, Op.local_set, 4);
  }
  // Sums beyond 32 bits, both ways.
  code.push(...most, Op.i32_const, 1, Op.i32_add, Op.drop, ...least, Op.i32_const, 1, Op.i32_sub, Op.drop);
  code.push(Op.try, EMPTY_BLOCK_BYTE, Op.nop, Op.catch_all, Op.end);
  code.push(Op.i32_const, 0xff, 0x7f, Op.drop, Op.i32_const, 0xff, 0xff, 0xff, 0xff, 0x7, Op.drop);
  code.push(Op.i64_const, 1, Op.i64_const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, Op.i64_add, Op.local_set, 5);
  code.push(Op.f32_const, 0, 0, 0, 0, Op.drop, Op.f64_const, 0, 0, 0, 0, 0, 0, 0, 0, Op.drop);
  code.push(Op.local_get, ...padded(0), Op.call, 0, Op.drop, Op.local_get, 0, Op.call, ...padded(1), Op.drop);
  code.push(Op.local_get, 0, Op.local_get, 1, Op.local_get, 0, Op.select, Op.i32_eqz, Op.drop);
  code.push(
    Op.block,
    EMPTY_BLOCK_BYTE,
    Op.loop,
    EMPTY_BLOCK_BYTE,
    Op.local_get,
    0,
    Op.br_if,
    0,
    Op.local_get,
    2,
    Op.local_set,
    3,
  );
  code.push(Op.local_get, 0, Op.if, I32, Op.i32_const, 1, Op.else, Op.i32_const, 2, Op.br, 1, Op.nop, Op.end, Op.drop);
  code.push(Op.local_get, 2, Op.i32_load, 2, 0, Op.drop, Op.br, ...padded(0), Op.end, Op.end);
  code.push(
    Op.block,
    EMPTY_BLOCK_BYTE,
    Op.block,
    EMPTY_BLOCK_BYTE,
    Op.local_get,
    0,
    Op.br_table,
    1,
    0,
    1,
    Op.end,
    Op.return,
    Op.nop,
    Op.end,
  );
  code.push(
    Op.block,
    EMPTY_BLOCK_BYTE,
    Op.local_get,
    0,
    Op.br_table,
    ...padded(1),
    ...padded(0),
    0,
    Op.end,
    Op.block,
    EMPTY_BLOCK_BYTE,
    Op.unreachable,
    Op.end,
  );
  code.push(
    Op.local_get,
    0,
    Op.local_get,
    0,
    Op.call_indirect,
    0,
    0,
    Op.drop,
    Op.memory_size,
    0,
    Op.memory_grow,
    0,
    Op.drop,
  );
  code.push(
    Op.i32_const,
    0,
    Op.i32_const,
    0,
    Op.i32_const,
    4,
    ...opcodeOf(Op.memory_fill),
    0,
    Op.i32_const,
    0,
    Op.i32_const,
    0,
    Op.i32_const,
    4,
    ...opcodeOf(Op.memory_copy),
    0,
    0,
  );
  code.push(Op.local_get, 2, Op.i32_const, 16, Op.i32_add, Op.global_set, 0, Op.local_get, 0, Op.end);
  return code;
}

/** The module around the body: one import of a function, one memory, one table, globals. */
export function warmUpModule(): Uint8Array {
  const locals = [3, 3, I32, 1, I64, 1, I32];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const type = [0x60, 2, I32, I32, 1, I32];
  const unary = [0x60, 1, I32, 1, I32];
  return Uint8Array.from([
    ...header,
    ...section(1, unary, type),
    ...section(2, [1, 0x61, 1, 0x62, 0, 0]),
    ...section(3, [0], [1]),
    ...section(4, [0x70, 0, 1]),
    ...section(5, [0, 1]),
    ...section(6, ...Array.from({ length: GLOBALS }, (_, i) => [I32, i === 1 ? 0 : 1, Op.i32_const, 0, Op.end])),
    ...section(10, sized([0, Op.local_get, 0, Op.end]), sized([...locals, ...body()])),
  ]);
}

let warm = false;

/** Warms up the scanner on the first call in a thread, which takes some milliseconds; later calls do nothing. */
export function warmUp(): void {
  if (warm) return;
  warm = true;
  const module = decodeModule(warmUpModule(), { ownStructureOnly: true });
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 20 === 0) scanner = new Scanner(module);
    scanner?.out.begin();
    scanner?.scanBody(2, module.functions.bodyStart[1], module.functions.bodyEnd[1]);
  }
}
let scanner: Scanner | undefined;
