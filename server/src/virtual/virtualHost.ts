/** Which host runs a module of a virtual workspace: `core/hosts/hostAround.ts` on the client's file systems. */
import type { DetectedHost } from '../../../core/hosts/detect.ts';
import { type HostFolders, hostInFolders, MOST_MANIFEST_BYTES } from '../../../core/hosts/hostAround.ts';
import { DEFAULT_HOST } from '../../../core/hosts/index.ts';
import type { FolderEntry } from '../../../core/text/folders.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ClientFiles } from './clientFiles.ts';
import { folderAbove, isWithin, listable, plainFolder, uriIn } from './uriPaths.ts';

/** The host for the module at `uri`; `roots` are folders of the workspace. The reason has no full stop. Never rejects. */
export async function hostOfVirtual(uri: string, roots: readonly string[], files: ClientFiles): Promise<DetectedHost> {
  const folder = folderAbove(uri);
  try {
    await files.list(listable(folder));
  } catch {
    // An unsaved document is in no folder, and some file systems list nothing.
    return { host: DEFAULT_HOST, reason: t('default, the folders around the module cannot be read') };
  }
  return hostInFolders(folder, roots.map(plainFolder), foldersOf(files));
}

const foldersOf = (files: ClientFiles): HostFolders => ({
  above: folderAbove,
  join: uriIn,
  isInside: isWithin,
  relative: (folder, file) => decodeURIComponent(file.slice(folder.length + 1)),
  // What is above the workspace is a request away, and on most of these file systems there is nothing.
  isRepository: async () => false,
  list: (folder) => files.list(listable(folder)).catch((): readonly FolderEntry[] => []),
  text: (file) =>
    files.read(file).then(
      ({ bytes }) => new TextDecoder().decode(bytes.subarray(0, MOST_MANIFEST_BYTES)),
      () => undefined,
    ),
});
