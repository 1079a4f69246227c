/** Outcomes of the serial orders of a scenario, on the same instances that rounds use. */

import { t } from '../../text/l10n.ts';
import type { SerialOrders } from '../explore/serialOrders.ts';
import { callerName } from '../scenario/scenario.ts';
import { STACK_BYTES } from '../session/callerStacks.ts';
import { Slot } from './control.ts';
import type { Driver } from './driver.ts';
import { type Decoded, decode, probeHash, resultsHash, stateHash } from './outcomeKeys.ts';
import { keyOf, type Values } from './sharedState.ts';

/** The outcome of a serial order. */
export interface OracleOutcome extends Decoded {
  order: string;
  /** Words of the state; undefined if there are too many to keep. */
  values: Values | undefined;
}

/** The outcomes of the serial orders that were run. */
export interface SerialOracle {
  /** By key of the whole outcome; `byResults` by key of results and probe alone. */
  byKey: Map<number, OracleOutcome>;
  byResults: Map<number, OracleOutcome>;
  /** By key of the whole outcome: those that only orders give which divide the calls of a caller. */
  divided: Map<number, OracleOutcome>;
  complete: boolean;
  orders: number;
  /** Orders in which some call cannot return before another caller has run. */
  infeasible: number;
  /** Why outcomes cannot be compared with these, a sentence each. */
  incomparable: string[];
  /** Texts of traps by `caller.call`. */
  traps: Set<string>;
  /** Milliseconds of the longest order. */
  longest: number;
}

/** Text of a trap that may come sooner or later: frames are smaller in optimised code. */
const EXHAUSTED = 'call stack exhausted';
/** Most words of a state that are kept for comparison. */
const MAX_VALUES = 4096;

/**
 * Runs all serial orders, then the `dividing` ones, which outcomes are not judged by; `stopped` cuts it short, and
 * `enough` the dividing ones. `learned` is called once it is known which words they change.
 */
export function serialOracle(
  driver: Driver,
  { orders, complete }: SerialOrders,
  dividing: SerialOrders['orders'],
  { stopped, enough, learned }: { stopped(): boolean; enough(): boolean; learned(): void },
): SerialOracle {
  const oracle: SerialOracle = {
    byKey: new Map(),
    byResults: new Map(),
    divided: new Map(),
    complete,
    orders: orders.length,
    infeasible: 0,
    incomparable: [],
    traps: new Set(),
    longest: 0,
  };
  let driven = 0;
  // First finds the words that change, then the outcomes: the hash covers all of those words.
  for (const order of [...orders, ...dividing]) {
    if (stopped()) return { ...oracle, complete: false };
    if (driven++ >= orders.length && enough()) break;
    const began = driver.now();
    driver.serial(order);
    oracle.longest = Math.max(oracle.longest, driver.now() - began);
    driver.state.learn();
    if (isStuck(driver)) continue;
    driver.probe(true);
    driver.state.learn();
  }
  learned();
  for (const order of orders) {
    if (stopped()) return { ...oracle, complete: false };
    driver.serial(order);
    if (isStuck(driver)) {
      oracle.infeasible++;
      continue;
    }
    const { key, results, outcome } = ended(driver, order);
    if (!oracle.byKey.has(key)) oracle.byKey.set(key, outcome);
    if (!oracle.byResults.has(results)) oracle.byResults.set(results, outcome);
    outcome.results.forEach((list, caller) => {
      list.forEach((text, call) => void (text.startsWith('trap: ') && oracle.traps.add(`${caller}.${call} ${text}`)));
    });
  }
  for (const order of dividing) {
    if (stopped() || enough()) break;
    driver.serial(order);
    if (isStuck(driver)) continue;
    const { key, outcome } = ended(driver, order);
    if (!oracle.byKey.has(key) && !oracle.divided.has(key)) oracle.divided.set(key, outcome);
  }
  if (Atomics.load(driver.control, Slot.Overlap) !== 0)
    oracle.incomparable.push(
      t(
        "The stacks of callers are {0} KiB apart in one memory, and calls need more than that: they overwrite each other's stacks.",
        STACK_BYTES / 1024,
      ),
    );
  if ([...oracle.traps].some((text) => text.endsWith(EXHAUSTED)))
    oracle.incomparable.push(t('The depth at which calls exhaust the stack differs from run to run.'));
  return oracle;
}

/** The outcome of the order that has just been run, and its keys; makes the probe calls. */
function ended(driver: Driver, order: readonly number[]): { key: number; results: number; outcome: OracleOutcome } {
  const hash = resultsHash(driver);
  const results = { ...hash };
  stateHash(driver, hash);
  const values = driver.start.comparesState ? driver.state.values(MAX_VALUES) : undefined;
  driver.probe(true);
  probeHash(driver, hash);
  probeHash(driver, results);
  const outcome = { ...decode(driver), order: order.map(callerName).join(''), values };
  return { key: keyOf(hash), results: keyOf(results), outcome };
}

/** Whether some call of the last order did not return. */
const isStuck = ({ start, thread }: Driver): boolean =>
  start.layout.callers.some((places) => places.some((place) => thread.area.notReturned(place)));
