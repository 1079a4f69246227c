/** The translations into Simplified Chinese: a file for each area in `l10n/zh-cn`, merged into one bundle. */

import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../paths.ts';

/** Where the translations are written, relative to the root. */
export const TRANSLATIONS = 'l10n/zh-cn';

/** English texts and their translations by area. */
export function readTranslations(): Map<string, Record<string, string>> {
  const paths = globSync(`${TRANSLATIONS}/*.json`, { cwd: ROOT }).sort();
  return new Map(paths.map((path) => [basename(path, '.json'), JSON.parse(readFileSync(join(ROOT, path), 'utf8'))]));
}

/** All areas in one; where two translate the same text, the first. */
export function mergedTranslations(areas: ReadonlyMap<string, Record<string, string>>): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const area of areas.values())
    for (const [text, translation] of Object.entries(area)) merged[text] ??= translation;
  return merged;
}

/** Entries in the order in which a file has them: by code unit, which no locale changes. */
export const sortedEntries = (area: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(area).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
