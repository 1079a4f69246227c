/** What the Go driver writes; core/verify/go/result.go has the same types. */

/** What calls answered and left: `state` is a hash, `words` the first differences from the state before the callers. */
export interface DriverOutcome {
  results: string[][];
  probe: string[];
  state: string;
  words: { cell: string; value: string }[];
}

/** What did not return, and when. */
export interface DriverHang {
  phase: 'load' | 'setup' | 'serial' | 'rounds' | 'probe';
  callers: { caller: number; step: number }[];
  /** The calls of a serial order that had begun, a caller for each. */
  began: number[] | null;
}

/** The result of one process. */
export interface DriverResult {
  refusal?: {
    kind: 'imports' | 'invalid-module' | 'invalid-scenario' | 'setup';
    message: string;
    path?: (string | number)[];
  };
  serial: (DriverOutcome & { order: number[]; whole: boolean })[];
  /** Serial orders that were run, and those that begin like one in which a call does not return. */
  ordersRun: number;
  stuckRun: number;
  /** How two runs of one serial order differ. */
  differs?: string;
  rounds: number;
  seconds: number;
  outcomes: (DriverOutcome & { samples: number })[];
  /** Rounds with further outcomes than are kept. */
  more: number;
  hang?: DriverHang;
  /** Whether the process came to its end. */
  done: boolean;
  goVersion: string;
  processors: number;
}

/** A round after which Go's race detector had written something. */
export interface ReportedRound {
  round: number;
  /** Where the state of its instances was, as the driver tells it. */
  regions: string;
  /** What Go wrote during the round. */
  text: string;
}

/** All that a process left. */
export interface DriverRun<Result = DriverResult> {
  /** Undefined where it wrote none. */
  result: Result | undefined;
  reported: ReportedRound[];
  /** What it wrote besides: its beginning, and how it ended. */
  output: string;
  /** Ended from outside, because its time was over or nobody waited for it: what it has is a part. */
  stopped: boolean;
  /** Exit code, or the signal that ended it. */
  ended: number | string;
}
