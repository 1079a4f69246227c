/** Places of a source as people and editors count them: lines and columns from 1. */

import { displayable } from '../harmless/names.ts';
import { positionOf, sourceLineStarts } from '../text/lines.ts';

/** A place in a text, both counted from one; columns are UTF-16 code units, as editors count. */
export interface SourcePlace {
  line: number;
  column: number;
}

/** Place of character `at` of a text. */
export const sourcePlace = (text: string, at: number): SourcePlace => placeIn(sourceLineStarts(text), at);

/** The same in a text whose line starts are known. */
export function placeIn(lineStarts: Uint32Array, at: number): SourcePlace {
  const { line, character } = positionOf(lineStarts, at);
  return { line: line + 1, column: character + 1 };
}

/** How reports call an input. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : displayable(file, 400));

/** `counter.wat:12:5`. */
export const placeName = (file: string, { line, column }: SourcePlace): string =>
  `${inputName(file)}:${line}:${column}`;
