/**
 * For tests: which pointers were where at any time of a call from outside, to tell what can be reached from an object or
 * from static data in it.
 */

/** Objects, buffers and blocks that pointers can lead to. */
export interface ObjectSource {
  objectAt(address: number): { start: number; end: number } | undefined;
  /** Ranges that may hold pointers when a call begins. */
  ranges(): Iterable<{ start: number; end: number }>;
  /** Word at an address. */
  word(address: number): number;
  /** Bytes of a word. */
  width: number;
}

/** See the file's comment. */
export class PointerHistory {
  private readonly source: ObjectSource;
  /** By address of a word, the starts of the objects that pointers in it led to. */
  private readonly targets = new Map<number, Set<number>>();
  /** Answers since the last pointer that was new where it was stored. */
  private readonly known = new Map<string, Set<number>>();

  constructor(source: ObjectSource) {
    this.source = source;
  }

  /** A call from outside begins. */
  begin(): void {
    this.targets.clear();
    this.known.clear();
    for (const { start, end } of this.source.ranges()) this.stored(start, end);
  }

  /** What is in a range now, after a store to it. */
  stored(start: number, end: number): void {
    const { source } = this;
    for (let at = start - (start % source.width); at + source.width <= end + source.width - 1; at += source.width) {
      const object = source.objectAt(source.word(at));
      if (object === undefined) continue;
      const known = this.targets.get(at) ?? new Set();
      if (known.has(object.start)) continue;
      known.add(object.start);
      this.targets.set(at, known);
      this.known.clear();
    }
  }

  /** Starts of the objects that pointers in a range lead to, at any depth. */
  reachedFrom(start: number, end: number): Set<number> {
    const key = `${start} ${end}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = new Set<number>();
    this.known.set(key, found);
    const todo = [{ start, end }];
    for (let range = todo.pop(); range !== undefined; range = todo.pop()) {
      const { width } = this.source;
      for (let at = range.start - (range.start % width); at < range.end; at += width) {
        for (const target of this.targets.get(at) ?? []) {
          if (found.has(target)) continue;
          found.add(target);
          const object = this.source.objectAt(target);
          if (object !== undefined) todo.push(object);
        }
      }
    }
    return found;
  }
}
