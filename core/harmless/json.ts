/** JSON for files, pipes and terminals: strings keep their values, and what cannot be seen is an escape. */
import { replaceUnseen } from './invisible.ts';

/**
 * `JSON.stringify`, in ASCII where characters are invisible, control a terminal or reorder a text. Equal to it for whoever
 * parses it. `indent`: spaces of a level, one line if absent.
 */
export const jsonText = (value: unknown, indent?: number): string =>
  // Outside of strings JSON has spaces and line feeds only, which stay.
  JSON.stringify(value, null, indent)
    .split('\n')
    .map((line) => replaceUnseen(line, unicodeEscape))
    .join('\n');

/** `\u202e`; two of them beyond the first plane. */
function unicodeEscape(point: number): string {
  const character = String.fromCodePoint(point);
  return Array.from({ length: character.length }, (_, at) => `\\u${hexUnit(character.charCodeAt(at))}`).join('');
}

const hexUnit = (unit: number): string => unit.toString(16).padStart(4, '0');
