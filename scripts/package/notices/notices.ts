/** The notices of other people's code in a package: what is in it, and under which terms. */

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Problem } from '../../failure.ts';
import { type Crate, cratesIn, licenceOfCrate } from './crates.ts';
import { type BundledPackage, bundledPackages } from './packages.ts';

/** Name of the file in a package. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';

const LINE = '-'.repeat(80);

/**
 * The notices for bundles that were made of `inputs`, absolute paths.
 * @throws Problem where something has no licence, or one that was not read yet
 */
export function noticesFor(inputs: Iterable<string>): string {
  const packages = bundledPackages(inputs);
  const crates = packages.flatMap((one) =>
    one.inputs
      .filter((path) => path.endsWith('.wasm'))
      .map((path) => ({ one, path, crates: cratesIn(readFileSync(path)) })),
  );
  const blocks = [
    `This package contains code of ${packages.length} other packages. They and their licences:`,
    packages.map(({ name, version, licence }) => `  ${name} ${version} (${licence})`).join('\n'),
    ...packages.map(packageText),
    ...crates.filter(({ crates }) => crates.length > 0).map(({ one, path, crates }) => crateText(one, path, crates)),
    ...licencesOf(crates.flatMap((found) => found.crates)).map(licenceText),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function packageText({ name, version, licence, url, texts }: BundledPackage): string {
  const head = [`${name} ${version}`, `Licence: ${licence}`, ...(url === undefined ? [] : [url])];
  return [LINE, head.join('\n'), ...texts].join('\n\n');
}

function crateText({ name, version }: BundledPackage, path: string, crates: readonly Crate[]): string {
  const lines = crates.map((crate) => `  ${crate.name} ${crate.version} (${licenceFor(crate)})`);
  return [
    LINE,
    `${basename(path)} of ${name} ${version} is compiled from Rust, with the standard library of Rust (Apache-2.0) and\n` +
      'these crates, each under the licence that is named here, which its authors offer:',
    lines.join('\n'),
  ].join('\n\n');
}

function licenceFor(crate: Crate): string {
  const licence = licenceOfCrate(crate);
  if (licence !== undefined) return licence;
  throw new Problem(`crate ${crate.name} ${crate.version} has no licence in scripts/package/notices/crates.ts`);
}

/** Names of the files of licences that crates are used under. The Unlicense asks for no notice. */
function licencesOf(crates: readonly Crate[]): string[] {
  const names = crates.flatMap((crate) => licenceFor(crate).split(/ WITH LLVM-exception| and /));
  return [...new Set(names)].filter((name) => name !== '' && name !== 'Unlicense').sort();
}

const licenceText = (name: string): string =>
  [LINE, name, readFileSync(join(import.meta.dirname, 'licences', `${name}.txt`), 'utf8').trim()].join('\n\n');
