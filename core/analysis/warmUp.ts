/**
 * Runs the scanner over a small generated body before the first large module. The engine optimises the scanner's loop
 * for the instructions that it has seen. One that it meets for the first time in the middle of a large module discards
 * the optimised code, which made the first scan three times slower than the second.
 */
import { decodeModule } from '../wasm/decode.ts';
import { Op } from '../wasm/ops.ts';
import { I32 } from '../wasm/types.ts';
import { Scanner } from './scanner.ts';
import { GLOBALS, LOCALS, WARM_UP_CODE } from './warmUpBody.ts';

const ROUNDS = 24;

const sized = (contents: readonly number[]): number[] => [
  (contents.length & 127) | 128,
  ((contents.length >> 7) & 127) | 128,
  contents.length >> 14,
  ...contents,
];
const section = (id: number, ...items: (readonly number[])[]): number[] => [
  id,
  ...sized([items.length, ...items.flat()]),
];

/** The module around the body: one import of a function, one memory, one table, globals. */
export function warmUpModule(): Uint8Array {
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
    ...section(10, sized([0, Op.local_get, 0, Op.end]), sized([...LOCALS, ...WARM_UP_CODE])),
  ]);
}

let warm = false;

/** Warms up the scanner on the first call in a thread, which takes some milliseconds; later calls do nothing. */
export function warmUp(): void {
  if (warm) return;
  warm = true;
  const module = decodeModule(warmUpModule(), { ownStructureOnly: true });
  for (let round = 0; round < ROUNDS; round++) {
    const scanner = new Scanner(module);
    scanner.out.begin();
    scanner.scanBody(2, module.functions.bodyStart[1], module.functions.bodyEnd[1]);
  }
}
