/** A file system of the client in memory. */
import type { FolderEntry } from '../../../../core/text/folders.ts';
import type { ClientFiles } from '../clientFiles.ts';

/** Modification time of all files, ms since 1970. */
const MTIME = 100_000;

/** `contents` by URI. Folders are those that a file is in. */
export function memoryFiles(contents: Readonly<Record<string, string | Uint8Array>>): ClientFiles {
  return {
    async read(uri) {
      const found = contents[uri];
      if (found === undefined) throw new Error(`there is no ${uri}`);
      return { bytes: typeof found === 'string' ? new TextEncoder().encode(found) : found, mtime: MTIME };
    },
    async list(uri) {
      const folder = uri.endsWith('/') ? uri : `${uri}/`;
      const entries = new Map<string, FolderEntry>();
      for (const file of Object.keys(contents)) {
        if (!file.startsWith(folder)) continue;
        const [name, ...below] = file.slice(folder.length).split('/').map(decodeURIComponent);
        entries.set(name, { name, kind: below.length > 0 ? 'folder' : 'file' });
      }
      if (entries.size === 0) throw new Error(`there is no ${uri}`);
      return [...entries.values()];
    },
  };
}
