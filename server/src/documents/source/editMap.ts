/**
 * Maps offsets between an older text and the current one: the edits since, merged into replaced
 * ranges. Offsets are UTF-16 code units.
 */

/** `[oldStart, oldEnd)` of the old text became `[newStart, newEnd)`. In order, with unchanged text between them. */
interface Hunk {
  oldStart: number;
  oldEnd: number;
  newStart: number;
  newEnd: number;
}

/** The edits from an older text to the current one. Edits that touch are merged, so a look-up is a binary search. */
export class EditMap {
  #hunks: Hunk[] = [];

  /** Whether there were no edits. An edit that was undone by hand still counts. */
  get isEmpty(): boolean {
    return this.#hunks.length === 0;
  }

  /** Records an edit: `length` characters replace `[start, end)` of the current text. */
  add(start: number, end: number, length: number): void {
    const hunks = this.#hunks;
    let first = 0;
    while (first < hunks.length && hunks[first].newEnd < start) first++;
    let last = first;
    while (last < hunks.length && hunks[last].newStart <= end) last++;
    const delta = length - (end - start);
    const before = first > 0 ? hunks[first - 1].oldEnd - hunks[first - 1].newEnd : 0;
    const merged: Hunk = { oldStart: start + before, oldEnd: end + before, newStart: start, newEnd: end };
    if (last > first) {
      const [head, tail] = [hunks[first], hunks[last - 1]];
      merged.newStart = Math.min(start, head.newStart);
      merged.oldStart = head.oldStart - (head.newStart - merged.newStart);
      merged.newEnd = Math.max(end, tail.newEnd);
      merged.oldEnd = tail.oldEnd + (merged.newEnd - tail.newEnd);
    }
    merged.newEnd += delta;
    for (let i = last; i < hunks.length; i++) {
      hunks[i].newStart += delta;
      hunks[i].newEnd += delta;
    }
    hunks.splice(first, last - first, merged);
  }

  /**
   * The current offset of `at` in the old text. Inside a replaced range it is the start or the end of
   * the replacement, by `side`. A range whose start is mapped `after` and whose end is mapped `before`
   * excludes text that was typed at its ends.
   */
  toNew(at: number, side: 'before' | 'after'): number {
    const hunk = this.#last((one) => one.oldStart <= at);
    if (hunk === undefined) return at;
    if (at > hunk.oldEnd) return at - hunk.oldEnd + hunk.newEnd;
    // `at` is inside, or at an edge.
    if (side === 'after') return at === hunk.oldStart && hunk.oldEnd > at ? hunk.newStart : hunk.newEnd;
    return at === hunk.oldEnd && hunk.oldStart < at ? hunk.newEnd : hunk.newStart;
  }

  /** The current range; undefined when all of it was replaced. */
  rangeToNew(start: number, end: number): [start: number, end: number] | undefined {
    for (const { oldStart, oldEnd } of this.#hunks)
      if (oldStart <= start && end <= oldEnd && end > start) return undefined;
    const from = this.toNew(start, 'after');
    return [from, Math.max(from, this.toNew(end, 'before'))];
  }

  /** The old offset of `at` in the current text; undefined inside of text typed since. */
  toOld(at: number): number | undefined {
    const hunk = this.#last((one) => one.newStart <= at);
    if (hunk === undefined) return at;
    if (at >= hunk.newEnd) return at - hunk.newEnd + hunk.oldEnd;
    return at === hunk.newStart ? hunk.oldStart : undefined;
  }

  /** The last hunk that `fits`, which must hold for a prefix of the hunks. */
  #last(fits: (hunk: Hunk) => boolean): Hunk | undefined {
    let low = 0;
    let high = this.#hunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (fits(this.#hunks[middle])) low = middle + 1;
      else high = middle;
    }
    return this.#hunks[low - 1];
  }
}
