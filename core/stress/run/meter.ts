/**
 * Meters the calls of an execution: loop iterations, the clock, bytes that operations on ranges move, and bytes that
 * arrays and structures take. What is used up ends the execution.
 */
import { t } from '../../text/l10n.ts';
import { Op } from '../../wasm/ops.ts';
import { ALLOCATION_BYTES, TagWord } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Caller } from './caller.ts';
import type { ExecutionEnding } from './dispatcher.ts';

/** Loop iterations between two checks of the clock. */
export const FUEL = 1_000_000;
/** Loop iterations after which a call counts as one that does not return. */
export const MAX_ITERATIONS = 20_000_000;
/** Bytes of arrays and structures that the calls of one execution may allocate. */
const MAX_ALLOCATED = 2 ** 30;
/** Bytes that operations on ranges move between two checks of the clock. */
const MOVED_BYTES = 2 ** 26;

/** The execution that is metered. */
export interface MeteredExecution {
  readonly current: Caller;
  readonly sites: Sites;
  /** Whether it has ended. */
  readonly over: boolean;
  /** Whether the running call, in a loop at `site`, can never return; `last` is its last access. */
  isEndless(site: number, last: number): boolean;
  /** Ends it; the running call traps. */
  stop(ending: ExecutionEnding, trap: string): void;
  /** What the run fails with. */
  defect: unknown;
}

/** Limits of executions. */
export interface MeterOptions {
  /** Polled; true ends the execution. */
  stopped(): boolean;
  /** The error of a run that needs more than it may have; `text` is what happened and what to do. */
  exceeded(text: string): Error;
  /** Called now and then with the current place. */
  at?(func: number, offset: number): void;
}

/** The meter of a scheduler; see the file's comment. */
export class Meter {
  private readonly execution: MeteredExecution;
  private readonly options: MeterOptions;
  /** Iterations of loops in all executions, in millions. */
  private ticks = 0;
  /** Bytes that code has allocated in this execution, and those that operations on ranges have moved since the last check. */
  private allocatedBytes = 0;
  private moved = 0;

  constructor(execution: MeteredExecution, options: MeterOptions) {
    this.execution = execution;
    this.options = options;
  }

  /** Before each execution. */
  begin(): void {
    this.allocatedBytes = 0;
  }

  /** Loop iterations of all executions, in thousands. */
  get iterations(): number {
    return (this.ticks * FUEL) / 1000;
  }

  /** The running caller has used up its loop iterations; 1 ends its call. */
  tick = (site: number): number => {
    const { execution, options } = this;
    const { current: caller, sites } = execution;
    const last = caller.site;
    caller.site = site;
    options.at?.(sites.func[site], sites.offset[site]);
    this.ticks++;
    const loops = sites.op[site] === Op.loop;
    if (loops) {
      caller.iterations += FUEL;
      caller.instance.tags[TagWord.Fuel] = FUEL;
    }
    if (this.interrupted()) return 1;
    if (!loops || (caller.iterations < MAX_ITERATIONS && !execution.isEndless(site, last))) return 0;
    execution.stop('no-return', `did not return within ${MAX_ITERATIONS} loop iterations`);
    return 1;
  };

  /** Whether the running call has to end: the execution is over, or time is up. */
  interrupted(): boolean {
    if (this.execution.over) return true;
    if (!this.options.stopped()) return false;
    this.execution.stop('stopped', 'stopped');
    return true;
  }

  /** An operation on a range is about to move bytes: the clock is looked at now and then. */
  moves(bytes: number): boolean {
    this.moved += bytes;
    if (this.moved < MOVED_BYTES) return false;
    this.moved = 0;
    return this.interrupted();
  }

  /** The running call has allocated `units` more of `ALLOCATION_BYTES`; 1 ends it. */
  allocated = (site: number, units: number): number => {
    const { execution, options } = this;
    execution.current.site = site;
    this.allocatedBytes += units * ALLOCATION_BYTES;
    if (this.interrupted()) return 1;
    if (this.allocatedBytes <= MAX_ALLOCATED) return 0;
    execution.defect ??= options.exceeded(
      t(
        'the calls allocated arrays and structures of more than 1 GiB in one execution, which is the limit of a run: give them less to do',
      ),
    );
    execution.stop('stopped', 'stopped');
    return 1;
  };
}
