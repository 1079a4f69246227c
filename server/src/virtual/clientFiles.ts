/** Files that only the client can read: those of virtual workspaces, and all of them in a browser. */
import type { Connection } from 'vscode-languageserver';
import { fromBase64 } from '../../../core/text/base64.ts';
import type { FolderEntry } from '../../../core/text/folders.ts';
import { request } from '../typedConnection.ts';

/** The file systems of the client. Files and folders are URIs. */
export interface ClientFiles {
  /** Contents and modification time, ms since 1970. Rejects when there is no such file or it cannot be read. */
  read(uri: string): Promise<{ bytes: Uint8Array; mtime: number }>;
  /** Rejects when there is no such folder or it cannot be listed. */
  list(uri: string): Promise<readonly FolderEntry[]>;
}

/** Asks the client. */
export const filesOfClient = (connection: Connection): ClientFiles => ({
  async read(uri) {
    const { base64, mtime } = await request(connection, 'wasmHazards/readFile', { uri });
    return { bytes: fromBase64(base64), mtime };
  },
  list: async (uri) => (await request(connection, 'wasmHazards/readFolder', { uri })).entries,
});
