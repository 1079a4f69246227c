/**
 * Cells as the scheduler tracks them: who touched them in any execution so far, and the last accesses in the current one. A cell is visible once two callers touch it, one of them writing: only then its accesses are
 * scheduling points.
 */

import { AccessLog } from './accessLog.ts';

/** Kinds of cells apart from bytes of memory. */
export type TrackedCellKind = 'memory.grow' | 'global' | 'table' | 'table.grow' | 'segment' | 'host' | 'ref.func';

/** Event number in shadows: no access yet. */
export const NO_EVENT = -1;

/** A cell and the callers that touched it. */
export class TrackedCell {
  readonly kind: TrackedCellKind;
  /** `global 0 $counter`, `table 0 slot 3`, ... */
  readonly name: string;
  /** Bit masks of callers. */
  readers = 0;
  writers = 0;
  visible = false;
  /** Execution that the shadow below belongs to. */
  run = 0;
  write = NO_EVENT;
  readonly reads: Int32Array;
  /** For the race detector. */
  readonly log = new AccessLog();

  constructor(kind: TrackedCellKind, name: string, callers: number) {
    this.kind = kind;
    this.name = name;
    this.reads = new Int32Array(callers).fill(NO_EVENT);
  }

  /** Records a caller; true when that makes accesses decisions that were none before. */
  touch(bit: number, write: boolean): boolean {
    const { writers } = this;
    if (write) this.writers |= bit;
    else this.readers |= bit;
    // Whoever alone grows a memory need not ask before each of its accesses whether others do.
    if (this.visible) return this.isExtent && isOne(writers) && this.writers !== writers;
    if (!isShared(this.readers, this.writers)) return false;
    this.visible = true;
    return true;
  }

  private get isExtent(): boolean {
    return this.kind === 'memory.grow' || this.kind === 'table.grow';
  }

  /** Forgets the accesses of earlier executions. */
  begin(run: number): void {
    if (this.run === run) return;
    this.run = run;
    this.log.begin(run);
    this.write = NO_EVENT;
    this.reads.fill(NO_EVENT);
  }
}

const isOne = (callers: number): boolean => callers !== 0 && (callers & (callers - 1)) === 0;

/** Two callers, one of which writes. */
export function isShared(readers: number, writers: number): boolean {
  const all = readers | writers;
  return writers !== 0 && (all & (all - 1)) !== 0;
}
