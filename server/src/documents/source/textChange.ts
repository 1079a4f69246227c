/** Edits of an open text. */

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextRange } from '../../../../core/text/lines.ts';

/** Replaces `range`, or the whole text if there is none. */
export interface ContentChange {
  range?: TextRange;
  text: string;
}

/** `[start, end)` became `length` characters. */
export interface Edit {
  start: number;
  end: number;
  length: number;
}

/** Applies one change. Returns the edit; undefined when the text is unchanged. */
export function applyChange(document: TextDocument, change: ContentChange, version: number): Edit | undefined {
  if (change.range === undefined) {
    const edit = difference(document.getText(), change.text);
    TextDocument.update(document, [{ text: change.text }], version);
    return edit;
  }
  const start = document.offsetAt(change.range.start);
  const end = Math.max(start, document.offsetAt(change.range.end));
  TextDocument.update(document, [{ range: change.range, text: change.text }], version);
  return start === end && change.text === '' ? undefined : { start, end, length: change.text.length };
}

/** The smallest edit between two texts. */
function difference(before: string, after: string): Edit | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < most - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  return { start, end: before.length - tail, length: after.length - tail - start };
}
