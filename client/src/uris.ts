/** VS Code's URIs of binaries and of the texts that show them. */
import { type TextDocument, Uri } from 'vscode';
import { binaryUriOf, TEXT_SCHEME, textUriOf } from '../../server/src/uris.ts';

/** Selects exactly the texts of binaries. */
export const TEXT_SELECTOR = { scheme: TEXT_SCHEME };

export const isText = (document: TextDocument | undefined): document is TextDocument =>
  document?.uri.scheme === TEXT_SCHEME;

/** Text of a binary; a text's own URI is itself. */
export const toTextUri = (uri: Uri): Uri => Uri.parse(textUriOf(uri.toString()), true);

/** Binary of a text; a binary's own URI is itself. */
export const toBinaryUri = (uri: Uri): Uri => Uri.parse(binaryUriOf(uri.toString()), true);

/** Name of the file, for messages. */
export const baseName = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);
