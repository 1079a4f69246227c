/** What each remedy costs, as a small table with bars; never without what was seen of the unsafe way. */

import { table } from '../../text/style.ts';
import type { HammerResult, Remedy, RemedyCost } from '../engine/hammer/hammerResult.ts';
import type { HammerForm } from './hammerText.ts';
import { shareOf, wrongShare } from './hammerText.ts';
import { counted, labelled } from './textForm.ts';

const BAR = 20;
const LABELS: Readonly<Record<Remedy, string>> = {
  unsafe: 'unsafe',
  mutex: 'one mutex',
  pool: 'instance pool',
  'instance-per-call': 'instance per call',
};

export function costsText(result: HammerResult, form: HammerForm): string[] {
  const { costs } = result;
  if (costs === null || costs.rows.length === 0) return [];
  const most = Math.max(...costs.rows.map((row) => row.callsPerSecond));
  const rows = costs.rows.map((row) => [
    `  ${LABELS[row.remedy]}`,
    counted(row.threads, 'thread'),
    bar(row.callsPerSecond / most),
    `${inShort(row.callsPerSecond)} calls/s`.padStart(14),
    `p50 ${duration(row.p50)}`.padStart(11),
    `p99 ${duration(row.p99)}`.padStart(11),
    meaningOf(row, result),
  ]);
  const { paint } = form;
  const wrong =
    result.verdict === 'wrong-outcome' || result.verdict === 'hang' || result.explored?.wrongOutcome === true;
  const paints = costs.rows.map(({ remedy }) => (wrong && remedy === 'unsafe' ? rows[0].map(() => paint.red) : []));
  return [
    '  Cost of remedies, on the same calls; latency of one caller and all its calls:',
    ...table(rows, paints).map((line) => line.trimEnd()),
    ...labelled(
      'An instance',
      `${inBytes(costs.memoryPerInstance)} of memory, ready in ${duration(costs.instantiation * 1e6)}`,
      form,
    ),
    '',
  ];
}

function meaningOf(
  { remedy, threads, trapped }: RemedyCost,
  { verdict, outcomes, rounds, explored }: HammerResult,
): string {
  const traps = trapped > 0 ? `; traps in ${shareOf(trapped)}` : '';
  if (remedy === 'mutex') return `one caller at a time${traps}`;
  if (remedy === 'pool') return `a state for each instance${traps}`;
  if (remedy === 'instance-per-call') return `no state is kept${traps}`;
  if (threads === 1) return `one caller alone${traps}`;
  if (verdict === 'hang') return `hangs${traps}`;
  if (verdict === 'wrong-outcome') return `wrong in ${shareOf(wrongShare(outcomes))} of the rounds${traps}`;
  if (explored?.wrongOutcome) return `wrong outcomes, as exploration shows${traps}`;
  if (explored?.verdict === 'race') return `a data race, as exploration shows${traps}`;
  return `${verdict === 'none-seen' ? `nothing wrong seen in ${counted(rounds, 'round')}` : 'not judged'}${traps}`;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `share` of its full length, in eighths of a character. */
function bar(share: number): string {
  const eighths = Math.round(share * BAR * 8);
  const text = '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
  return (text === '' && share > 0 ? '▏' : text).padEnd(BAR);
}

/** `9.4 M`, `12 k`, `830`. */
function inShort(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value >= 1e4 ? 0 : 1)} k`;
  return String(Math.round(value));
}

/** Of nanoseconds. */
function duration(nanoseconds: number): string {
  if (nanoseconds >= 1e9) return `${(nanoseconds / 1e9).toFixed(1)} s`;
  if (nanoseconds >= 1e6) return `${(nanoseconds / 1e6).toFixed(nanoseconds >= 1e7 ? 0 : 1)} ms`;
  if (nanoseconds >= 1e3) return `${(nanoseconds / 1e3).toFixed(nanoseconds >= 1e4 ? 0 : 1)} us`;
  return `${Math.round(nanoseconds)} ns`;
}

function inBytes(bytes: number): string {
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(bytes >= 10 * 2 ** 20 ? 0 : 1)} MiB`;
  return `${Math.round(bytes / 1024)} KiB`;
}
