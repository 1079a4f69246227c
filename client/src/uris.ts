/** VS Code's URIs of binaries, of the texts that show them, of sources, which are their own text, and of pages of rules. */
import { languages, type TextDocument, Uri, workspace } from 'vscode';
import { pageOf, type RuleId } from '../../core/analysis/rules/index.ts';
import { displayable } from '../../core/harmless/names.ts';
import { coreModuleAddress } from '../../core/source/coreModules.ts';
import { binaryUriOf, TEXT_SCHEME, textUriOf } from '../../core/text/documentUris.ts';

/** Selects exactly the texts of binaries. */
export const TEXT_SELECTOR = { scheme: TEXT_SCHEME };

/**
 * Where sources are edited. Schemes such as `git:` show another copy. Another extension may give the files a
 * language of its own, so their names count, too.
 */
const SOURCE_SCHEMES = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'vscode-test-web', 'memfs', 'vsls'];

/** Selects sources, by language or by file extension, under each scheme where they are edited. */
export const SOURCE_SELECTOR: readonly { scheme: string; language?: string; pattern?: string }[] =
  SOURCE_SCHEMES.flatMap((scheme) => [
    { scheme, language: 'wat' },
    { scheme, pattern: '**/*.{wat,wast}' },
  ]);

/** Whether a document is a source: WebAssembly text that somebody writes, not the text of a binary. */
export const isSource = (document: TextDocument | undefined): document is TextDocument =>
  document !== undefined && languages.match([...SOURCE_SELECTOR], document) > 0;

/** Whether `uri` is a source or a module in one. A source with an unusual name is recognised while it is open. */
export function isSourceUri(uri: Uri): boolean {
  if (uri.scheme === TEXT_SCHEME) return false;
  const text = uri.with({ fragment: '' }).toString();
  return (
    /\.(wat|wast)$/i.test(uri.path) ||
    workspace.textDocuments.some((document) => document.uri.toString() === text && isSource(document))
  );
}

/** Whether a document is the text of a binary, told by its scheme alone. */
export const isText = (document: TextDocument | undefined): document is TextDocument =>
  document?.uri.scheme === TEXT_SCHEME;

/** Text of a binary; the URI of a text or of a source is itself. */
export const toTextUri = (uri: Uri): Uri =>
  isSourceUri(uri) ? uri.with({ fragment: '' }) : Uri.parse(textUriOf(uri.toString()), true);

/** Binary of a text; the URI of a binary or of a source is itself. */
export const toBinaryUri = (uri: Uri): Uri => Uri.parse(binaryUriOf(uri.toString()), true);

/** The file that a binary is in: that of the component for a core module `x.wasm#2`, else the binary itself. */
export function toFileUri(binary: Uri): Uri {
  const address = coreModuleAddress(binary.path);
  return address === undefined ? binary : binary.with({ path: address.file });
}

/** Name of the file, unfiltered; use `fileLabel` where it is displayed. */
export const baseName = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

/** Name of the file for display: control and other confusing characters are replaced. */
export const fileLabel = (uri: Uri): string => displayable(baseName(uri));

/** Scheme of the pages of the rules (`commands/rulePages.ts`). */
export const DOCS_SCHEME = 'wasm-hazards-docs';

/** The page of a rule, which opens rendered. */
export const rulePage = (rule: RuleId): Uri => Uri.from({ scheme: DOCS_SCHEME, path: `/${pageOf(rule)}` });
