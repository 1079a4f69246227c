/** Ranges of lines of an original. */
import { Range, type TextDocument, Uri, workspace } from 'vscode';
import type { Edits } from './edits.ts';

/** The text of a line without the space around it; undefined where the document has no such line. */
export function lineRange(document: TextDocument, line: number): Range | undefined {
  if (line >= document.lineCount) return undefined;
  const { range, firstNonWhitespaceCharacterIndex, text } = document.lineAt(line);
  return new Range(line, Math.min(firstNonWhitespaceCharacterIndex, range.end.character), line, text.trimEnd().length);
}

/** The place of a line of a file that was compiled: in its document as it is now, if it is open. */
export function placeNow(
  edits: Edits,
  { uri, line, character }: { uri: string; line: number; character: number },
): {
  uri: Uri;
  range: Range;
} {
  const at = Uri.parse(uri, true);
  const document = workspace.textDocuments.find((one) => one.uri.toString() === at.toString());
  const now = edits.lineNow(at, line) ?? line;
  const range = document && lineRange(document, now);
  return { uri: at, range: range ?? new Range(now, character, now, character) };
}
