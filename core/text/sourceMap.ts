/**
 * Maps between byte offsets of a binary and positions in a text that shows it. All other facts are keyed by byte
 * offset.
 */
import type { TextRange } from './lines.ts';

/** An instruction that the text shows. */
export interface InstructionPlace {
  func: number;
  /** Byte offset. */
  offset: number;
  /** Where it ends in the text: after its immediates. */
  end: TextRange['start'];
}

/** Maps between byte offsets of a binary and a text that shows it. */
export interface SourceMap {
  /** Range that shows byte offset `offset`, or the item around it if the text does not show it. */
  rangeOf(offset: number): TextRange | undefined;
  /** Byte offset of the text at a position, undefined in comments and blank lines. */
  offsetAt(line: number, character: number): number | undefined;
  /** Function whose elided body contains byte offset `offset`, undefined if the text shows the body. */
  elidedFunctionOf(offset: number): number | undefined;
  /** Instructions of function bodies on the lines from `startLine` to `endLine`, both included. */
  instructionsIn(startLine: number, endLine: number): Iterable<InstructionPlace>;
}
