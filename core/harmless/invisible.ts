/**
 * Characters that must not reach a reader as they are: they end a line, control a terminal, reorder the text around them,
 * or cannot be seen. Every other file of this folder asks this one.
 *
 * Sources: https://www.unicode.org/reports/tr36 (security), https://www.unicode.org/reports/tr44 (properties),
 * https://trojansource.codes.
 */

/**
 * Controls (C0, DEL, C1), formats (bidirectional ones, joiners, tags), halves of pairs, separators of lines and paragraphs,
 * what Unicode calls ignorable (U+3164 is a letter, and invisible), spaces other than the plain one, the blank pattern of
 * Braille, and code points that are no characters.
 */
const UNSEEN =
  '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\u2800';
const ONE = new RegExp(`[${UNSEEN}]`, 'u');
const ALL = new RegExp(`[${UNSEEN}]`, 'gu');
/** The plain part of ASCII, which most names are made of. */
const ASCII = /^[ -~]*$/;

/** Whether a text has any of these characters. */
export const hasUnseen = (text: string): boolean => !ASCII.test(text) && ONE.test(text);

/** `text` with `written` in place of each of these characters; `written` gets its code point. */
export const replaceUnseen = (text: string, written: (point: number) => string): string =>
  ASCII.test(text) ? text : text.replace(ALL, (character) => written(character.codePointAt(0) ?? 0));

/** `\u{202e}`: how such a character is written for people. */
export const escapedPoint = (point: number): string => `\\u{${point.toString(16)}}`;
