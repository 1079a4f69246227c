/**
 * The debug information of open modules, with the files of the workspace. Files of other systems than the disk (a remote
 * repository, say) are read through the client; sources are not looked for there.
 */

import { isAbsolute, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { debugInfoOf, neededFiles } from '../../core/debug/debugInfo.ts';
import type { SourcePaths } from '../../core/debug/paths.ts';
import { inlineContents, NO_SIDE_FILES, type SideFile, type SideReference } from '../../core/debug/sideFiles.ts';
import { displayable } from '../../core/harmless/names.ts';
import { fileName } from '../../core/source/binary.ts';
import { coreModuleAddress } from '../../core/source/coreModules.ts';
import { t } from '../../core/text/l10n.ts';
import { loadModuleSources } from '../../node/debugFiles.ts';
import type { DocumentSources } from './documents/lazySources.ts';
import type { ModuleFile } from './documents/platform.ts';

/** Where sources may be: URIs of the folders of the workspace, and the setting. */
export interface SourceFolders {
  roots: readonly string[];
  sourcePaths: SourcePaths;
}

/** `read`: how to read a file that is not on the disk; it may reject. Never rejects itself. */
export async function documentSources(
  { uri, module, mtime }: ModuleFile,
  { roots, sourcePaths }: SourceFolders,
  read: (uri: string) => Promise<Uint8Array>,
): Promise<DocumentSources> {
  if (!uri.startsWith('file:')) return throughClient(uri, { uri, module, mtime }, roots, read);
  const path = fileURLToPath(uri);
  const folders = roots.flatMap((root) => pathOf(root) ?? []);
  const scope = { module: coreModuleAddress(path)?.file ?? path, roots: folders, sourcePaths, mtime };
  const { info, sourceOf } = await loadModuleSources(module, scope);
  return {
    info,
    sourceOf(file) {
      const found = sourceOf(file);
      if (found === undefined) return undefined;
      const { path: at, stale } = found;
      return { uri: pathToFileURL(at).href, name: nameIn(folders, at), ...(stale && { stale }) };
    },
  };
}

/** Undefined for what is not on this machine's disk. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    // A host in the URI that this system has no paths for.
    return undefined;
  }
}

/** The path in the innermost folder of the workspace around it; whole outside of all. */
function nameIn(folders: readonly string[], path: string): string {
  const inside = folders
    .map((folder) => relative(folder, path))
    .filter((way) => way !== '' && !/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way));
  const shortest = inside.sort((a, b) => a.length - b.length).at(0) ?? path;
  return shortest.replaceAll('\\', '/');
}

async function throughClient(
  uri: string,
  { module }: ModuleFile,
  roots: readonly string[],
  read: (uri: string) => Promise<Uint8Array>,
): Promise<DocumentSources> {
  const files = new Map<string, SideFile>();
  for (const reference of neededFiles(module)) files.set(reference.name, await contents(reference, uri, roots, read));
  return {
    info: debugInfoOf(module, (reference) => files.get(reference.name) ?? NO_SIDE_FILES(reference)),
    sourceOf: () => undefined,
  };
}

/** A file beside the module, or in its workspace, on the same system. */
async function contents(
  { kind, name: written }: SideReference,
  module: string,
  roots: readonly string[],
  read: (uri: string) => Promise<Uint8Array>,
): Promise<SideFile> {
  const name = kind === 'split-package' ? `./${encodeURIComponent(fileName(module))}.dwp` : written;
  const known = inlineContents(name);
  if (known !== undefined) return known;
  const shown = displayable(name, 200);
  const beside = URL.canParse('.', module) ? [new URL('.', module).href] : [];
  const folders = [...beside, ...roots.map((root) => `${root.replace(/\/$/, '')}/`)];
  const found = URL.canParse(name, module) ? new URL(name, module).href : '';
  // An escaped slash could lead out of the folder once it is read.
  if (!folders.some((folder) => found.startsWith(folder)) || /%(?:2f|5c|00)/i.test(found))
    return { problem: t('{0} is outside of the workspace, so it was not opened', shown) };
  try {
    return { bytes: await read(found) };
  } catch (error) {
    return { problem: t('{0} cannot be read: {1}', shown, (error as Error).message) };
  }
}
