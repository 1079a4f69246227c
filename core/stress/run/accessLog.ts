/**
 * Accesses of a line of memory or of a cell in one execution, for the race detector: of each caller and instruction the
 * last access of a range. An earlier one of the same instruction is ordered before whatever the last one is ordered
 * before, so that every pair of instructions that races is found, not only the last access of each byte (as FastTrack's
 * epochs would have it).
 */
export interface LoggedAccess {
  caller: number;
  site: number;
  /** Bytes of a memory. */
  start: number;
  end: number;
  write: boolean;
  /** The range as one number for an atomic access, -1 for a plain one. */
  atomic: number;
  /** Number of the event in the execution's history. */
  event: number;
}

/** The accesses of one line or cell. Its entries are kept from one execution to the next and overwritten. */
export class AccessLog {
  private run = 0;
  private used = 0;
  private readonly entries: LoggedAccess[] = [];

  /** Forgets what earlier executions did. */
  begin(run: number): void {
    if (this.run === run) return;
    this.run = run;
    this.used = 0;
  }

  get size(): number {
    return this.used;
  }

  at(index: number): LoggedAccess {
    return this.entries[index];
  }

  /** Notes an access; entries are used again in the next execution. */
  note(caller: number, site: number, start: number, end: number, write: boolean, atomic: number, event: number): void {
    for (let i = 0; i < this.used; i++) {
      const known = this.entries[i];
      if (
        known.site === site &&
        known.caller === caller &&
        known.start === start &&
        known.end === end &&
        known.write === write
      ) {
        known.event = event;
        return;
      }
    }
    const entry = this.entries[this.used++];
    if (entry === undefined) {
      this.entries.push({ caller, site, start, end, write, atomic, event });
      return;
    }
    // One by one: to make an object and to copy it took a twentieth of an execution.
    entry.caller = caller;
    entry.site = site;
    entry.start = start;
    entry.end = end;
    entry.write = write;
    entry.atomic = atomic;
    entry.event = event;
  }
}
