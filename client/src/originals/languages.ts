/** Languages that modules are compiled from. Nothing but our own findings is added to them. */
import { type TextDocument, workspace } from 'vscode';

const LANGUAGES: ReadonlySet<string> = new Set(['rust', 'c', 'cpp', 'go', 'zig', 'typescript', 'assemblyscript']);
/** Schemes of files that a compiler on this machine can have read. */
const SCHEMES: ReadonlySet<string> = new Set(['file', 'vscode-remote']);

/**
 * Whether a module may be compiled from a document: a file of the workspace in one of these languages. (An original; a
 * source, in this extension, is a `.wat` file.)
 */
export const isOriginal = ({ languageId, uri }: TextDocument): boolean =>
  LANGUAGES.has(languageId) && SCHEMES.has(uri.scheme) && workspace.getWorkspaceFolder(uri) !== undefined;

/** Most files of these languages have nothing to do with WebAssembly. */
export const isCommonElsewhere = ({ languageId }: TextDocument): boolean => languageId === 'typescript';
