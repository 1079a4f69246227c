/** Diagnostics of a binary's text and of the binary itself. */
import type { Diagnostic } from 'vscode-languageserver';
import { FIRST_LINE, SOURCE } from '../../features/diagnosticParts.ts';
import { binaryDiagnostics, textDiagnostics } from '../../features/diagnostics.ts';
import type { FileDiagnostics } from '../liveDocument.ts';
import type { ModuleDocument } from '../moduleDocument.ts';
import type { BinaryState, UnreadableState } from './binaryState.ts';

/** `shown` is the document that the open text shows, which may belong to an older state. */
export function fileDiagnostics(
  state: BinaryState,
  { isOpen, shown }: { isOpen: boolean; shown: ModuleDocument | undefined },
): FileDiagnostics[] {
  if (state.kind === 'unreadable') {
    const { uri, textUri, problem } = state;
    if (problem === 'missing') return [];
    const diagnostics = [unreadable(state)];
    return [
      { uri: textUri, diagnostics: isOpen ? diagnostics : [] },
      { uri, diagnostics },
    ];
  }
  const { doc } = state;
  const ofFile = { uri: doc.uri, diagnostics: binaryDiagnostics(doc) };
  if (!isOpen) return [{ uri: doc.textUri, diagnostics: [] }, ofFile];
  // Until the editor has loaded the new text, the diagnostics of the old one stay.
  if (shown !== doc) return [ofFile];
  return [{ uri: doc.textUri, diagnostics: textDiagnostics(doc) }, ofFile];
}

function unreadable({ message, problem }: UnreadableState): Diagnostic {
  return { range: FIRST_LINE, severity: problem === 'changing' ? 2 : 1, source: SOURCE, code: 'unreadable', message };
}
