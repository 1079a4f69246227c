/**
 * Texts in the language of the reader. The English text is the key: a program that was given no translations, such as
 * the command line, speaks English, and a text without a translation stays English.
 *
 * `node scripts/l10n.ts` reads the calls from the sources. The first argument is therefore always one literal, a whole
 * sentence where possible: other languages have another order of words. In the client, `l10n.t` of VS Code does the
 * same with the same translations.
 */

/** English texts and what they are in another language, both with placeholders `{0}`, `{1}`... */
export type Translations = Readonly<Record<string, string>>;

/** An English text that is shown with `translated`: a literal of a table that is made before the language is known. */
export type Message = string & { readonly [MESSAGE]: true };
declare const MESSAGE: unique symbol;

/** What takes the place of a placeholder. Numbers are written by `number` where they can be large. */
type Argument = string | number;

let current: Translations | undefined;

/** Sets the language of everything that this thread says from now on; English if `bundle` is undefined. */
export function useTranslations(bundle: Translations | undefined): void {
  current = bundle;
}

/** The translations in use, for a thread or a page that is started; undefined for English. */
export const translationsInUse = (): Translations | undefined => current;

/** `text` in the language of the reader, with `args[0]` in place of `{0}` and so on. `text` is one literal. */
export function t(text: string, ...args: readonly Argument[]): string {
  const found = current?.[text] ?? text;
  if (args.length === 0) return found;
  return found.replaceAll(/\{(\d+)\}/g, (placeholder, i: string) => String(args[Number(i)] ?? placeholder));
}

/** Marks a literal that is translated later: `translated(RULES[id].summary)`. */
export const message = (text: string): Message => text as Message;

/** A marked text in the language of the reader, like `t`. */
export const translated = (text: Message, ...args: readonly Argument[]): string => t(text, ...args);
