/** Names and sentences of a module in Markdown. */

/** Text that Markdown shows as it is. Unlike `MarkdownString.appendText`, it keeps spaces at which lines can break. */
export const asMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]()#+\-.!~<>|&$:]/g, '\\$&').replace(/\s+/g, ' ');
