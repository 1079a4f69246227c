/** Diagnostics of a binary's text and of the binary itself, kept in step with what is open. */
import type { Connection, Diagnostic } from 'vscode-languageserver';
import { fileName } from '../../../core/source/binary.ts';
import { binaryDiagnostics, SOURCE, textDiagnostics } from '../features/diagnostics.ts';
import type { UnreadableState } from './documentState.ts';
import type { Entry } from './documents.ts';
import type { ModuleDocument } from './moduleDocument.ts';

const FIRST_LINE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Those with diagnostics out: only they need to be cleared. */
const published = new WeakSet<Entry>();

/** Sends what `entry` has to show now; called whenever its state, its text or its being open changes. */
export function publish(connection: Connection, entry: Entry): void {
  const { state, openText, shown, pinned } = entry;
  const open = openText !== undefined;
  const send = (uri: string, diagnostics: Diagnostic[]): void => {
    void connection.sendDiagnostics({ uri, diagnostics });
  };
  if (!state || (!open && !pinned) || (state.kind === 'unreadable' && state.problem === 'missing')) {
    if (published.delete(entry)) {
      send(entry.textUri, []);
      send(entry.uri, []);
    }
    return;
  }
  published.add(entry);
  if (state.kind === 'unreadable') {
    send(entry.textUri, open ? [unreadable(state)] : []);
    send(entry.uri, [unreadable(state)]);
    return;
  }
  if (!open) send(entry.textUri, []);
  // Positions belong to the text on screen: while a newer one is on its way, the old ones stay.
  else if (shown === state.doc) send(entry.textUri, [...ofKind(shown), ...textDiagnostics(shown)]);
  send(entry.uri, [...ofKind(state.doc), ...binaryDiagnostics(state.doc)]);
}

/** A component is well-formed; that nothing is found in it needs saying all the same. */
function ofKind({ module, uri }: ModuleDocument): Diagnostic[] {
  if (module.kind !== 'component') return [];
  const message = `${fileName(uri)} is a component: its core modules are not analysed here. Extract them and open those.`;
  return [{ range: FIRST_LINE, severity: 3, source: SOURCE, code: 'component', message }];
}

function unreadable({ message, problem }: UnreadableState): Diagnostic {
  return { range: FIRST_LINE, severity: problem === 'changing' ? 2 : 1, source: SOURCE, code: 'unreadable', message };
}
