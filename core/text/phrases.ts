/** Names, numbers and lists as the sentences of the product write them. */

import { codeSpan } from '../harmless/markdown.ts';
import { t, translationsInUse } from './l10n.ts';

/** A name in backticks, which are code in Markdown and quotes in plain text. */
export const quoted = codeSpan;

/** A sentence for a place that shows Markdown as it is written: names in straight quotes instead of backticks. */
export const withPlainQuotes = (sentence: string): string => sentence.replace(/`([^`]*)`/g, "'$1'");

const FORMAT = new Intl.NumberFormat('en');

/** Sentences one after another; nothing for an empty one. Chinese has no space after a full stop. */
export const paragraph = (sentences: readonly string[]): string =>
  sentences
    .filter((sentence) => sentence !== '')
    .reduce((before, next) => (before === '' || before.endsWith('。') ? before + next : `${before} ${next}`), '');

/** Clauses of one sentence, `a, b`; at least one. Names in a list are put together by `listOf`. */
export const clauses = (all: readonly string[]): string => all.reduce((before, next) => t('{0}, {1}', before, next));

/** `1,234`. */
export const number = (value: number): string => FORMAT.format(value);

/**
 * `1 export`, `1,234 exports`. `noun` is a literal, from which scripts/l10n reads the text to translate: `{0} exports`.
 * The language that there is has one form for all numbers.
 */
export const plural = (count: number, noun: string): string =>
  count === 1 && translationsInUse() === undefined ? `1 ${noun}` : lookUp(`{0} ${noun}s`, number(count));

/** `t` for texts that are put together here from literals elsewhere. */
const lookUp: typeof t = t;

/** `` `a`, `b` and 3 more ``; at most `limit` names. `total`: number of names in all, if `names` are only the first. */
export function listOf(
  names: readonly string[],
  limit: number,
  joiner: 'and' | 'or' = 'and',
  total = names.length,
): string {
  const shown = names.slice(0, limit);
  const left = total - shown.length;
  if (left === 0 && shown.length < 2) return shown.join('');
  const before = (left > 0 ? shown : shown.slice(0, -1)).join(t(', '));
  if (left > 0)
    return joiner === 'or' ? t('{0} or {1} more', before, number(left)) : t('{0} and {1} more', before, number(left));
  const last = shown[shown.length - 1];
  return joiner === 'or' ? t('{0} or {1}', before, last) : t('{0} and {1}', before, last);
}
