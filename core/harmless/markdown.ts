/**
 * Text in Markdown, as VS Code shows it: no link, no image, no icon, no markup comes from a name.
 *
 * Sources: https://spec.commonmark.org/0.31.2, https://github.github.com/gfm (links without brackets), VS Code's icons
 * (`$(name)`) and its preview's formulas (`$x$`).
 */
import { escapedPoint, replaceUnseen } from './invisible.ts';

/** What means something wherever it stands; parentheses and exclamation marks do not without brackets. */
const MARKUP = /[\\`*{}[\]~<|&$@]/g;
/** An underscore within a word is none. */
const UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** What begins a heading, a quotation, a list, a rule or a title at the beginning of a line. */
const BEGINNING = /^(\s*)([#>+=-]|\d+(?=[.)]))/;
/** What makes a link without brackets: `https://`, `www.`; the brackets of e-mail addresses are in `MARKUP`. */
const BARE_LINK = /:(?=\/\/)|(?<=www)\./gi;

/**
 * Text that Markdown shows as it is, on one line. Unlike `MarkdownString.appendText`, it keeps spaces at which lines can
 * break.
 */
export const markdownText = (text: string): string => escaped(replaceUnseen(text.replace(/\s+/g, ' '), escapedPoint));

const escaped = (line: string): string =>
  line
    .replace(MARKUP, '\\$&')
    .replace(UNDERSCORE, '\\_')
    .replace(BARE_LINK, '\\$&')
    .replace(BEGINNING, (_, before: string, mark: string) =>
      // A digit cannot be escaped; the mark behind it can, which is what makes a list of it.
      /\d/.test(mark) ? `${before}${mark}\\` : `${before}\\${mark}`,
    );

/**
 * A sentence of ours, in which names are quoted with `codeSpan`: quotations stay code, all else is text. What a name in it
 * does with backticks moves the quotations, and never becomes markup.
 */
export const markdownSentence = (sentence: string): string =>
  replaceUnseen(sentence.replace(/\s+/g, ' '), escapedPoint)
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : escapedWithin(part, at === 0)))
    .join('');

const escapedWithin = (part: string, isFirst: boolean): string =>
  isFirst ? escaped(part) : escaped(`.${part}`).slice(1);

/** A name as a code span, in backticks, which are quotes in plain text. Backticks in it would end the span and are replaced. */
export const codeSpan = (name: string): string => `\`${replaceUnseen(name, escapedPoint).replaceAll('`', "'")}\``;

/** Lines as a block of code, which no line of it can end. */
export function codeBlock(text: string): string {
  const shown = replaceUnseen(text, (point) => (point === 0x0a ? '\n' : point === 0x09 ? '\t' : escapedPoint(point)));
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${shown}\n${fence}`;
}

/** `[label](command:...)`, which runs a command of ours. `label` is Markdown, `args` are JSON. */
export function commandMarkdown(label: string, command: string, args: readonly unknown[]): string {
  // A parenthesis would end the target of the link.
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return `[${label}](command:${command}?${query})`;
}
