/** Packing the command line as an npm package: one file without dependencies and without install scripts. */

import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from '../build/bundle.ts';
import { ENGLISH, readManifestTexts, withTexts } from '../manifestTexts.ts';
import { npm } from '../npm.ts';
import { OUT, ROOT } from '../paths.ts';
import { NOTICES, noticesFor } from './notices/notices.ts';
import { withAbsoluteLinks } from './pageLinks.ts';

/** A tarball that was written. */
export interface PackedNpm {
  readonly file: string;
  /** Size of the tarball in bytes. */
  readonly bytes: number;
  /** Paths of the files in it, relative to the package, sorted. */
  readonly files: readonly string[];
}

/** Source of the bundle. */
const ENTRY = 'cli/src/main.ts';

/** Files of the repository that go into the package, by their paths there. */
const COPIED = { LICENSE: 'LICENSE', 'README.md': 'cli/README.md', 'CHANGELOG.md': 'CHANGELOG.md' };

/**
 * Builds the command line and packs it. Equal sources give an equal file.
 * @param output where the tarball goes; beside package.json by default
 */
export async function packNpm(options: { output?: string; log: (line: string) => void }): Promise<PackedNpm> {
  const stage = join(OUT, `package-npm-${process.pid}`);
  try {
    const inputs = await build({ production: true, outputRoot: stage, only: ENTRY, log: options.log });
    // The command line speaks English.
    await rm(join(stage, 'dist', 'l10n'), { recursive: true });
    const source = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const manifest = npmManifest(source);
    await writeFile(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeFile(join(stage, NOTICES), noticesFor(inputs));
    for (const [to, from] of Object.entries(COPIED)) {
      const text = await readFile(join(ROOT, from), 'utf8');
      await writeFile(join(stage, to), withAbsoluteLinks(text, String(manifest.homepage)));
    }
    // Whatever the umask is: npm keeps these in the tarball.
    for (const path of ['package.json', NOTICES, ...Object.keys(COPIED)]) await chmod(join(stage, path), 0o644);
    await chmod(join(stage, 'dist', 'cli.js'), 0o755);
    const [packed] = JSON.parse(await npm(['pack', '--json', '--ignore-scripts', '--loglevel=error'], stage)) as [
      { filename: string; files: { path: string }[] },
    ];
    const file = options.output ?? join(ROOT, packed.filename);
    await mkdir(dirname(file), { recursive: true });
    await rename(join(stage, packed.filename), file);
    return { file, bytes: (await stat(file)).size, files: packed.files.map(({ path }) => path).sort() };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** The manifest of the npm package, made from that of the extension. */
function npmManifest(extension: Record<string, unknown>): Record<string, unknown> {
  const { name, description, version, license, keywords, homepage, repository, bugs, bin, engines } = withTexts(
    extension,
    readManifestTexts(ENGLISH),
  );
  const { node } = engines as Record<string, string>;
  const files = ['dist', 'CHANGELOG.md', NOTICES];
  return { name, version, description, license, keywords, homepage, repository, bugs, bin, engines: { node }, files };
}
