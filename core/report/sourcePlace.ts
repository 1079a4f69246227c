/** Places of a source as people and editors count them: lines and columns from 1. */

import { displayable } from '../harmless/names.ts';
import { positionOf, sourceLineStarts, type TextRange } from '../text/lines.ts';
import type { SourceMap } from '../text/sourceMap.ts';

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

/** Where a text shows a byte of the binary: the first character, and the place after the last. The beginning for what it does not show. */
export function placesIn({
  rangeOf,
}: Pick<SourceMap, 'rangeOf'>): Record<'place' | 'end', (offset: number) => SourcePlace> {
  const at = (place: TextRange['start'] | undefined): SourcePlace =>
    place === undefined ? { line: 1, column: 1 } : { line: place.line + 1, column: place.character + 1 };
  return { place: (offset) => at(rangeOf(offset)?.start), end: (offset) => at(rangeOf(offset)?.end) };
}

/** How reports call an input. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : displayable(file, 400));

/** The file that reports of runs call so; `-` is standard input. */
export const inputOfName = (name: string): string => (name === 'standard input' ? '-' : name);

/** `counter.wat:12:5`. */
export const placeName = (file: string, { line, column }: SourcePlace): string =>
  `${inputName(file)}:${line}:${column}`;
