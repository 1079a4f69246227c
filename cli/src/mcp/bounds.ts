/** What keeps the answers of tools small: a model reads all of them. */
import { displayable } from '../../../core/harmless/names.ts';

/** Characters of the text of an answer. */
const MAX_TEXT = 8_000;
/** Characters of a name, and of a sentence, in structured results. */
const MAX_NAME = 200;
const MAX_SENTENCE = 1_000;

/** The first lines of `text`, whole, and a sentence about what was left out. `ask`: how to get the rest. */
export function boundedText(text: string, ask: string): string {
  if (text.length <= MAX_TEXT) return text;
  const end = text.lastIndexOf('\n', MAX_TEXT);
  const shown = text.slice(0, end > 0 ? end : MAX_TEXT);
  const left = text.slice(shown.length).split('\n').length - 1;
  return `${shown}\n... and ${left} more lines were left out. ${ask}\n`;
}

/** A name of a module, without characters that hide or reorder text. */
export const shownName = (name: string): string => displayable(name, MAX_NAME);

/** A sentence that may hold such names. */
export const shownSentence = (text: string): string => displayable(text, MAX_SENTENCE);

/** The first of a list, and how many there are. */
export const firstOf = <T>(list: readonly T[], most: number): { list: T[]; total: number } => ({
  list: list.slice(0, most),
  total: list.length,
});
