/** For tests: modules whose custom sections are damaged, and whose other sections are not. */
import type { Random } from '../../testing/random.ts';
import { decodeModule } from '../../wasm/decode.ts';

/** Ranges of the contents of custom sections with debug information: DWARF, names, and names of files. */
const debugRanges = (bytes: Uint8Array): { start: number; end: number }[] =>
  decodeModule(bytes).sections.filter(
    ({ id, name, end, start }) =>
      id === 0 && end > start && /^\.debug_|^name$|^sourceMappingURL$|^external_debug_info$/.test(name),
  );

/** A module of the same length with up to six damages. The same bytes where there is nothing to damage. */
export function damagedDebug(original: Uint8Array, next: Random): Uint8Array {
  const ranges = debugRanges(original);
  const bytes = original.slice();
  if (ranges.length === 0) return bytes;
  const pick = (): number => {
    const { start, end } = ranges[next(ranges.length)];
    return start + next(end - start);
  };
  for (let left = 1 + next(6); left > 0; left--) {
    const at = pick();
    const kind = next(5);
    if (kind === 0) bytes[at] = next(256);
    else if (kind === 1) bytes[at] ^= 1 << next(8);
    else if (kind === 2) bytes.fill(0xff, at, at + 4);
    else if (kind === 3) bytes.fill(0, at, at + 1 + next(8));
    else bytes.copyWithin(at, pick(), pick());
  }
  return bytes;
}
