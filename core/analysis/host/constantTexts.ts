/**
 * How far texts go that a module keeps in its active data and passes to functions of the host: the module's bytes say it,
 * as long as nothing writes texts that are constants.
 */
import { constantValue } from '../../wasm/constantValue.ts';
import type { Module } from '../../wasm/module.ts';

/**
 * How a text says where it ends.
 * - `terminated`: a zero byte, as in C
 * - `managed`: the number of its bytes stands in the word before it, as in AssemblyScript
 */
export type ConstantTextForm = 'terminated' | 'managed';

/** Bytes that one text may have. */
const MAX_TEXT = 4096;
const WORD = 4;

interface Segment {
  /** `[from, to)` in the memory, `[offset, ...)` in the binary. */
  from: number;
  to: number;
  offset: number;
}

/** The texts of one memory. */
export class ConstantTexts {
  private readonly module: Module;
  private readonly memory: number;
  private found: Segment[] | undefined;

  constructor(module: Module, memory: number) {
    this.module = module;
    this.memory = memory;
  }

  /** Bytes `[start, end)` that are read of the text at `at`; undefined if its end is not in the data. */
  extent(at: number, form: ConstantTextForm): { start: number; end: number } | undefined {
    const segment = this.segmentOf(at);
    if (segment === undefined) return undefined;
    const { bytes } = this.module;
    const place = segment.offset + (at - segment.from);
    if (form === 'managed') {
      if (at - WORD < segment.from) return undefined;
      const length = new DataView(bytes.buffer, bytes.byteOffset + place - WORD, WORD).getUint32(0, true);
      return length > MAX_TEXT || at + length > segment.to ? undefined : { start: at - WORD, end: at + length };
    }
    const zero = bytes.subarray(place, place + Math.min(MAX_TEXT, segment.to - at)).indexOf(0);
    if (zero >= 0) return { start: at, end: at + zero + 1 };
    // Tools drop zeros at the end of segments: those of a memory that begins with zeros.
    const ends = segment.to - at < MAX_TEXT && !this.module.memories[this.memory].imported;
    return ends && this.segmentOf(segment.to) === undefined ? { start: at, end: segment.to + 1 } : undefined;
  }

  /** The only segment with a byte. */
  private segmentOf(at: number): Segment | undefined {
    this.found ??= segmentsOf(this.module, this.memory);
    let [low, high] = [0, this.found.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.found[middle].to <= at) low = middle + 1;
      else high = middle;
    }
    const segment = this.found[low];
    return segment !== undefined && segment.from <= at ? segment : undefined;
  }
}

/** Active segments of a memory by their places; none where these are not known, or where one overwrites another. */
function segmentsOf(module: Module, memory: number): Segment[] {
  const found: Segment[] = [];
  for (const { mode, memory: target, offsetExpr, start, end } of module.data) {
    if (mode !== 'active' || target !== memory || start === end) continue;
    const from = offsetExpr === undefined ? undefined : constantValue(module, offsetExpr);
    if (from === undefined) return [];
    found.push({ from, to: from + (end - start), offset: start });
  }
  found.sort((a, b) => a.from - b.from);
  return found.some(({ from }, i) => i > 0 && from < found[i - 1].to) ? [] : found;
}
