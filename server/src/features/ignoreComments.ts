/** Diagnostics for ignore comments that have no effect. */
import type { Diagnostic } from 'vscode-languageserver';
import { type IgnoringDocument, unusedIgnores } from '../../../core/source/ignoring.ts';
import { sourceRange } from '../../../core/text/lines.ts';
import { SOURCE } from './diagnosticParts.ts';

/** A diagnostic for each comment, or rule in one, that ignores nothing; tagged so that the editor fades it. */
export const unusedIgnoreDiagnostics = (doc: IgnoringDocument): Diagnostic[] =>
  unusedIgnores(doc).map(({ start, end, message }) => ({
    range: sourceRange(doc.lineStarts, start, end),
    severity: 3,
    source: SOURCE,
    code: 'unused-ignore',
    tags: [1],
    message,
  }));
