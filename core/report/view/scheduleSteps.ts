/** The steps of a trace as the schedule player shows them: plain data, without what a reader does not see. */

import type { StressResult } from '../../stress/explore/result.ts';
import type { TraceRow } from '../../stress/run/traceRows.ts';
import { callIn } from '../../stress/scenario/steps.ts';
import { t } from '../../text/l10n.ts';
import { functionOf } from '../sourced.ts';
import { countText, wokenText } from '../text/notifyText.ts';
import { stepRows } from '../text/stepRows.ts';

/**
 * What a step is; each has a shape of its own.
 * - `call`, `return`, `trap`: a call begins, returns, ends in a trap or does not end
 * - `step`, `told`: the begin of a step of a protocol that is no call, and the end of one that reads or expects
 * - `import`: a call of an imported function
 * - `buffered`: a store that waits in its caller's store buffer; it is a `write` where it reaches memory
 * - `update`: an atomic read-modify-write
 * - `other`: an operation that neither reads nor writes, such as a fence
 */
export type StepKind =
  | 'call'
  | 'step'
  | 'return'
  | 'trap'
  | 'told'
  | 'import'
  | 'read'
  | 'write'
  | 'buffered'
  | 'atomic-read'
  | 'atomic-write'
  | 'update'
  | 'wait'
  | 'notify'
  | 'grow'
  | 'other';

/** One step of a caller. Absent members have the value in their comment. */
export interface StepView {
  kind: StepKind;
  /** Indices of the caller, and of the call among the caller's. */
  caller: number;
  call: number;
  /** Mnemonic; of a call its text, `put(0, 1)`. */
  op: string;
  /** What it touches, as results call it; absent for nothing. */
  cell?: string;
  /** The same in words of the source. */
  variable?: string;
  read?: string;
  written?: string;
  /** What a notification did, `count 1: woke B`. */
  note?: string;
  /** Function that it is in; absent for unknown code. */
  inside?: string;
  /** Byte offset of the instruction; absent where there is none. */
  offset?: number;
  /** Line and column in the text of the module, `12:5`. */
  place?: string;
  /** Line of the source, `lib.rs:31`. */
  source?: string;
  /** The caller preempts another one here: false. */
  switched?: true;
  /** Callers do not share the cell: false. */
  unshared?: true;
  /** Of a store: it waits in its caller's store buffer, or reaches memory; absent where the two are one. */
  buffer?: 'waits' | 'reaches';
  /** So many repetitions, of which this is the first: 1. */
  times?: number;
  /** The bytes between the first and the last that they touch. */
  span?: string;
}

/** Where an instruction is in the text of its module. */
export type PlaceInText = (func: number, offset: number) => string;

/** The steps of the trace of a result, in order. */
export function stepsOf(
  result: Pick<StressResult, 'trace' | 'scenario' | 'functions'>,
  place?: PlaceInText,
): StepView[] {
  return stepRows(result.trace, result.scenario).map((row) => stepOf(row, result, place));
}

function stepOf(row: TraceRow, result: Pick<StressResult, 'scenario' | 'functions'>, placeOf?: PlaceInText): StepView {
  const { caller, call, cell, variable, place, func, notify, offset, times, span, read, written } = row;
  const kind = kindOf(row, result);
  const inside = functionOf(row, result);
  const begins = kind === 'call' || kind === 'step';
  return {
    kind,
    caller,
    call,
    op: begins ? cell : row.op,
    ...(cell === '' || begins ? {} : { cell }),
    ...(variable === undefined ? {} : { variable: variable.name }),
    ...(read === undefined ? {} : { read }),
    ...(written === undefined ? {} : { written }),
    ...(notify === undefined ? {} : { note: t('count {0}: {1}', countText(notify), wokenText(notify)) }),
    ...(inside === undefined || begins || kind === 'return' ? {} : { inside }),
    ...(offset < 0 ? {} : { offset, ...(placeOf === undefined ? {} : { place: placeOf(func, offset) }) }),
    ...(place === undefined ? {} : { source: `${place.file}:${place.line}` }),
    ...(row.switched ? { switched: true } : {}),
    ...(row.matters ? {} : { unshared: true }),
    ...(row.buffer === undefined ? {} : { buffer: row.buffer }),
    ...(times > 1 ? { times } : {}),
    ...(span === undefined ? {} : { span }),
  };
}

function kindOf(row: TraceRow, { scenario }: Pick<StressResult, 'scenario'>): StepKind {
  const { op, offset, read, written } = row;
  if (op === 'call' && offset >= 0) return 'import';
  if (op === 'call') {
    const step = scenario.callers[row.caller]?.[row.call];
    return step === undefined || callIn(step) !== undefined ? 'call' : 'step';
  }
  if (op === 'return' || op === 'trap' || op === 'told') return op;
  if (op === 'host call') return 'import';
  if (op === 'host read') return 'read';
  if (op === 'host write') return 'write';
  if (op.includes('.atomic.wait')) return 'wait';
  if (op.includes('.atomic.notify')) return 'notify';
  if (op.endsWith('.grow')) return 'grow';
  if (op.includes('.atomic.')) {
    if (op.includes('.rmw')) return 'update';
    return op.includes('.store') ? 'atomic-write' : 'atomic-read';
  }
  // Others see it only when it reaches memory.
  if (row.buffer === 'waits') return 'buffered';
  if (written !== undefined) return 'write';
  return read === undefined ? 'other' : 'read';
}
