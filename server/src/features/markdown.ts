/**
 * Markdown for hovers. No HTML; links run our commands, which the client trusts by name. Names come from
 * untrusted binaries and appear in code spans only.
 */

import { commandMarkdown, markdownSentence } from '../../../core/harmless/markdown.ts';
import { t } from '../../../core/text/l10n.ts';
import { number, quoted } from '../../../core/text/phrases.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { CommandArguments, CommandId } from '../protocol.ts';

/** A name as a code span. Displayable names have no line breaks. */
export const code = quoted;

/**
 * A sentence of the analysis or of a run: what it quotes is code, all else is text. Whatever has a name in it goes through this
 * or through `code`.
 */
export const prose = markdownSentence;

/** `[label](command:...)`; `label` is Markdown. */
export const commandLink = <Id extends CommandId>(label: string, command: Id, args: CommandArguments[Id]): string =>
  commandMarkdown(label, command, args);

/** Link that shows byte offset `offset` in the text. */
export const revealLink = (doc: ModuleDocument, label: string, offset: number): string =>
  commandLink(label, 'wasm-hazards.reveal', [doc.uri, offset]);

/** Link that opens the page of a rule, labelled with its id. */
export const ruleLink = (rule: string): string => commandLink(code(rule), 'wasm-hazards.openRule', [rule]);

/** A bullet list, `And 3 more.` in place of what is beyond `limit`. */
export function bullets(items: readonly string[], limit: number): string {
  const shown = items.slice(0, limit).map((item) => `- ${item}`);
  if (items.length > limit) shown.push(`- ${t('and {0} more', number(items.length - limit))}`);
  return shown.join('\n');
}

/** Joins paragraphs, without empty ones. */
export const paragraphs = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
