/** Between byte offsets of a binary and positions of a text that shows it; see design: one coordinate system. */
import type { TextRange } from './lines.ts';

/** An instruction that the text shows. */
export interface InstructionPlace {
  func: number;
  /** Byte offset. */
  offset: number;
  /** Where it ends in the text: behind its immediates. */
  end: TextRange['start'];
}

export interface SourceMap {
  /** Range of what the text shows for byte offset `offset`; the enclosing item when it is not shown itself. */
  rangeOf(offset: number): TextRange | undefined;
  /** Byte offset of what stands at a position, undefined in comments and blank lines. */
  offsetAt(line: number, character: number): number | undefined;
  /** Function whose elided body contains `offset`, undefined when the text shows it. */
  elidedFunctionOf(offset: number): number | undefined;
  /** Instructions of function bodies on these lines, the last one included. */
  instructionsIn(startLine: number, endLine: number): Iterable<InstructionPlace>;
}
