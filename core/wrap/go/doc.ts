/** Go: doc comments. */
import { commentLines } from '../../harmless/code.ts';

/** A doc comment of whole sentences, broken into lines. Each argument is a paragraph. */
export const goDoc = (...paragraphs: readonly string[]): string => documented('', paragraphs);

/** The same inside of a declaration. */
export const goInnerDoc = (...paragraphs: readonly string[]): string => documented('\t', paragraphs);

const documented = (indent: string, paragraphs: readonly string[]): string =>
  commentLines(
    paragraphs.flatMap((one, i) => (i === 0 ? [one] : ['', one])),
    indent,
  ).join('\n');

/** `A` or `An`, before a name. */
export const article = (name: string): string => (/^[AEIOU]/.test(name) ? 'An' : 'A');

/** Declarations, and the paths of the packages that they need. */
export interface GoCode {
  text: string;
  imports: readonly string[];
}
