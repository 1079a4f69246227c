/**
 * For tests: the blocks of memory that allocators have given in a run, and since when code outside of a call can know
 * them. Times are numbers of events of the run.
 */

/** A block between allocation and release. */
export interface Block {
  start: number;
  end: number;
  /**
   * Whoever began before this may reach the block: the time of its allocation, or of an earlier birth of the place where
   * its address was stored.
   */
  since: number;
}

/** The blocks that are allocated now. */
export class Blocks {
  /** By start. */
  private readonly list: Block[] = [];
  /** Addresses kept in a range of memory. */
  private readonly pointersIn: (start: number, end: number) => Iterable<number>;

  constructor(pointersIn: (start: number, end: number) => Iterable<number>) {
    this.pointersIn = pointersIn;
  }

  get all(): readonly Block[] {
    return this.list;
  }

  private position(address: number): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.list[middle].start <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The block that an address lies in. */
  at(address: number): Block | undefined {
    const block = this.list[this.position(address)];
    return block !== undefined && address < block.end ? block : undefined;
  }

  /**
   * A function that began at time `began` has allocated a block at time `now`. One that only hands on (a part of) what
   * another has allocated for it changes nothing.
   */
  add(start: number, size: number, began: number, now: number): void {
    if (start === 0 || size === 0) return;
    const known = this.at(start);
    if (known !== undefined && known.since > began) {
      known.end = Math.max(known.end, start + size);
      return;
    }
    let first = Math.max(0, this.position(start));
    if (this.list[first] !== undefined && this.list[first].end <= start) first++;
    let last = first;
    while (last < this.list.length && this.list[last].start < start + size) last++;
    this.list.splice(first, last - first, { start, end: start + size, since: now });
  }

  remove(address: number): void {
    const at = this.position(address);
    if (this.list[at] !== undefined && address < this.list[at].end) this.list.splice(at, 1);
  }

  /** Whoever began before the answer may know all of the range; everybody where it lies in no block. */
  knownSince(start: number, end: number): number {
    const block = this.at(start);
    return block !== undefined && end <= block.end ? block.since : Number.NEGATIVE_INFINITY;
  }

  /** The address was stored where whoever began before `since` can read it, and so can all that the block leads to. */
  stored(address: number, since: number): void {
    const block = this.at(address);
    if (block === undefined || block.since <= since) return;
    block.since = since;
    for (const pointer of this.pointersIn(block.start, block.end)) this.stored(pointer, since);
  }
}
