/** Finds the Go module whose wazero a scenario is verified on. */
import { isAbsolute, join } from 'node:path';
import { Uri, workspace } from 'vscode';
import { verifySettings } from '../../settings.ts';
import { fileLabel, toFileUri } from '../../uris.ts';

/** Go modules of the workspace that are looked at. */
const MAX_MODULES = 20;

/**
 * The folder of the setting `wasmHazards.verify.goFolder`, or else the nearest folder above the file that contains a
 * `go.mod`, or else the folder of the only Go module in the workspace. A refusal is a sentence for the user.
 */
export async function goFolderOf(file: Uri): Promise<{ folder: string } | { refusal: string }> {
  const { scheme, fsPath } = toFileUri(file);
  if (scheme !== 'file')
    return { refusal: `${fileLabel(file)} is not on a disk, where go could build with its module` };
  const { goFolder } = verifySettings();
  const root = workspace.getWorkspaceFolder(Uri.file(fsPath)) ?? workspace.workspaceFolders?.[0];
  if (goFolder !== '')
    return { folder: isAbsolute(goFolder) || root === undefined ? goFolder : join(root.uri.fsPath, goFolder) };
  for (let at = Uri.file(fsPath); at.path !== '/'; ) {
    at = Uri.joinPath(at, '..');
    if (await exists(Uri.joinPath(at, 'go.mod'))) return { folder: at.fsPath };
  }
  const found = await workspace.findFiles('**/go.mod', '**/{node_modules,vendor}/**', MAX_MODULES);
  if (found.length === 1) return { folder: Uri.joinPath(found[0], '..').fsPath };
  const why =
    found.length === 0
      ? 'and the workspace contains no Go module'
      : `and the workspace contains ${found.length === MAX_MODULES ? 'many' : found.length} Go modules`;
  return {
    refusal: `no folder above ${fileLabel(file)} contains a go.mod, ${why}: set wasmHazards.verify.goFolder to the folder of the Go module that uses wazero`,
  };
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    // It does not exist or cannot be read: either way Go could not use it.
    return false;
  }
}
