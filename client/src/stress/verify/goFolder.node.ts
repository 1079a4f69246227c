/** Finds the Go module whose wazero a scenario is verified on. */
import { isAbsolute, join } from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
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
    return { refusal: l10n.t('{0} is not on a disk, where go could build with its module', fileLabel(file)) };
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
  return { refusal: noFolder(fileLabel(file), found.length) };
}

function noFolder(name: string, found: number): string {
  if (found === 0)
    return l10n.t(
      'no folder above {0} contains a go.mod, and the workspace contains no Go module: set wasmHazards.verify.goFolder to the folder of the Go module that uses wazero',
      name,
    );
  if (found === MAX_MODULES)
    return l10n.t(
      'no folder above {0} contains a go.mod, and the workspace contains many Go modules: set wasmHazards.verify.goFolder to the folder of the Go module that uses wazero',
      name,
    );
  return l10n.t(
    'no folder above {0} contains a go.mod, and the workspace contains {1} Go modules: set wasmHazards.verify.goFolder to the folder of the Go module that uses wazero',
    name,
    found,
  );
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
