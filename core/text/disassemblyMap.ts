/**
 * The source map of a disassembly. Every line has the byte offset of what it shows, so an offset is found by binary
 * search over the lines sorted by offset. This is not always the order of the text: the text format wants imports
 * first and may print data elsewhere.
 */

import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import type { Module } from '../wasm/module.ts';
import type { Disassembly } from '../wasm/printer.ts';
import { skipLocals } from '../wasm/skip.ts';
import { lineStartsOf, lineText, rangeIn, type TextRange } from './lines.ts';
import { contentsOf, inComment } from './lineTokens.ts';
import { functionAt, lastAtMost, sectionAt } from './moduleItems.ts';
import type { InstructionPlace, SourceMap } from './sourceMap.ts';

/** `lineOffsets` of a line that shows no part of the binary. */
const NO_OFFSET = 0xffffffff;

/** The source map of a disassembly of `module`. */
export function disassemblyMap(
  disassembly: Pick<Disassembly, 'text' | 'lineOffsets' | 'elided'>,
  module: Module,
  lineStarts: Uint32Array = lineStartsOf(disassembly.text),
): SourceMap {
  const { text, lineOffsets } = disassembly;
  const lines = linesByOffset(lineOffsets);
  const elided = new Set<number>(disassembly.elided);

  function rangeOfLine(line: number): TextRange {
    const { start, end } = contentsOf(lineText(text, lineStarts, line));
    return rangeIn(line, start, end);
  }

  function rangeOf(offset: number): TextRange | undefined {
    if (lines.length === 0) return undefined;
    const at = lastAtMost(lines.length, (i) => lineOffsets[lines[i]], offset);
    const section = sectionAt(module.sections, offset);
    // Offsets that no line shows (the function section, the count of a vector) map to the line of the module, which
    // has offset 0.
    if (at === -1 || (section !== undefined && lineOffsets[lines[at]] < section.offset)) return rangeOfLine(lines[0]);
    let first = at;
    while (first > 0 && lineOffsets[lines[first - 1]] === lineOffsets[lines[at]]) first--;
    return rangeOfLine(lines[first]);
  }

  function offsetAt(line: number, character: number): number | undefined {
    const offset = line >= 0 && line < lineOffsets.length ? lineOffsets[line] : NO_OFFSET;
    if (offset === NO_OFFSET || inComment(lineText(text, lineStarts, line), character)) return undefined;
    return offset;
  }

  function elidedFunctionOf(offset: number): number | undefined {
    const func = functionAt(module, offset);
    return func !== undefined && elided.has(func) ? func : undefined;
  }

  function* instructionsIn(startLine: number, endLine: number): Generator<InstructionPlace> {
    const last = Math.min(endLine, lineOffsets.length - 1);
    let func: number | undefined;
    let first = 0;
    for (let line = Math.max(0, startLine); line <= last; line++) {
      const offset = lineOffsets[line];
      const found = offset === NO_OFFSET ? undefined : functionAt(module, offset);
      if (found === undefined || elided.has(found)) continue;
      if (found !== func) first = firstInstruction(module, found);
      func = found;
      if (offset >= first) yield { func, offset, end: rangeOfLine(line).end };
    }
  }

  return { rangeOf, offsetAt, elidedFunctionOf, instructionsIn };
}

/** Offset of the first instruction of a body, after its locals. */
function firstInstruction({ bytes, functions }: Module, func: number): number {
  const d = func - functions.imported;
  const cursor = new Cursor(bytes, functions.bodyStart[d], functions.bodyEnd[d]);
  try {
    skipLocals(cursor);
    return cursor.pos;
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return functions.bodyEnd[d];
  }
}

/** Numbers of the lines that have an offset, sorted by offset, then by line. */
function linesByOffset(lineOffsets: Uint32Array): Uint32Array {
  const lines = new Uint32Array(lineOffsets.length);
  let count = 0;
  let sorted = true;
  for (let line = 0; line < lineOffsets.length; line++) {
    if (lineOffsets[line] === NO_OFFSET) continue;
    if (count > 0 && lineOffsets[lines[count - 1]] > lineOffsets[line]) sorted = false;
    lines[count++] = line;
  }
  const found = lines.subarray(0, count);
  return sorted ? found : found.sort((a, b) => lineOffsets[a] - lineOffsets[b] || a - b);
}
