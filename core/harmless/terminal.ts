/**
 * Text for a terminal, which obeys escape sequences: colours are ours, and nothing else is let through. Names are made
 * harmless where they enter a sentence; this is the last gate before the output.
 */
import { escapedPoint, replaceUnseen } from './invisible.ts';

/** One line, for standard error, a prompt or a progress display. Breaks of lines become spaces. */
export const terminalLine = (line: string): string => replaceUnseen(line.replace(/[\r\n\t]+/g, ' '), escapedPoint);

/** Colours and styles of the report (`core/report/text/style.ts`): `\x1b[31m`. */
const COLOUR = new RegExp(`(${String.fromCharCode(0x1b)}\\[\\d{1,2}m)`);

/**
 * Several lines, which may be indented with tabs: text of a report, generated code. `colour`: whether sequences that choose
 * colours pass.
 */
export const terminalText = (text: string, colour = false): string =>
  (colour ? text.split(COLOUR) : [text])
    .map((part, at) => (at % 2 === 1 ? part : replaceUnseen(part, (point) => LAYOUT.get(point) ?? escapedPoint(point))))
    .join('');

const LAYOUT: ReadonlyMap<number, string> = new Map([
  [0x09, '\t'],
  [0x0a, '\n'],
]);
