/** Names, numbers and lists as they stand in sentences of the product, which are English. */

/**
 * A name as it stands in a sentence. Backticks read as code in Markdown and as quotes in plain text;
 * those of the name itself would end the quotation.
 */
export const quoted = (name: string): string => `\`${name.replaceAll('`', "'")}\``;

const FORMAT = new Intl.NumberFormat('en');

/** `1,234`. */
export const number = (value: number): string => FORMAT.format(value);

/** `1 export`, `1,234 exports`. */
export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `` `a`, `b` and 3 more ``; at most `limit` names. `total`: when `names` are only the first ones. */
export function listOf(names: readonly string[], limit: number, joiner = 'and', total = names.length): string {
  const shown = names.slice(0, limit);
  const left = total - shown.length;
  if (left > 0) return `${shown.join(', ')} ${joiner} ${number(left)} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${joiner} ${shown[shown.length - 1]}`;
}
