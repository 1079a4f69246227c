/** Names and sentences for people, in any medium: bounded, and nothing in them is invisible. */
import { escapedPoint, replaceUnseen } from './invisible.ts';

/** Longest name that is shown whole, in characters. */
export const DISPLAY_LENGTH = 80;

/**
 * `text` in at most `limit` characters: head, `...`, tail. Both ends are kept because both ends of a mangled name are
 * informative.
 */
export function shorten(text: string, limit: number = DISPLAY_LENGTH): string {
  if (text.length <= limit) return text;
  const kept = Math.max(limit - 3, 2);
  const head = Math.ceil(kept / 2);
  return `${text.slice(0, head)}...${text.slice(text.length - (kept - head))}`;
}

/** A name from a module, a scenario or a path, printable and bounded. */
export function displayable(name: string, limit: number = DISPLAY_LENGTH): string {
  // Cut before escaping: a name of a megabyte must not be searched whole.
  return shorten(replaceUnseen(shorten(name, 4 * limit), escapedPoint), limit);
}
