/** Rounds until the time ends: run all callers concurrently, count the outcome, restore the base state. */

import { t } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import { ordersOf } from '../explore/serialOrders.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { hasSequences, isWhole, unitLengths } from '../scenario/units.ts';
import { RunPhase, Slot } from './control.ts';
import type { Driver } from './driver.ts';
import { OutcomeTable } from './outcomeTable.ts';
import { type SerialOracle, serialOracle } from './serialOracle.ts';

/** Longest delays of callers, in steps, one for each batch: where short calls overlap depends on the machine. */
const JITTERS = [1, 2, 4, 8, 16, 32, 64, 128, 512, 2048];
/** Least duration of a batch, in milliseconds. */
const BATCH_MS = 20;
/** Milliseconds that a round may take longer than its calls alone, since the machine may be busy. */
const ROUND_MS = 5000;
/** Least ratio of the time of a batch to that of the comparison of all memory after it. */
const LOOKING = 10;
/** Milliseconds and rounds between two readings of the clock, whichever ends first. */
const LOOK_MS = 1;
const LOOK_ROUNDS = 32;
/** Milliseconds after which calls that return in no serial order are considered not to return concurrently either. */
const TOGETHER_MS = 2000;
/** Milliseconds that serial orders may take beyond the time limit. */
const ORACLE_MS = 1000;
/** Most repetitions of the serial orders because rounds change words that these did not change. */
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
  /** Calls, unit and seed of the serial orders that outcomes are compared with. */
  scenario: Pick<Scenario, 'callers' | 'repeats' | 'unit' | 'seed'>;
  /** Whether outcomes can be compared with serial ones. */
  judged: boolean;
  /** Milliseconds of the driver's clock at which rounds end. */
  end: number;
  /** Polled often; true ends the rounds. */
  stopped(): boolean;
  /** Called from time to time. */
  progress(hammered: RoundsResult): void;
  /** Called after the serial orders, to exclude dead stack frames from the state. */
  learned(): void;
}

/** Runs the serial orders, then rounds until the time ends. */
export function hammerRounds(options: RoundOptions): RoundsResult {
  const { driver, scenario, end, stopped, judged, progress } = options;
  const over = (): boolean => stopped() || driver.now() >= end;
  // Without the serial orders nothing is judged: they may take a little longer.
  const tooLong = (): boolean => stopped() || driver.now() >= end + ORACLE_MS;
  const notes: string[] = [];
  let orders = ordersOf(scenario);
  const lengths = unitLengths(scenario);
  let dividing = hasSequences(lengths)
    ? ordersOf(scenario, 'call').orders.filter((order) => !isWhole(order, lengths))
    : [];
  const serially = (): SerialOracle => {
    // Orders that divide sequences only say what kind of wrong an outcome is.
    const half = driver.now() + (end - driver.now()) / 2;
    const enough = (): boolean => tooLong() || driver.now() >= half;
    return serialOracle(driver, orders, dividing, { stopped: tooLong, enough, learned: options.learned });
  };
  let oracle = serially();
  if (hasSequences(lengths) && noneReturns(oracle)) {
    // Callers that need each other between their calls have no serial order of whole sequences.
    orders = ordersOf(scenario, 'call');
    dividing = [];
    oracle = serially();
  }
  let table = new OutcomeTable(oracle, judged);
  const began = driver.now();
  const hammered = (): RoundsResult => ({ oracle, table, seconds: (driver.now() - began) / 1000, notes });
  limitRounds(driver, oracle);
  progress(hammered());
  let relearned = 0;
  /** Milliseconds that the comparison of all memory took. */
  let looking = 0;
  const yields = JITTERS.map(() => 0);
  if (noneReturns(oracle) && !eachHasAThread(driver))
    notes.push(
      t(
        'No round was run: no call returns before another caller has run, and {0} callers share {1}.',
        driver.start.callers.length,
        plural(driver.start.threads, 'thread'),
      ),
    );
  else {
    for (let batch = 0; batch === 0 ? !stopped() : !over(); batch++) {
      const choice = chosen(batch, yields);
      driver.control[Slot.Jitter] = JITTERS[choice];
      const before = table.rare;
      runBatch(driver, table, Math.min(driver.now() + Math.max(BATCH_MS, looking * LOOKING), end), stopped);
      yields[choice] += table.rare - before;
      const looked = driver.now();
      const news = driver.learn();
      looking = driver.now() - looked;
      if (news) {
        // Words that were not known to change have changed, so later rounds did not begin with the base state.
        driver.state.restoreAll();
        table.drop();
        if (relearned === MAX_RELEARNED) {
          notes.push(t('The run stopped early because rounds kept changing more memory.'));
          break;
        }
        relearned++;
        const again = serially();
        if (oracle.complete && !again.complete) {
          // Earlier rounds were compared in full, and with all serial orders.
          notes.push(
            t(
              'The last rounds changed more memory than earlier ones and are not counted: the run ended before the serial orders could be run again.',
            ),
          );
          break;
        }
        oracle = again;
        table = table.withOracle(oracle);
      } else table.settle();
      progress(hammered());
    }
  }
  return hammered();
}

/**
 * Whether no serial order returns. Rounds may still return if callers wait for each other, or compute for a very long
 * time.
 */
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

/** The jitter of a batch: each one in turn, and in every other batch the one that showed most rare outcomes. */
function chosen(batch: number, yields: readonly number[]): number {
  if (batch < 2 * yields.length || batch % 2 === 0) return batch % yields.length;
  return yields.indexOf(Math.max(...yields));
}

/** Sets the time limit of rounds: much longer than the calls take alone is a hang. */
function limitRounds(driver: Driver, oracle: SerialOracle): void {
  const limit = noneReturns(oracle) ? TOGETHER_MS + 10 * oracle.longest : ROUND_MS + 100 * oracle.longest;
  Atomics.store(driver.control, Slot.Limit, Math.round(limit));
  Atomics.store(driver.control, Slot.Phase, RunPhase.Rounds);
}
