/** Places of a source as people and editors count them: lines and columns from 1. */
import { positionOf, sourceLineStarts } from '../../core/text/lines.ts';
import { displayable } from '../../core/wasm/displayNames.ts';
import type { Place } from './checked.ts';

/** Place of character `at` of a text. */
export const sourcePlace = (text: string, at: number): Place => placeIn(sourceLineStarts(text), at);

export function placeIn(lineStarts: Uint32Array, at: number): Place {
  const { line, character } = positionOf(lineStarts, at);
  return { line: line + 1, column: character + 1 };
}

/** How reports call an input. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : displayable(file, 400));

/** `counter.wat:12:5`. */
export const placeName = (file: string, { line, column }: Place): string => `${inputName(file)}:${line}:${column}`;
