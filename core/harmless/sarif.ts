/** Messages of SARIF, which have links: `[text](target)` (section 3.11.6 of the standard). */
import { displayable } from './names.ts';

/** Characters of a message: sentences fit, names of a megabyte are cut. */
const LIMIT = 4000;

/** A message, or a name in one: no link comes from it, and nothing in it is invisible. */
export const sarifText = (text: string): string => displayable(text, LIMIT).replaceAll('](', '] (');
