/** Edits of a source as quick fixes: one `WorkspaceEdit` each, and so one step to undo. */
import type { CodeAction, Diagnostic, SnippetTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { sourceRange } from '../../../core/text/lines.ts';
import type { ModuleDocument, SourceText } from '../documents/moduleDocument.ts';

/** A document that is a source. */
export type SourceDocument = ModuleDocument & { source: SourceText };

/** What kinds of edits the editor can apply. */
export interface EditSupport {
  documentChanges: boolean;
  /** Edits with placeholders, since version 3.18 of the protocol. */
  snippets: boolean;
}

/** `[start, end)` of the text becomes `text`; `snippet` is the same with placeholders. */
export interface Replacement {
  start: number;
  end: number;
  text: string;
  snippet?: string;
}

/** A quick fix that resolves `diagnostics`. Placeholders are left out where the editor does not support them. */
export function fix(
  doc: SourceDocument,
  title: string,
  replacements: readonly Replacement[],
  diagnostics: Diagnostic[],
  support: EditSupport,
): CodeAction {
  return { title, kind: 'quickfix', diagnostics, edit: workspaceEdit(doc, replacements, support) };
}

function workspaceEdit(doc: SourceDocument, replacements: readonly Replacement[], support: EditSupport): WorkspaceEdit {
  const edits = replacements.map(({ start, end, text, snippet }): TextEdit | SnippetTextEdit => {
    const range = sourceRange(doc.lineStarts, start, end);
    return snippet !== undefined && support.snippets && support.documentChanges
      ? { range, snippet: { kind: 'snippet', value: snippet } }
      : { range, newText: text };
  });
  if (!support.documentChanges) return { changes: { [doc.textUri]: edits as TextEdit[] } };
  return { documentChanges: [{ textDocument: { uri: doc.textUri, version: doc.source.version }, edits }] };
}
