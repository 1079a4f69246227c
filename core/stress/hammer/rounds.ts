/** Rounds until the time is over: all callers at once, the outcome counted, everything back to the base. */
import { RunPhase, Slot } from './control.ts';
import type { Driver } from './driver.ts';
import { OutcomeTable } from './outcomeTable.ts';
import { type SerialOracle, serialOracle } from './serialOracle.ts';

/** Most steps by which callers are delayed, batch by batch: where short calls overlap differs from machine to machine. */
const JITTERS = [1, 2, 4, 8, 16, 32, 64, 128, 512, 2048];
/** Milliseconds of one batch, at least. */
const BATCH_MS = 20;
/** Milliseconds that a round may take beside what its calls take alone, on a machine that is busy with other things. */
const ROUND_MS = 5000;
/** How much longer a batch is than the look through all memory behind it. */
const LOOKING = 10;
/** Milliseconds and rounds between two looks at the clock, whichever ends first. */
const LOOK_MS = 1;
const LOOK_ROUNDS = 32;
/** Milliseconds after which calls that return in no serial order do not return together either. */
const TOGETHER_MS = 2000;
/** Milliseconds that serial orders may take beyond the time. */
const ORACLE_MS = 1000;
/** How often the serial orders are run anew because rounds change words that they did not. */
const MAX_RELEARNED = 20;

/** The outcomes of the rounds so far; `seconds` without the serial orders. */
export interface RoundsResult {
  oracle: SerialOracle;
  table: OutcomeTable;
  seconds: number;
  notes: string[];
}

/** What rounds need. */
export interface RoundOptions {
  driver: Driver;
  seed: number;
  /** Outcomes can be compared with serial ones. */
  judged: boolean;
  /** Milliseconds of the driver's clock at which rounds end. */
  end: number;
  /** Asked often: the user has enough, or wants nothing any more. */
  stopped(): boolean;
  /** Told now and then. */
  progress(hammered: RoundsResult): void;
  /** Finds the stack that frames have left, once the serial orders were run; words of it are no state. */
  learned(): void;
}

/** Runs the serial orders, then rounds until the time ends. */
export function hammerRounds(options: RoundOptions): RoundsResult {
  const { driver, seed, end, stopped, judged, progress } = options;
  const over = (): boolean => stopped() || driver.now() >= end;
  // Without the serial orders nothing is judged: they may take a little longer.
  const tooLong = (): boolean => stopped() || driver.now() >= end + ORACLE_MS;
  const notes: string[] = [];
  let oracle = serialOracle(driver, seed, tooLong, options.learned);
  let table = new OutcomeTable(oracle, judged);
  const began = driver.now();
  const hammered = (): RoundsResult => ({ oracle, table, seconds: (driver.now() - began) / 1000, notes });
  limitRounds(driver, oracle);
  progress(hammered());
  let relearned = 0;
  /** Milliseconds that it took to look through all memory. */
  let looking = 0;
  const yields = JITTERS.map(() => 0);
  if (!noneReturns(oracle) || eachHasAThread(driver)) {
    for (let batch = 0; batch === 0 ? !stopped() : !over(); batch++) {
      const choice = chosen(batch, yields);
      driver.control[Slot.Jitter] = JITTERS[choice];
      const before = table.rare;
      runBatch(driver, table, Math.min(driver.now() + Math.max(BATCH_MS, looking * LOOKING), end), stopped);
      yields[choice] += table.rare - before;
      driver.reset();
      const looked = driver.now();
      const news = driver.state.learn();
      looking = driver.now() - looked;
      if (news) {
        // Something was left behind that the next rounds began with.
        driver.state.restoreAll();
        table.drop();
        if (relearned === MAX_RELEARNED) {
          notes.push('The run stopped early because rounds kept changing more memory.');
          break;
        }
        relearned++;
        oracle = serialOracle(driver, seed, tooLong, options.learned);
        table = table.withOracle(oracle);
      } else table.settle();
      progress(hammered());
    }
  }
  return hammered();
}

/** No order returns. Rounds may: callers wait for each other, or compute for very long. */
export const noneReturns = ({ infeasible, orders, complete }: SerialOracle): boolean =>
  complete && infeasible === orders;

const eachHasAThread = ({ start }: Driver): boolean => start.threads === start.callers.length;

function runBatch(driver: Driver, table: OutcomeTable, until: number, stopped: () => boolean): void {
  const began = driver.now();
  for (let i = 0, look = 1; ; i++) {
    if (i >= look) {
      const now = driver.now();
      if (now >= until || stopped()) return;
      look = i + Math.max(1, Math.min(LOOK_ROUNDS, Math.floor((LOOK_MS * i) / Math.max(now - began, 1e-3))));
    }
    driver.round();
    table.count(driver);
  }
}

/** Each in turn, and every other time the one that showed most that is rare. */
function chosen(batch: number, yields: readonly number[]): number {
  if (batch < 2 * yields.length || batch % 2 === 0) return batch % yields.length;
  return yields.indexOf(Math.max(...yields));
}

/** A round may take long beside what the calls take alone; longer is a hang. */
function limitRounds(driver: Driver, oracle: SerialOracle): void {
  const limit = noneReturns(oracle) ? TOGETHER_MS + 10 * oracle.longest : ROUND_MS + 100 * oracle.longest;
  Atomics.store(driver.control, Slot.Limit, Math.round(limit));
  Atomics.store(driver.control, Slot.Phase, RunPhase.Rounds);
}
