/** Texts of binaries are WebAssembly text, whatever other extensions make of the name `.wasm`. */
import { languages, type TextDocument, workspace } from 'vscode';
import type { Feature } from '../services.ts';
import { isText } from '../uris.ts';

const LANGUAGE = 'wat';

/** Normally true already, from the language's file extensions in the manifest. */
function ensureLanguage(document: TextDocument): void {
  if (isText(document) && document.languageId !== LANGUAGE) void languages.setTextDocumentLanguage(document, LANGUAGE);
}

export const registerLanguage: Feature = (context) => {
  workspace.textDocuments.forEach(ensureLanguage);
  context.subscriptions.push(workspace.onDidOpenTextDocument(ensureLanguage));
};
