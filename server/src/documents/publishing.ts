/** Sends the diagnostics of documents, and takes back what is not so any more. */
import type { Connection } from 'vscode-languageserver';
import type { FileDiagnostics, LiveDocument } from './liveDocument.ts';

/** Returns what is called whenever the state of a document, its text, or its being open changes. */
export function createPublisher(connection: Connection): (document: LiveDocument) => void {
  /** URIs with diagnostics out, by document: only they need to be cleared. */
  const published = new WeakMap<LiveDocument, Set<string>>();
  const send = (params: FileDiagnostics): void => void connection.sendDiagnostics(params);
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
