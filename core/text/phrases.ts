/** Names, numbers and lists as the English sentences of the product write them. */

/**
 * A name in backticks, which are code in Markdown and quotes in plain text. Backticks in the name would end the
 * quotation and are replaced.
 */
export const quoted = (name: string): string => `\`${name.replaceAll('`', "'")}\``;

/** A sentence for a place that shows Markdown as it is written: names in straight quotes instead of backticks. */
export const withPlainQuotes = (sentence: string): string => sentence.replace(/`([^`]*)`/g, "'$1'");

const FORMAT = new Intl.NumberFormat('en');

/** `1,234`. */
export const number = (value: number): string => FORMAT.format(value);

/** `1 export`, `1,234 exports`. */
export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `` `a`, `b` and 3 more ``; at most `limit` names. `total`: number of names in all, if `names` are only the first. */
export function listOf(names: readonly string[], limit: number, joiner = 'and', total = names.length): string {
  const shown = names.slice(0, limit);
  const left = total - shown.length;
  if (left > 0) return `${shown.join(', ')} ${joiner} ${number(left)} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${joiner} ${shown[shown.length - 1]}`;
}
