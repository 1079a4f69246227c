/** Values that hold texts, kept for as long as what they were made of: once for each language that asks. */

import { type Translations, translationsInUse } from './l10n.ts';

/** What was made in one language, by what it was made of. */
interface Made<V> {
  readonly language: Translations | undefined;
  readonly value: V;
}

/** Keeps the value of the last language: a thread speaks one, and English while it writes code. */
export class LanguageCache<K extends WeakKey, V> {
  readonly #made = new WeakMap<K, Made<V>>();

  /** The value for `key` in the language in use; `make` is called where there is none yet. */
  get(key: K, make: () => V): V {
    const language = translationsInUse();
    const known = this.#made.get(key);
    if (known !== undefined && known.language === language) return known.value;
    const value = make();
    this.set(key, value);
    return value;
  }

  /** Keeps a value that was made elsewhere, in the language in use. */
  set(key: K, value: V): void {
    this.#made.set(key, { language: translationsInUse(), value });
  }
}
