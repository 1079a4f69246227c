/** The edits of open originals since their modules were built: what is said of a line moves with it. */
import { Disposable, type Uri, workspace } from 'vscode';
import { type LineEdit, shiftedLine } from './lineShift.ts';
import type { Originals } from './originals.ts';

/** Edits that are kept of one file; after more of them, lines are where they were at first. */
const MAX_EDITS = 5000;

/** Follows the edits of files that modules were compiled from. */
export class Edits extends Disposable {
  readonly #edits = new Map<string, LineEdit[]>();

  constructor(originals: Originals) {
    const subscriptions = [
      workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
        if (originals.notesOf(uri) === undefined) return;
        const edits = this.#edits.get(uri.toString()) ?? [];
        for (const { range, text } of contentChanges)
          edits.push({
            start: range.start.line,
            end: range.end.line,
            breaks: text.split(/\r\n|\r|\n/).length - 1,
            fromStart: range.start.character === 0,
          });
        this.#edits.set(uri.toString(), edits.length > MAX_EDITS ? [] : edits);
      }),
      originals.onDidChange((uri) => {
        const notes = originals.notesOf(uri);
        const document = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
        // The module was built from what the file is now.
        const isBuilt = notes?.modules.every(({ stale }) => !stale) && document?.isDirty === false;
        if (notes === undefined || isBuilt) this.#edits.delete(uri.toString());
      }),
    ];
    super(() => {
      for (const one of subscriptions) one.dispose();
    });
  }

  /** Where a line of the file that was compiled is now; undefined if it is gone. */
  lineNow(uri: Uri, line: number): number | undefined {
    return shiftedLine(line, this.#edits.get(uri.toString()) ?? []);
  }

  /** Which line of the file that was compiled a line now is; undefined if it is new. */
  lineThen(uri: Uri, line: number): number | undefined {
    const edits = this.#edits.get(uri.toString()) ?? [];
    if (edits.length === 0) return line;
    const reach = edits.reduce((sum, { start, end, breaks }) => sum + Math.abs(start + breaks - end), 0);
    for (let then = Math.max(0, line - reach); then <= line + reach; then++)
      if (shiftedLine(then, edits) === line) return then;
    return undefined;
  }
}
