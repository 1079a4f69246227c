/**
 * `npm run release:check [-- --online]`: says what is missing for a release. With `--online` also whether the pictures
 * of the README are where the Marketplace will look for them. The exit code is 1 if anything is missing.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './failure.ts';
import { ENGLISH, readManifestTexts, withTexts } from './manifestTexts.ts';
import { picturesOf, type ReleaseFiles, releaseFaults } from './package/release.ts';
import { ROOT } from './paths.ts';

await main(async () => {
  const { values } = parseArgs({ options: { online: { type: 'boolean', default: false } } });
  const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const files: ReleaseFiles = {
    manifest: withTexts(JSON.parse(text('package.json')), readManifestTexts(ENGLISH)),
    lockfile: JSON.parse(text('package-lock.json')),
    changelog: text('CHANGELOG.md'),
    readme: text('README.md'),
    read: (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path)) : undefined),
  };
  const faults = releaseFaults(files);
  if (values.online) faults.push(...(await unreachable(files)));
  for (const fault of faults) console.error(fault);
  if (faults.length === 0) console.log(`version ${files.manifest.version} is ready for a release`);
  return faults.length > 0 ? 1 : 0;
});

/** Pictures that no server answers for. */
async function unreachable({ manifest, readme }: ReleaseFiles): Promise<string[]> {
  const base = `${String(manifest.homepage).replace(/#.*$/, '')}/raw/HEAD/`;
  const faults: string[] = [];
  for (const path of picturesOf(readme)) {
    const url = new URL(path, base).href;
    const answer = await fetch(url, { method: 'HEAD' }).then(
      ({ ok, status }) => (ok ? undefined : `status ${status}`),
      (error: Error) => error.message,
    );
    if (answer !== undefined) faults.push(`README.md shows ${url}, which cannot be reached: ${answer}`);
  }
  return faults;
}
