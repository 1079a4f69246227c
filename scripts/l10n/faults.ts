/** What is wrong with the translations: compares the texts of the sources with the files in `l10n`. */

import { placeholdersOf, type SourceTexts } from './calls.ts';
import { sortedEntries, TRANSLATIONS } from './translations.ts';

/** Faults by kind, one line each. */
export interface TranslationFaults {
  /** Calls in the sources that cannot be read. */
  readonly calls: readonly string[];
  /** Texts without a translation. */
  readonly missing: readonly string[];
  /** Translations of texts that no source has. */
  readonly unused: readonly string[];
  /** Translations with other placeholders or other code in backticks than their text. */
  readonly different: readonly string[];
  /** Texts that two areas translate differently. */
  readonly contradictory: readonly string[];
  /** Files that are not sorted. */
  readonly unsorted: readonly string[];
}

/** Faults of the translations `areas` of the texts in `sources`. */
export function translationFaults(
  sources: SourceTexts,
  areas: ReadonlyMap<string, Readonly<Record<string, string>>>,
): TranslationFaults {
  const known = new Map<string, string>();
  const contradictory: string[] = [];
  const different: string[] = [];
  const unsorted: string[] = [];
  const entries = [...areas].flatMap(([area, texts]) =>
    Object.entries(texts).map(([text, translation]) => ({ area, text, translation })),
  );
  for (const { area, text, translation } of entries) {
    const before = known.get(text);
    if (before !== undefined && before !== translation) contradictory.push(`${area}: ${text}`);
    known.set(text, translation);
    if (isDifferent(text, translation)) different.push(`${area}: ${text}\n    ${translation}`);
  }
  for (const [area, texts] of areas)
    if (Object.keys(texts).join('\n') !== Object.keys(sortedEntries(texts)).join('\n'))
      unsorted.push(`${TRANSLATIONS}/${area}.json`);
  const said = new Map(sources.texts.map(({ text, place }) => [text, place]));
  return {
    calls: sources.faults,
    missing: [...said].filter(([text]) => !known.has(text)).map(([text, place]) => `${place}: ${text}`),
    unused: entries.filter(({ text }) => !said.has(text)).map(({ area, text }) => `${area}: ${text}`),
    different,
    contradictory,
    unsorted,
  };
}

/** Whether the translation loses or adds a value, or its Markdown breaks. */
function isDifferent(text: string, translation: string): boolean {
  const count = (one: string): number => one.split('`').length;
  // A translation may leave out the number of the singular: `1 export`.
  return (
    translation.trim() === '' ||
    placeholdersOf(text).join() !== placeholdersOf(translation).join() ||
    count(text) !== count(translation)
  );
}
