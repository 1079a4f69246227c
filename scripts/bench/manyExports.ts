/** Modules with many exports, for benchmarks of what grows with their number. */
import { binary, leb, section } from '../../core/testing/binary.ts';

/** `count` names, `prefix` before their number, of one function that counts calls in a global. */
export function manyExports(count: number, prefix = 'export_'): Uint8Array {
  const exports: number[] = leb(count);
  for (let i = 0; i < count; i++) {
    const name = Buffer.from(`${prefix}${i}`);
    exports.push(...leb(name.length), ...name, 0, 0);
  }
  const body = [0, 0x23, 0, 0x41, 1, 0x6a, 0x24, 0, 0x23, 0, 0x0b];
  return binary(
    section(1, [1, 0x60, 0, 1, 0x7f]),
    section(3, [1, 0]),
    section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]),
    section(7, exports),
    section(10, [1, ...leb(body.length), ...body]),
  );
}
