/** Reads for the server what only VS Code can access: file systems of other extensions, and in a browser all of them. */
import { FileType, Uri, workspace } from 'vscode';
import { toBase64 } from '../../core/text/base64.ts';
import type { FolderEntry } from '../../core/text/folders.ts';
import type { ClientRequests } from '../../server/src/protocol.ts';

type ReadFile = ClientRequests['wasmHazards/readFile'];
type ReadFolder = ClientRequests['wasmHazards/readFolder'];

/** Answers `wasmHazards/readFile`. Rejects when there is no such file or it cannot be read. */
export async function readFile({ uri }: ReadFile['params']): Promise<ReadFile['result']> {
  const at = Uri.parse(uri, true);
  const [{ mtime }, bytes] = await Promise.all([workspace.fs.stat(at), workspace.fs.readFile(at)]);
  return { base64: toBase64(bytes), mtime };
}

/** Answers `wasmHazards/readFolder`. Rejects when there is no such folder or it cannot be listed. */
export async function readFolder({ uri }: ReadFolder['params']): Promise<ReadFolder['result']> {
  const entries = await workspace.fs.readDirectory(Uri.parse(uri, true));
  return { entries: entries.map(([name, type]) => ({ name, kind: KINDS.get(type) ?? 'other' })) };
}

/** A link has another type, which says what it leads to as well. */
const KINDS: ReadonlyMap<FileType, FolderEntry['kind']> = new Map([
  [FileType.File, 'file'],
  [FileType.Directory, 'folder'],
]);
