/** Where lines of a file went that is edited after a module was built from it. */

/** A replaced range of whole or parts of lines: from line `start` to line `end`, by a text that has `breaks` line breaks. */
export interface LineEdit {
  start: number;
  end: number;
  breaks: number;
  /** The range begins at the first character of its line, so that line `start` moves with what follows it. */
  fromStart: boolean;
}

/** The line, after the edits in their order, of what was at a line before them; undefined if it is gone. */
export function shiftedLine(line: number, edits: readonly LineEdit[]): number | undefined {
  let now = line;
  for (const { start, end, breaks, fromStart } of edits) {
    const moves = start + breaks - end;
    if (now > end || (now === end && fromStart && (end > start || breaks > 0))) now += moves;
    else if (now > start && now < end) return undefined;
    // What is left of the last line of a deletion is at the end of the first one.
    else if (now === end && end > start) now = start + breaks;
  }
  return now;
}
