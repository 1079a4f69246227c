/** Markdown for hovers and tooltips, put together with the functions of `core/harmless/markdown.ts`. */
import { MarkdownString } from 'vscode';
import type { CommandId } from '../../../server/src/protocol.ts';

/**
 * `source` is Markdown in which every name went through `markdownText`, `markdownSentence`, `codeSpan` or `codeBlock`. Its
 * links may run `commands` and no others; `$(name)` is an icon where `icons` says so.
 */
export function markdownString(
  source: string,
  { commands = [], icons = false }: { commands?: readonly CommandId[]; icons?: boolean } = {},
): MarkdownString {
  const text = new MarkdownString(source, icons);
  if (commands.length > 0) text.isTrusted = { enabledCommands: commands };
  return text;
}
