/**
 * Diagnostics of a binary: of its text while that is open, else of the file itself, so that each finding is among the
 * problems once, whichever editor has the file.
 */
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
    return once(isOpen, { uri: textUri, diagnostics: [unreadable(state)] }, { uri, diagnostics: [unreadable(state)] });
  }
  const { doc } = state;
  if (!isOpen) return once(false, { uri: doc.textUri }, { uri: doc.uri, diagnostics: binaryDiagnostics(doc) });
  // Until the editor has loaded the new text, the diagnostics of the old one stay.
  if (shown !== doc) return [{ uri: doc.uri, diagnostics: [] }];
  return once(true, { uri: doc.textUri, diagnostics: textDiagnostics(doc) }, { uri: doc.uri });
}

type Side = Pick<FileDiagnostics, 'uri'> & Partial<FileDiagnostics>;

/** What is told comes first: while both have it, an editor shows it twice; while neither has, the number of problems blinks. */
function once(isOpen: boolean, text: Side, file: Side): FileDiagnostics[] {
  const [told, other] = isOpen ? [text, file] : [file, text];
  return [
    { uri: told.uri, diagnostics: told.diagnostics ?? [] },
    { uri: other.uri, diagnostics: [] },
  ];
}

function unreadable({ message, problem }: UnreadableState): Diagnostic {
  return { range: FIRST_LINE, severity: problem === 'changing' ? 2 : 1, source: SOURCE, code: 'unreadable', message };
}
