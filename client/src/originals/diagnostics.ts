/** Findings at the lines of originals, among the problems. */
import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Disposable,
  Location,
  l10n,
  languages,
  Range,
  type TextDocument,
  type Uri,
  workspace,
} from 'vscode';
import { withPlainQuotes } from '../../../core/text/phrases.ts';
import type { NotedModule, OriginalFinding } from '../../../server/src/protocol.ts';
import { baseName, rulePage } from '../uris.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';
import { lineRange, placeNow } from './ranges.ts';

const SOURCE = 'wasm-hazards';
const SEVERITY: Readonly<Record<OriginalFinding['severity'], DiagnosticSeverity>> = {
  1: DiagnosticSeverity.Error,
  2: DiagnosticSeverity.Warning,
  3: DiagnosticSeverity.Information,
  4: DiagnosticSeverity.Hint,
};

/** Keeps the diagnostics of originals in step with what the server says. */
export function originalDiagnostics(originals: Originals, edits: Edits): Disposable[] {
  const collection = languages.createDiagnosticCollection('wasmHazards.originals');
  const show = (uri: Uri): void => {
    const notes = originals.notesOf(uri);
    const document = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (notes === undefined || document === undefined) {
      collection.delete(uri);
      return;
    }
    collection.set(uri, [
      ...notes.modules.filter(({ stale }) => stale).map((module) => staleDiagnostic(uri, module)),
      ...notes.findings.flatMap((finding) => findingDiagnostic(document, edits, finding)),
    ]);
  };
  return [collection, originals.onDidChange(show)];
}

function findingDiagnostic(
  document: TextDocument,
  edits: Edits,
  { rule, line, severity, message, related }: OriginalFinding,
): Diagnostic[] {
  const now = edits.lineNow(document.uri, line);
  const range = now === undefined ? undefined : lineRange(document, now);
  // The line is gone, or the file is another one than the module was built from.
  if (range === undefined) return [];
  const diagnostic = new Diagnostic(range, withPlainQuotes(message), SEVERITY[severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = { value: rule, target: rulePage(rule) };
  diagnostic.relatedInformation = related.map((step) => {
    const place = placeNow(edits, step);
    return new DiagnosticRelatedInformation(new Location(place.uri, place.range), withPlainQuotes(step.message));
  });
  return [diagnostic];
}

function staleDiagnostic(uri: Uri, { name }: NotedModule): Diagnostic {
  const diagnostic = new Diagnostic(
    new Range(0, 0, 0, 0),
    l10n.t('{0} is newer than {1}, so findings may be at wrong lines. Build the module again.', baseName(uri), name),
    DiagnosticSeverity.Information,
  );
  diagnostic.source = SOURCE;
  diagnostic.code = 'stale';
  return diagnostic;
}
