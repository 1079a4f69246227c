/** Results made by hand, for tests of their text. */
import type { AdvisedResult } from '../../advice/advised.ts';
import type { HangCause } from '../../stress/explore/hang/hang.ts';
import type { RaceParty, RaceReport } from '../../stress/explore/result.ts';
import type { TraceRow } from '../../stress/run/traceRows.ts';
import { completeScenario } from '../../stress/scenario/scenario.ts';
import type { Call } from '../../stress/scenario/steps.ts';

const ACCESS: Record<string, RaceParty['access']> = { get: 'read', set: 'write', load: 'read', store: 'write' };

/**
 * One side of a race, in the first call of a caller. The access follows from the name of `op`: `i32.load` reads; what
 * is not known writes.
 */
export const party = (caller: number, op: string, offset: number, func = 1): RaceParty => ({
  caller,
  call: 0,
  op,
  func,
  offset,
  access: ACCESS[op.split('.')[1]] ?? 'write',
});

/** A race on the global `$counter` under schedule `A2B2`, changed by `more`. */
export const race = (a: RaceParty, b: RaceParty, more: Partial<RaceReport> = {}): RaceReport => ({
  kind: 'global',
  cell: '$counter',
  schedule: 'A2B2',
  a,
  b,
  ...more,
});

/** A row of function 1; `values` is `-> 0`, `= 1` or both. */
export function row(caller: number, op: string, cell: string, values = '', more: Partial<TraceRow> = {}): TraceRow {
  return {
    caller,
    call: 0,
    func: 1,
    offset: op === 'call' || op === 'return' ? -1 : 0x40 + 2 * cell.length,
    op,
    cell,
    read: /-> (\S+)/.exec(values)?.[1],
    written: /= (\S+)/.exec(values)?.[1],
    switched: false,
    matters: true,
    times: 1,
    ...more,
  };
}

/** A caller's whole call, each step a row. */
export const call = (caller: number, text: string, steps: TraceRow[], result: string): TraceRow[] => [
  row(caller, 'call', text),
  ...steps.map((step) => ({ ...step, caller })),
  row(caller, 'return', '', '', { read: result }),
];

/** A cause of a hang of caller A, changed by `more`. */
export const cause = (kind: HangCause['kind'], text: string, more: Partial<HangCause> = {}): HangCause => ({
  kind,
  text,
  callers: [0],
  at: [],
  waits: [],
  notification: null,
  loops: false,
  exports: [],
  returnsOtherwise: null,
  ...more,
});

/** A safe, exhaustive result of callers, changed by `more`. */
export function made(callers: Call[][], more: Partial<AdvisedResult> = {}): AdvisedResult {
  return {
    version: 1,
    module: 'counter.wasm',
    scenario: completeScenario({ callers }, 'wazero'),
    host: 'wazero',
    model: 'shared-instance',
    unit: 'call',
    replayed: false,
    verdict: 'safe',
    wrongOutcome: false,
    exhaustive: true,
    explored: { schedules: 22, steps: 1203, preemptionBound: 1, seconds: 0.02, schedulesPerSecond: 1100, pct: null },
    defects: [],
    hostHazards: [],
    races: [],
    functions: { 1: '$inc', 2: '$lock' },
    outcomes: { serial: 1, serialComplete: true, examples: [], seen: 1, wrong: [] },
    privateState: null,
    stuckOrders: 0,
    timedOutOrders: 0,
    hang: null,
    schedule: null,
    traced: null,
    trace: [],
    pool: [],
    poolCheck: { sequences: 1, complete: true, returns: true, leavesState: false },
    growth: [],
    remedies: { isolated: null, preallocated: null },
    advice: [],
    ifSuspended: null,
    imports: { stubbed: [], wasi: [] },
    restsOn: [],
    grain: [],
    notes: [],
    ...more,
  };
}
