/** Keeps the language of binaries' texts WebAssembly text, even if another extension claims `.wasm`. */
import { languages, type TextDocument, workspace } from 'vscode';
import type { Feature } from '../services.ts';
import { isText } from '../uris.ts';

const LANGUAGE = 'wat';

/** Usually a no-op: the manifest associates the file extension. */
function ensureLanguage(document: TextDocument): void {
  if (isText(document) && document.languageId !== LANGUAGE) void languages.setTextDocumentLanguage(document, LANGUAGE);
}

/** Checks the texts that are open now and each one that opens later. */
export const registerLanguage: Feature = (context) => {
  workspace.textDocuments.forEach(ensureLanguage);
  context.subscriptions.push(workspace.onDidOpenTextDocument(ensureLanguage));
};
