/** Which host runs a module on this machine: `core/hosts/hostAround.ts` on the disk. */
import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DetectedHost } from '../core/hosts/detect.ts';
import { type HostFolders, hostInFolders, MOST_MANIFEST_BYTES } from '../core/hosts/hostAround.ts';
import { entryOf } from './debug/workspaceFiles.ts';

/**
 * The host for the module in the file at a URI; `roots` are URIs of workspace folders. The reason is for the user
 * and has no full stop. Never rejects.
 */
export async function chooseHost(uri: string, roots: readonly string[]): Promise<DetectedHost> {
  const paths = roots.filter((root) => root.startsWith('file:')).map((root) => fileURLToPath(root));
  return hostAround(dirname(fileURLToPath(uri)), paths);
}

/** The host for modules in `folder`; `roots` are workspace folders. Absolute paths. Never rejects. */
export const hostAround = (folder: string, roots: readonly string[]): Promise<DetectedHost> =>
  hostInFolders(
    folder,
    roots.map((root) => root.replace(/(?<=.)[\\/]$/, '')),
    DISK,
  );

const DISK: HostFolders = {
  above: dirname,
  join,
  isInside: (folder, root) => folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep),
  relative,
  // A home directory that is a repository holds settings, not a project.
  isRepository: async (folder) => existsSync(join(folder, '.git')) && folder !== homedir(),
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return entries.map(entryOf);
  },
  async text(file) {
    const handle = await open(file).catch(() => undefined);
    if (!handle) return undefined;
    try {
      const buffer = Buffer.alloc(MOST_MANIFEST_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, MOST_MANIFEST_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } catch {
      return undefined;
    } finally {
      await handle.close();
    }
  },
};
