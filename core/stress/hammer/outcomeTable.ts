/** Outcomes of rounds, counted. */
import { FAILS } from '../scenario/comparison.ts';
import { callerName } from '../scenario/scenario.ts';
import type { Driver } from './driver.ts';
import {
  type ConcurrentTrap,
  type HammerOutcome,
  isWrongKind,
  LEAST_FOR_SHARES,
  MAX_OUTCOMES,
} from './hammerResult.ts';
import { type Decoded, decode, probeHash, resultsHash, stateHash } from './outcomeKeys.ts';
import type { SerialOracle } from './serialOracle.ts';
import { keyOf } from './sharedState.ts';

/** Most distinct outcomes that are kept; for further ones only rounds are counted. */
export const MAX_KINDS = 10_000;
/** Most differences of state that are listed. */
const MAX_DIFFERENCES = 8;

interface Row extends Decoded {
  samples: number;
  kind: HammerOutcome['kind'];
  order: string | null;
  state: string[];
}

/** Counts outcomes of rounds and compares them with those of serial orders. */
export class OutcomeTable {
  private readonly oracle: SerialOracle;
  /** Whether outcomes can be compared with serial ones. */
  judged: boolean;
  private readonly rows = new Map<number, Row>();
  /** Outcomes that were counted while fewer words were known to be state, so their keys differ. */
  private readonly past: Row[] = [];
  /** Outcomes of rounds that are not settled yet. */
  private readonly batch = new Map<number, { row: Row; samples: number }>();
  rounds = 0;
  private batchRounds = 0;
  /** Whether there were more distinct outcomes than are kept. */
  full = false;
  /** Samples of outcomes that no serial order gives, or that are at most a hundredth of all. */
  rare = 0;

  constructor(oracle: SerialOracle, judged: boolean) {
    this.oracle = oracle;
    this.judged = judged && oracle.complete && oracle.byKey.size > 0 && oracle.incomparable.length === 0;
  }

  /** Counts the outcome of the round that has just ended; makes the probe calls. */
  count(driver: Driver): void {
    const hash = resultsHash(driver);
    const results = { ...hash };
    stateHash(driver, hash);
    // The probe changes the state that the round has left.
    const stateKey = keyOf(hash);
    const unseen = driver.start.probe.length === 0 ? !this.isKnown(stateKey) : false;
    const differences = unseen ? this.differences(driver, keyOf(results)) : [];
    driver.probe(false);
    probeHash(driver, hash);
    probeHash(driver, results);
    const key = keyOf(hash);
    this.batchRounds++;
    const counted = this.batch.get(key);
    const row = counted?.row ?? this.rows.get(key) ?? this.newRow(driver, key, keyOf(results), differences);
    if (row === undefined) {
      this.full = true;
      return;
    }
    if (row.kind !== 'serial' || row.samples * 100 < this.rounds) this.rare++;
    if (counted !== undefined) counted.samples++;
    else this.batch.set(key, { row, samples: 1 });
  }

  /** The table after the serial orders were run again, with the same counts. */
  withOracle(oracle: SerialOracle): OutcomeTable {
    const table = new OutcomeTable(oracle, this.judged);
    table.rounds = this.rounds;
    table.rare = this.rare;
    table.full = this.full;
    table.past.push(...this.past, ...this.rows.values());
    return table;
  }

  private isKnown(key: number): boolean {
    const { byKey, divided } = this.oracle;
    return this.rows.has(key) || this.batch.has(key) || byKey.has(key) || divided.has(key);
  }

  private newRow(driver: Driver, key: number, results: number, state: string[]): Row | undefined {
    if (this.rows.size + this.batch.size >= MAX_KINDS) return undefined;
    const serial = this.oracle.byKey.get(key);
    const similar = this.oracle.byResults.get(results);
    const divided = this.oracle.divided.get(key);
    const judged = serial ? 'serial' : divided ? 'divided' : similar ? 'wrong-state' : 'wrong';
    const decoded = decode(driver);
    // What must hold must hold in serial orders, too.
    const fails = [...decoded.results.flat(), ...decoded.probe].some((text) => text.startsWith(FAILS));
    const kind = fails ? 'expectation' : this.judged ? judged : 'not-judged';
    const row = { ...decoded, samples: 0, kind, order: (serial ?? divided)?.order ?? null, state } as const;
    return { ...row, state: kind === 'wrong-state' ? [...state] : [] };
  }

  private differences(driver: Driver, results: number): string[] {
    const similar = this.oracle.byResults.get(results);
    if (similar?.values === undefined) return [];
    return driver.state.differences(similar.values, similar.order, MAX_DIFFERENCES);
  }

  /** Whether an outcome of the rounds so far is wrong. */
  get wrong(): boolean {
    return [...this.past, ...this.rows.values()].some(isWrongKind);
  }

  /** Counts the rounds since the last settlement. */
  settle(): void {
    for (const [key, { row, samples }] of this.batch) {
      row.samples += samples;
      this.rows.set(key, row);
    }
    this.rounds += this.batchRounds;
    this.drop();
  }

  /** Discards the rounds since the last settlement: they did not begin with the base state. */
  drop(): void {
    this.batch.clear();
    this.batchRounds = 0;
  }

  /**
   * Wrong ones first, then by frequency; those with the same text are merged. `seen` were judged, `notJudged` were not.
   */
  outcomes(): { listed: HammerOutcome[]; seen: number; notJudged: number; wrongRounds: number } {
    const merged = new Map<string, Row>();
    for (const row of [...this.past, ...this.rows.values()]) {
      const key = JSON.stringify([row.results, row.probe, row.kind, row.state]);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { ...row });
      else known.samples += row.samples;
    }
    const rows = [...merged.values()].sort(
      (x, y) => Number(isWrongKind(y)) - Number(isWrongKind(x)) || y.samples - x.samples,
    );
    const listed = rows.slice(0, MAX_OUTCOMES).map(({ samples, ...row }) => ({
      ...row,
      samples,
      frequency: this.rounds < LEAST_FOR_SHARES ? null : samples / this.rounds,
      found: null,
    }));
    const notJudged = rows.filter(({ kind }) => kind === 'not-judged').length;
    const wrongRounds = rows.filter(isWrongKind).reduce((sum, { samples }) => sum + samples, 0);
    return { listed, seen: rows.length - notJudged, notJudged, wrongRounds };
  }

  /** Traps that no serial order shows. */
  traps(): ConcurrentTrap[] {
    const found = new Map<string, ConcurrentTrap>();
    if (!this.judged) return [];
    for (const { results, samples } of [...this.past, ...this.rows.values()]) {
      results.forEach((calls, caller) => {
        calls.forEach((text, call) => {
          if (!text.startsWith('trap: ') || this.oracle.traps.has(`${caller}.${call} ${text}`)) return;
          const key = `${callerName(caller)}${call} ${text}`;
          const known = found.get(key) ?? { caller, call, trap: text.slice('trap: '.length), samples: 0 };
          known.samples += samples;
          found.set(key, known);
        });
      });
    }
    return [...found.values()].sort((a, b) => b.samples - a.samples);
  }
}
