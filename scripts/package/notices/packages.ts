/** The npm packages that bundles contain, found by the files that went into them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../failure.ts';

/** A package of which code is distributed. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its manifest. */
  readonly licence: string;
  /** Where it comes from. */
  readonly url: string | undefined;
  /** Its licence and its notices, in full. */
  readonly texts: readonly string[];
  /** Files of it that were bundled. */
  readonly inputs: readonly string[];
}

/** Licences whose terms the notices fulfil; another one has to be read first. */
const KNOWN = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Apache-2.0'];

const TEXTS = /^(licen[cs]e|copying|notice|third-?party-?notices?)\b/i;

/**
 * The packages that `inputs`, absolute paths, belong to; sorted by name, then version.
 * @throws Problem for a package without a licence text, or under a licence that is not known here
 */
export function bundledPackages(inputs: Iterable<string>): BundledPackage[] {
  const byFolder = new Map<string, string[]>();
  for (const input of inputs) {
    const folder = folderOf(input);
    if (folder !== undefined) byFolder.set(folder, [...(byFolder.get(folder) ?? []), input]);
  }
  // A package may be installed twice in one version.
  const found = new Map<string, BundledPackage>();
  for (const [folder, files] of byFolder) {
    const read = readPackage(folder, files);
    const same = found.get(`${read.name} ${read.version}`);
    found.set(`${read.name} ${read.version}`, { ...read, inputs: [...(same?.inputs ?? []), ...files].sort() });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Folder of the installed package that a file belongs to. */
const folderOf = (path: string): string | undefined =>
  /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@]+)[\\/]/.exec(path)?.[1];

function readPackage(folder: string, inputs: readonly string[]): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license: licence, repository } = manifest as Record<string, string>;
  const words = licence?.match(/[\w.-]+/g) ?? [];
  if (!words.some((word) => KNOWN.includes(word)))
    throw new Problem(`${name} ${version} has the licence ${licence}: read it, and add it to ${import.meta.filename}`);
  const files = readdirSync(folder).filter((file) => TEXTS.test(file));
  if (!files.some((file) => /^(licen[cs]e|copying)/i.test(file)))
    throw new Problem(`${name} ${version} has no licence text`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, licence, url: urlOf(repository), texts, inputs };
}

function urlOf(repository: unknown): string | undefined {
  const url = typeof repository === 'string' ? repository : (repository as { url?: string } | undefined)?.url;
  return url
    ?.replace(/^git\+/, '')
    .replace(/^git@([^:]+):/, 'https://$1/')
    .replace(/^git:/, 'https:')
    .replace(/\.git$/, '');
}
