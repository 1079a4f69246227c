/** The texts of `package.json`: it holds keys, `%key%`, and `package.nls.json` what they are in English. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** File of the texts in English. */
export const ENGLISH = 'package.nls.json';

/** Texts by key. */
export type ManifestTexts = Readonly<Record<string, string>>;

/** The texts in one of the files. */
export const readManifestTexts = (file: string): ManifestTexts => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

const KEY = /^%([\w.-]+)%$/;

/** The key that a value of the manifest is; undefined for any other value. */
export const keyIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? KEY.exec(value)?.[1] : undefined;

/** A part of the manifest with texts in place of their keys, as VS Code reads it. */
export function withTexts<T>(part: T, texts: ManifestTexts): T {
  const resolve = (value: unknown): unknown => {
    const key = keyIn(value);
    if (key !== undefined) return texts[key] ?? value;
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each)]));
  };
  return resolve(part) as T;
}
