/** Languages that modules are compiled from. Nothing but our own findings is added to them. */
import { type TextDocument, Uri, workspace } from 'vscode';
import { SECTION } from '../settings.ts';

const LANGUAGES: ReadonlySet<string> = new Set(['rust', 'c', 'cpp', 'go', 'zig', 'typescript', 'assemblyscript']);
/** Schemes of files that a compiler on this machine can have read. */
const SCHEMES: ReadonlySet<string> = new Set(['file', 'vscode-remote']);

/**
 * Whether a module may be compiled from a document: a file in one of these languages, of the workspace or of a folder that
 * the setting `sourcePaths` names. (An original; a source, in this extension, is a `.wat` file.)
 */
export const isOriginal = ({ languageId, uri }: TextDocument): boolean =>
  LANGUAGES.has(languageId) &&
  SCHEMES.has(uri.scheme) &&
  (workspace.getWorkspaceFolder(uri) !== undefined || isInSourcePaths(uri));

/** Folders are absolute, or relative to the first folder of the workspace. */
function isInSourcePaths(uri: Uri): boolean {
  const folders = Object.values(workspace.getConfiguration(SECTION).get<Record<string, string>>('sourcePaths', {}));
  const root = workspace.workspaceFolders?.[0]?.uri ?? uri.with({ path: '/' });
  return folders.some((folder) => {
    const isAbsolute = /^(?:[\\/]|[A-Za-z]:)/.test(folder);
    const { path } = isAbsolute ? root.with({ path: Uri.file(folder).path }) : Uri.joinPath(root, folder);
    return uri.path.startsWith(`${path.replace(/\/+$/, '')}/`);
  });
}

/** Most files of these languages have nothing to do with WebAssembly. */
export const isCommonElsewhere = ({ languageId }: TextDocument): boolean => languageId === 'typescript';
