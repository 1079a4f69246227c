/** VS Code's URIs of binaries, of the texts that show them, and of sources, which are their own text. */
import { languages, type TextDocument, Uri, workspace } from 'vscode';
import { binaryUriOf, TEXT_SCHEME, textUriOf } from '../../core/text/documentUris.ts';
import { displayable } from '../../core/wasm/displayNames.ts';

/** Selects exactly the texts of binaries. */
export const TEXT_SELECTOR = { scheme: TEXT_SCHEME };

/**
 * Where sources are edited. Not `git:` and the like, which show them a second time. Another extension may
 * have made the files a language of its own: their names tell as well.
 */
const SOURCE_SCHEMES = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'vscode-test-web', 'memfs', 'vsls'];

export const SOURCE_SELECTOR: readonly { scheme: string; language?: string; pattern?: string }[] =
  SOURCE_SCHEMES.flatMap((scheme) => [
    { scheme, language: 'wat' },
    { scheme, pattern: '**/*.{wat,wast}' },
  ]);

/** A WebAssembly text that somebody writes, as opposed to one that is printed from a binary. */
export const isSource = (document: TextDocument | undefined): document is TextDocument =>
  document !== undefined && languages.match([...SOURCE_SELECTOR], document) > 0;

/** Whether `uri` is, or names a module of, a source. One of an unusual name is known while it is open. */
export function isSourceUri(uri: Uri): boolean {
  if (uri.scheme === TEXT_SCHEME) return false;
  const text = uri.with({ fragment: '' }).toString();
  return (
    /\.(wat|wast)$/i.test(uri.path) ||
    workspace.textDocuments.some((document) => document.uri.toString() === text && isSource(document))
  );
}

export const isText = (document: TextDocument | undefined): document is TextDocument =>
  document?.uri.scheme === TEXT_SCHEME;

/** Text of a binary; the URI of a text or of a source is itself. */
export const toTextUri = (uri: Uri): Uri =>
  isSourceUri(uri) ? uri.with({ fragment: '' }) : Uri.parse(textUriOf(uri.toString()), true);

/** Binary of a text; the URI of a binary or of a source is itself. */
export const toBinaryUri = (uri: Uri): Uri => Uri.parse(binaryUriOf(uri.toString()), true);

/** Name of the file. It may hold anything: for messages there is `fileLabel`. */
export const baseName = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

/** Name of the file, as the interface shows it. */
export const fileLabel = (uri: Uri): string => displayable(baseName(uri));
