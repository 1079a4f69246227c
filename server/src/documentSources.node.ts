/**
 * The debug information of open modules, with the files of the workspace. Files of other systems than the disk (a remote
 * repository, say) are read through the client; sources are not looked for there.
 */

import { isAbsolute, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { coreModuleAddress } from '../../core/source/coreModules.ts';
import { loadModuleSources } from '../../node/debugFiles.ts';
import type { DocumentSources } from './documents/lazySources.ts';
import type { ModuleFile, SourceFolders } from './documents/platform.ts';

/** Of a module on the disk. Never rejects. */
export async function documentSources(
  { uri, module, mtime }: ModuleFile,
  { roots, sourcePaths }: SourceFolders,
): Promise<DocumentSources> {
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
