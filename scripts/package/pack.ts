/** Packing the extension, from sources to a `.vsix`. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from '../build/bundle.ts';
import { Problem } from '../failure.ts';
import { ENGLISH, readManifestTexts, withTexts } from '../manifestTexts.ts';
import { OUT, ROOT } from '../paths.ts';
import { filesToPack, missingFiles } from './files.ts';
import { NOTICES, noticesFor } from './notices/notices.ts';
import { withAbsoluteLinks } from './pageLinks.ts';
import { type Manifest, writeVsix } from './vsix.ts';

/** A `.vsix` that was written. */
export interface Packed {
  readonly file: string;
  /** Size of the `.vsix` in bytes. */
  readonly bytes: number;
  /** Sizes before compression, in bytes, by path inside the extension. */
  readonly files: ReadonlyMap<string, number>;
}

/** Options of `pack`. */
export interface PackOptions {
  /** Whether to build minified bundles; otherwise the result of the last `npm run build` is packed. */
  readonly production: boolean;
  readonly output?: string;
  readonly log: (line: string) => void;
}

/** Pages that VS Code and the Marketplace show without the files around them. */
const PAGES = ['README.md', 'CHANGELOG.md'];

/**
 * Packs the extension into a `.vsix`.
 * @throws Problem if a file that the manifest names is missing
 */
export async function pack(options: PackOptions): Promise<Packed> {
  if (!options.production) return packFrom(undefined, options);
  // A production build goes to a separate folder: `dist/` keeps the developer's build.
  const stage = join(OUT, `package-${process.pid}`);
  try {
    const inputs = await build({ production: true, outputRoot: stage, together: true, log: options.log });
    return await packFrom(stage, options, noticesFor(inputs));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function packFrom(stage: string | undefined, options: PackOptions, notices?: string): Promise<Packed> {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest & Record<string, unknown>;
  const contents = await collect(stage);
  const missing = missingFiles(manifest, [...contents.keys()]);
  if (missing.length > 0) throw new Problem(`package.json names files that are not packed: ${missing.join(', ')}`);
  contents.set('package.json', Buffer.from(`${JSON.stringify(forUsers(manifest), null, 2)}\n`));
  for (const path of PAGES) {
    const page = contents.get(path);
    if (page)
      contents.set(path, Buffer.from(withAbsoluteLinks(Buffer.from(page).toString(), String(manifest.homepage))));
  }
  rename(contents, 'LICENSE', 'LICENSE.txt');
  if (notices !== undefined) contents.set(NOTICES, Buffer.from(notices));
  // Whoever lists extensions reads them from the package's own manifest.
  const { displayName, description } = withTexts(manifest, readManifestTexts(ENGLISH));
  const vsix = writeVsix({ ...manifest, displayName, description }, contents);
  const file = options.output ?? join(ROOT, `${manifest.name}-${manifest.version}.vsix`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, vsix);
  return { file, bytes: vsix.length, files: new Map([...contents].map(([path, content]) => [path, content.length])) };
}

/** The format knows a file's type by its ending. */
function rename(contents: Map<string, Uint8Array>, from: string, to: string): void {
  const content = contents.get(from);
  if (content === undefined) return;
  contents.delete(from);
  contents.set(to, content);
}

/** Contents by path; the bundles come from `stage` if it is given. */
async function collect(stage: string | undefined): Promise<Map<string, Uint8Array>> {
  const sources = new Map(filesToPack(ROOT).map((path) => [path, join(ROOT, path)]));
  if (stage) {
    for (const path of sources.keys()) if (path.startsWith('dist/')) sources.delete(path);
    for (const path of filesToPack(stage, ROOT)) sources.set(path, join(stage, path));
  }
  const contents = new Map<string, Uint8Array>();
  for (const path of [...sources.keys()].sort()) contents.set(path, await readFile(sources.get(path) ?? ''));
  return contents;
}

/** The manifest without the parts for developers. Dependencies are inside the bundles. */
function forUsers(manifest: Record<string, unknown>): Record<string, unknown> {
  const { scripts, dependencies, devDependencies, private: _private, ...rest } = manifest;
  return rest;
}
