/** A host profile in the language of the reader: the same with its texts translated. */

import { type Message, type Translations, translated, translationsInUse } from '../text/l10n.ts';
import type { HostHazard, HostProfile, HostTemplate, RemedyWords, Stance } from './profile.ts';

/** Profiles in the languages in which they were asked for. */
const known = new WeakMap<Translations, Map<HostProfile, HostProfile>>();

/**
 * `profile` in the language of this thread; `profile` itself in English. Texts about rules (`notes`) stay English, as
 * the pages that show them.
 */
export function localised(profile: HostProfile): HostProfile {
  const language = translationsInUse();
  if (language === undefined) return profile;
  let profiles = known.get(language);
  if (profiles === undefined) {
    profiles = new Map();
    known.set(language, profiles);
  }
  let found = profiles.get(profile);
  if (found === undefined) {
    found = translatedProfile(profile);
    profiles.set(profile, found);
  }
  return found;
}

/** The files of the profiles mark these texts with `message`. */
const inLanguage = (text: string): string => translated(text as Message);

function translatedProfile(profile: HostProfile): HostProfile {
  const { stance, growText, waitText, hostHazards, advice, remedy, template } = profile;
  return {
    ...profile,
    stance: mapped(stance, (one: Stance) => ({ ...one, text: inLanguage(one.text) })),
    growText: inLanguage(growText),
    ...(waitText === undefined ? {} : { waitText: inLanguage(waitText) }),
    hostHazards: mapped(hostHazards, (one: HostHazard) => ({
      ...one,
      name: inLanguage(one.name),
      text: inLanguage(one.text),
    })),
    advice: mapped(advice, inLanguage),
    remedy: translatedWords(remedy),
    template: translatedTemplate(template),
  };
}

const translatedWords = (words: RemedyWords): RemedyWords => ({
  ...words,
  lock: inLanguage(words.lock),
  write: inLanguage(words.write),
  read: inLanguage(words.read),
  pool: inLanguage(words.pool),
});

function translatedTemplate(template: HostTemplate): HostTemplate {
  if ('refusal' in template) return { refusal: inLanguage(template.refusal) };
  return { ...template, note: template.note === undefined ? undefined : inLanguage(template.note) };
}

/** The values of a record, each by `change`. */
const mapped = <T extends object>(record: T, change: (value: NonNullable<T[keyof T]>) => T[keyof T]): T =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value as NonNullable<T[keyof T]>)]),
  ) as T;
