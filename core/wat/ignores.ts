/** Comments that suppress findings: `;; wasm-hazards-ignore rule, rule -- reason`. */
import type { IgnoreComment, WatName } from './model.ts';

const MARK = 'wasm-hazards-ignore';
const SPACE = 0x20;
const TAB = 0x09;
const SEMICOLON = 0x3b;

/**
 * The suppression in the line comment `[start, end)` of `text`; undefined if it is another comment. Rules are
 * separated by commas or spaces; the reason follows ` -- `.
 */
export function ignoreIn(text: string, start: number, end: number): IgnoreComment | undefined {
  let at = start;
  while (at < end && isFiller(text.charCodeAt(at))) at++;
  if (!text.startsWith(MARK, at)) return undefined;
  at += MARK.length;
  // `wasm-hazards-ignored` is another word.
  if (at < end && /[\w-]/.test(text[at])) return undefined;
  return { start, end, rules: rulesIn(text, at, end), alone: isAlone(text, start) };
}

const isFiller = (code: number): boolean => code === SEMICOLON || code === SPACE || code === TAB;

function rulesIn(text: string, start: number, end: number): WatName[] {
  const rules: WatName[] = [];
  const words = /[^\s,]+/g;
  for (const { 0: word, index } of text.slice(start, end).matchAll(words)) {
    if (word.startsWith('--')) break;
    rules.push({ text: word, start: start + index, end: start + index + word.length });
  }
  return rules;
}

/** Whether only white space precedes it on its line. */
function isAlone(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at--;
  return at < 0 || text[at] === '\n' || text[at] === '\r';
}
