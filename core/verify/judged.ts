/** Outcomes of rounds on a host, judged by those that serial orders give on the same host. */

import { type HammerOutcome, isWrongKind, LEAST_FOR_SHARES, MAX_OUTCOMES } from '../stress/hammer/hammerResult.ts';
import { FAILS } from '../stress/scenario/comparison.ts';
import { contentFrom, fixedBytes } from '../stress/scenario/contents.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import type { Step } from '../stress/scenario/steps.ts';
import { t } from '../text/l10n.ts';
import type { DriverOutcome, DriverResult } from './driverResult.ts';
import type { VerifyRun } from './model.ts';
import type { VerifyPlan } from './plan.ts';

/** Most differences of state that are listed. */
const MAX_DIFFERENCES = 8;
const EXHAUSTED = 'trap: call stack exhausted';

/** The part of a run that outcomes make, and what to know of it. */
export interface JudgedRounds
  extends Pick<VerifyRun, 'outcomes' | 'wrongRounds' | 'seen' | 'notJudged' | 'serial' | 'serialComplete'> {
  notes: string[];
  /** No serial order of the calls returns. */
  alone: boolean;
}

/** Judges the outcomes of one process. */
export function judged(
  result: DriverResult,
  { orders, complete: known }: Pick<VerifyPlan, 'orders' | 'complete'>,
): JudgedRounds {
  const processed = result.ordersRun + result.stuckRun;
  const wholeOrders = orders.filter(({ whole }) => whole).length;
  // Callers that need each other between their calls have no serial order of whole sequences.
  const noWhole = processed >= wholeOrders && !result.serial.some(({ whole }) => whole);
  const units = result.serial.filter(({ whole }) => whole || noWhole);
  const complete = noWhole ? known.calls && processed >= orders.length : known.units && processed >= wholeOrders;
  const notes = reasons(result, complete, units.length);
  const isJudged = notes.length === 0;
  const byKey = new Map(result.serial.map((one) => [keyOf(one), one]));
  const byResults = new Map(units.map((one) => [keyOf({ ...one, state: '' }), one]));
  const rows = result.outcomes.map((one): HammerOutcome => {
    const same = byKey.get(keyOf(one));
    const similar = byResults.get(keyOf({ ...one, state: '' }));
    const kind = kindOf(one, isJudged, same, similar, noWhole);
    return {
      results: one.results,
      probe: one.probe,
      samples: one.samples,
      frequency: result.rounds < LEAST_FOR_SHARES ? null : one.samples / result.rounds,
      kind,
      order: same === undefined ? null : same.order.map(callerName).join(''),
      state: kind === 'wrong-state' && similar !== undefined ? differences(one, similar) : [],
      found: null,
    };
  });
  const sorted = rows.toSorted((a, b) => Number(isWrongKind(b)) - Number(isWrongKind(a)) || b.samples - a.samples);
  const notJudged = rows.filter(({ kind }) => kind === 'not-judged').length;
  return {
    outcomes: sorted.slice(0, MAX_OUTCOMES),
    wrongRounds: rows.filter(isWrongKind).reduce((sum, { samples }) => sum + samples, 0),
    seen: rows.length - notJudged,
    notJudged,
    serial: new Set(units.map(keyOf)).size,
    serialComplete: complete,
    notes,
    alone: complete && units.length === 0,
  };
}

/** Why outcomes are not judged, a sentence each. */
function reasons({ serial, differs, more }: DriverResult, complete: boolean, units: number): string[] {
  const found: string[] = [];
  if (!complete) found.push(t('Not all serial orders of the calls were run, so outcomes are counted but not judged.'));
  else if (units === 0) found.push(t('No serial order of the calls returns, so outcomes are counted but not judged.'));
  if (differs !== undefined)
    found.push(
      t(
        'One serial order gave two different outcomes ({0}), so outcomes are counted but not judged: something besides the calls decides them.',
        differs,
      ),
    );
  if (serial.some(({ results, probe }) => [...results.flat(), ...probe].includes(EXHAUSTED)))
    found.push(t('The depth at which calls exhaust the stack differs from run to run, so outcomes are not judged.'));
  if (more > 0 && found.length > 0) found.push(t('{0} rounds had further outcomes, which are not listed.', more));
  return found;
}

function kindOf(
  { results, probe }: DriverOutcome,
  isJudged: boolean,
  same: { whole: boolean } | undefined,
  similar: object | undefined,
  noWhole: boolean,
): HammerOutcome['kind'] {
  // What must hold must hold in serial orders, too.
  if ([...results.flat(), ...probe].some((text) => text.startsWith(FAILS))) return 'expectation';
  if (!isJudged) return 'not-judged';
  if (same !== undefined) return same.whole || noWhole ? 'serial' : 'divided';
  return similar === undefined ? 'wrong' : 'wrong-state';
}

const keyOf = ({ results, probe, state }: Pick<DriverOutcome, 'results' | 'probe' | 'state'>): string =>
  JSON.stringify([results, probe, state]);

/** `memory 0x400..0x404 is 0x00000005, 0x00000006 in serial order AB`. */
function differences(one: DriverOutcome, serial: DriverOutcome & { order: number[] }): string[] {
  const order = serial.order.map(callerName).join('');
  const own = new Map(one.words.map(({ cell, value }) => [cell, value]));
  const other = new Map(serial.words.map(({ cell, value }) => [cell, value]));
  const cells = [...new Set([...own.keys(), ...other.keys()])].filter((cell) => own.get(cell) !== other.get(cell));
  const word = (value: string | undefined): string => value ?? t('unchanged');
  return cells
    .slice(0, MAX_DIFFERENCES)
    .map((cell) => t('{0} is {1}, {2} in serial order {3}', cell, word(own.get(cell)), word(other.get(cell)), order));
}

const READ = /^read (utf8|bytes) ([\da-f]*)$/;

/** Results of the driver as outcomes of exploration have them: bytes that were read become texts. */
export function inWords(
  result: DriverResult,
  scenario: { callers: readonly Step[][]; probe: readonly Step[] },
): DriverResult {
  const told = <T extends DriverOutcome>(one: T): T => ({
    ...one,
    results: one.results.map((list, i) => list.map((text, k) => readText(text, scenario.callers[i]?.[k]))),
    probe: one.probe.map((text, k) => readText(text, scenario.probe[k])),
  });
  return { ...result, serial: result.serial.map(told), outcomes: result.outcomes.map(told) };
}

function readText(text: string, step: Step | undefined): string {
  const found = READ.exec(text);
  if (found === null || step === undefined || !('read' in step)) return text;
  return contentFrom(step, fixedBytes('hex', found[2]) ?? new Uint8Array()).text;
}
