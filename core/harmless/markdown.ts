/** Text in Markdown, as VS Code shows it: no link, no image, no icon, no markup comes from a name. */
import { escapedPoint, replaceUnseen } from './invisible.ts';

/**
 * Text that Markdown shows as it is, on one line. Unlike `MarkdownString.appendText`, it keeps spaces at which lines can
 * break.
 */
export const markdownText = (text: string): string =>
  replaceUnseen(text.replace(/\s+/g, ' '), escapedPoint).replace(/[\\`*_{}[\]()#+\-.!~<>|&$:@]/g, '\\$&');

/** A name as a code span, in backticks, which are quotes in plain text. Backticks in it would end the span and are replaced. */
export const codeSpan = (name: string): string => `\`${replaceUnseen(name, escapedPoint).replaceAll('`', "'")}\``;
