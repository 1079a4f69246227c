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

/** What `make` says in English, whatever the language of the reader is: generated code and its comments. */
export function inEnglish<T>(make: () => T): T {
  const before = current;
  current = undefined;
  try {
    return make();
  } finally {
    current = before;
  }
}

/** `text` in the language of the reader, with `args[0]` in place of `{0}` and so on. `text` is one literal. */
export function t(text: string, ...args: readonly Argument[]): string {
  const found = current?.[text];
  if (args.length === 0) return found ?? text;
  const fill = (given: string, join: (left: string, right: string) => string): string =>
    given
      .split(/\{(\d+)\}/)
      .map((piece, i) => (i % 2 === 0 ? piece : String(args[Number(piece)] ?? `{${piece}}`)))
      .reduce(join);
  return found === undefined ? fill(text, (left, right) => left + right) : fill(found, spaced);
}

/** A sinogram, between two of which there is no space; there is one between a sinogram and a word, number or quotation. */
const SINOGRAM = /\p{Script=Han}/u;
const WORD_END = /[\p{Script=Latin}\p{N}`\])]/u;
const WORD_START = /[\p{Script=Latin}\p{N}`$[]/u;

/** Both put together, with a space between them only where Chinese has one; the parts need not know each other. */
function spaced(left: string, right: string): string {
  const [before, after] = [left.trimEnd(), right.trimStart()];
  const [last, first] = [before.slice(-1), after.slice(0, 1)];
  if (SINOGRAM.test(last) && SINOGRAM.test(first)) return before + after;
  const mixed = (SINOGRAM.test(last) && WORD_START.test(first)) || (WORD_END.test(last) && SINOGRAM.test(first));
  return mixed ? `${before} ${after}` : left + right;
}

/** Marks a literal that is translated later: `translated(RULES[id].summary)`. */
export const message = (text: string): Message => text as Message;

/** A marked text in the language of the reader, like `t`. */
export const translated = (text: Message, ...args: readonly Argument[]): string => t(text, ...args);
