/** Publishes the diagnostics of documents and clears outdated ones. */
import type { Connection, Diagnostic } from 'vscode-languageserver';
import { withPlainQuotes } from '../../../core/text/phrases.ts';
import type { FileDiagnostics, LiveDocument } from './liveDocument.ts';

/** Returns a function to call whenever a document's state or text changes, or it is opened or closed. */
export function createPublisher(connection: Connection): (document: LiveDocument) => void {
  /** URIs with published diagnostics, by document. */
  const published = new WeakMap<LiveDocument, Set<string>>();
  const send = (params: FileDiagnostics): void =>
    void connection.sendDiagnostics({ ...params, diagnostics: params.diagnostics.map(inPlainText) });
  return (document) => {
    const found = document.diagnostics();
    const out = published.get(document) ?? new Set();
    if (found.length === 0) {
      for (const uri of out) send({ uri, diagnostics: [] });
      published.delete(document);
      return;
    }
    for (const one of found) {
      out.add(one.uri);
      send(one);
    }
    published.set(document, out);
  };
}

/** Editors show the messages of diagnostics as they are written, without Markdown. */
const inPlainText = (diagnostic: Diagnostic): Diagnostic => ({
  ...diagnostic,
  message: typeof diagnostic.message === 'string' ? withPlainQuotes(diagnostic.message) : diagnostic.message,
  relatedInformation: diagnostic.relatedInformation?.map(({ location, message }) => ({
    location,
    message: withPlainQuotes(message),
  })),
});
