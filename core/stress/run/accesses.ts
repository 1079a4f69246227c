import { HookAnswer } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Caller } from './caller.ts';
import type { MemoryState } from './memoryState.ts';
import { ExecutionMode } from './mode.ts';
import { type Operation, operationAt, type Touch } from './operation.ts';
import type { Scheduler } from './scheduler.ts';
import type { TrackedCell } from './trackedCell.ts';
import { trapOp } from './traps.ts';
import { WaitCells } from './waitCells.ts';

/** What all hooks share. */
export class Accesses {
  readonly scheduler: Scheduler;
  readonly sites: Sites;
  private readonly growMoves: boolean;
  /** Lowest stack pointer seen. */
  lowestStack = Number.POSITIVE_INFINITY;
  /** Imported functions that touch visible memory: calls of them are decisions. */
  readonly visibleImports = new Set<number>();
  readonly waitCells: WaitCells;

  /** @param growMoves growth of an unshared memory moves it: every access reads where it is */
  constructor(scheduler: Scheduler, sites: Sites, growMoves: boolean) {
    this.scheduler = scheduler;
    this.sites = sites;
    this.growMoves = growMoves;
    this.waitCells = new WaitCells(this.scheduler.machine.memories, this.scheduler.callers.length);
  }

  /** Whether accesses are attributed to callers now, and whether decisions are made. */
  get learns(): boolean {
    return this.scheduler.mode >= ExecutionMode.Serial && this.scheduler.mode <= ExecutionMode.Replay;
  }
  get decides(): boolean {
    return (
      !this.scheduler.cooperative &&
      this.scheduler.mode >= ExecutionMode.Explore &&
      this.scheduler.mode <= ExecutionMode.Replay
    );
  }

  /** Records that the running caller touches a cell. */
  note(cell: TrackedCell, write: boolean): void {
    const { scheduler } = this;
    if (write) scheduler.wrote = true;
    if (!this.learns) return;
    if (cell.touch(1 << scheduler.current.index, write)) scheduler.discovered = true;
    if (write && cell.kind === 'memory.grow') scheduler.letPass();
  }

  /**
   * Whether an operation is a decision now: callers share what it touches, everything is decided, or it may have to wait
   * until its caller's stores have reached memory. A plain access does not wait for that.
   */
  isDecision(visible: boolean, plain = false): boolean {
    if (!this.decides) return false;
    const { mode, current, dispatcher } = this.scheduler;
    return visible || mode === ExecutionMode.Replay || (!plain && dispatcher.buffers?.holds(current.index) === true);
  }

  /**
   * An operation whose check fails now. Where somebody may change what the check reads, it is a decision, and the
   * check is made again when it is performed; `otherwise` is what it is then, undefined while it still fails.
   */
  beyond(
    isVisible: boolean,
    site: number,
    checked: readonly Touch[],
    trap: string,
    otherwise: () => Operation | undefined,
  ): number {
    if (!this.isDecision(isVisible)) {
      this.passed(this.scheduler.current);
      this.scheduler.current.trap = trap;
      return HookAnswer.Abort;
    }
    const settle = () => otherwise() ?? trapOp(site, checked, trap);
    return this.scheduler.ask(operationAt(site, checked, { wild: true, settle }));
  }

  /** A visible access that is no decision under the cooperative model: a row of the trace. */
  shown(op: Operation): void {
    if (this.scheduler.cooperative) this.scheduler.recorder?.performed(this.scheduler.current, op);
  }

  /** Records who touches a line; saves it before a write. */
  touchLine(memory: MemoryState, line: number, caller: Caller, write: boolean): void {
    if (write) {
      memory.dirties(line);
      this.scheduler.wrote = true;
    }
    if (!this.learns) return;
    const bit = 1 << caller.index;
    if (memory.touch(line, bit, write)) this.scheduler.discovered = true;
  }

  /**
   * Whether an access that ends at `end` depends on growth by somebody else: the memory may move under it, or it lies
   * beyond what there was at the base. Notes that the caller reads the extent.
   */
  readsExtent(memory: MemoryState, caller: Caller, end: number): boolean {
    if (!this.learns) return false;
    if ((!this.growMoves || memory.shared) && end <= memory.baseBytes) return false;
    const { extent } = memory;
    const bit = 1 << caller.index;
    if ((extent.readers & bit) === 0 && extent.touch(bit, false)) this.scheduler.discovered = true;
    return (extent.writers & ~bit) !== 0;
  }

  /** Passes without a decision; counted in executions that count all operations. */
  passed(caller: Caller): number {
    this.scheduler.count(caller);
    return HookAnswer.Perform;
  }
}
