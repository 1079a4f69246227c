/** What each remedy costs, as a small table with bars. The rows without a remedy always say what went wrong. */

import type { Costs, CostVariant, HammerResult, RemedyCost } from '../../stress/hammer/hammerResult.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { plural } from '../../text/phrases.ts';
import { partOf } from '../verdicts.ts';
import { widthOf } from './style.ts';
import { indented, labelled, type TextForm } from './textForm.ts';

const BAR = 20;
/** How texts call remedies. */
export const VARIANT_NAME: Readonly<Record<CostVariant, Message>> = {
  unsafe: message('unsafe'),
  mutex: message('one mutex'),
  pool: message('instance pool'),
  'instance-per-call': message('instance per call'),
};

/** The table, with what an instance costs. */
export function costsText(result: HammerResult, form: TextForm): string[] {
  const { costs } = result;
  if (costs === null || costs.rows.length === 0) {
    const lines = unmeasuredLines(result, form);
    return lines.length === 0 ? [] : ['  Cost of remedies', ...lines, ''];
  }
  const most = Math.max(...costs.rows.map((row) => row.callsPerSecond));
  const remedies = [...new Set(costs.rows.map(({ remedy }) => remedy))];
  return [
    ...labelled(
      'Cost of remedies',
      'one caller per thread, called from JavaScript; latency covers all calls of a caller',
      form,
    ),
    ...remedies.flatMap((remedy) => {
      const rows = costs.rows.filter((row) => row.remedy === remedy);
      const lines = [
        ...indented(`${translated(VARIANT_NAME[remedy])}: ${costMeaning(rows, result)}`, form),
        ...rowsOf(rows, most, costs.clock, form),
      ];
      return remedy === 'unsafe' && isWrong(result) ? lines.map(form.paint.red) : lines;
    }),
    ...unmeasuredLines(result, form),
    ...labelled('Per instance', instanceCost(costs), form),
    '',
  ];
}

/** What an instance of a pool costs. */
export const instanceCost = ({ memoryPerInstance, instantiation }: Costs): string =>
  t('{0} of memory, ready in {1}', inBytes(memoryPerInstance), duration(instantiation * 1e6));

/** Remedies whose cost is not known, those with one reason together. */
export function unmeasuredTexts({ unmeasured }: Pick<HammerResult, 'unmeasured'>): string[] {
  const reasons = [...new Set(unmeasured.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const names = unmeasured
      .filter((one) => one.reason === reason)
      .map(({ remedy }) => translated(VARIANT_NAME[remedy]));
    return t('not measured: {0} ({1})', names.join(t(', ')), reason);
  });
}

const unmeasuredLines = (result: HammerResult, form: TextForm): string[] =>
  unmeasuredTexts(result).flatMap((text) => indented(text, form));

const isWrong = ({ verdict, explored }: HammerResult): boolean =>
  verdict === 'wrong-outcome' || verdict === 'hang' || (explored !== null && explored.verdict !== 'safe');

/** Width of a row without its bar. */
const WIDTH = 58;
/** The same with its latencies padded. */
const LATENCIES = 62;

function rowsOf(rows: readonly RemedyCost[], most: number, clock: number, { columns }: TextForm): string[] {
  const length = Math.min(BAR, columns - WIDTH);
  return rows.map(({ threads, callsPerSecond, spread, p50, p99 }) => {
    const chart = length < 4 ? '' : `${bar(callsPerSecond / most, length)}  `;
    const speed = `${rateText(callsPerSecond)} calls/s`.padStart(14);
    const line = `      ${plural(threads, 'thread').padEnd(9)}  ${chart}${speed}  ${`p50 ${latencyText(p50, clock)}`.padEnd(10)}  p99 ${latencyText(p99, clock)}`;
    const beside = spread === undefined ? line : `${line.padEnd(LATENCIES + length)}  ${spreadText(spread)}`;
    return widthOf(beside) <= columns ? beside : line;
  });
}

/** `70 M to 95 M in 12 measurements`. */
export const spreadText = ({ least, most, measurements }: NonNullable<RemedyCost['spread']>): string =>
  t('{0} to {1} in {2} measurements', rateText(least), rateText(most), measurements);

/** Nanoseconds as text. Latencies below the resolution of the clock, within a tenth, are not told apart. */
export const latencyText = (nanoseconds: number, clock: number): string =>
  nanoseconds <= clock * 1.1 ? `<${duration(clock)}` : duration(nanoseconds);

/** What to know about a remedy: what it does to state, and what went wrong. */
export function costMeaning(
  rows: readonly RemedyCost[],
  { verdict, wrongRounds, rounds, explored }: HammerResult,
): string {
  const worst = rows.toSorted((a, b) => b.trapped / b.sequences - a.trapped / a.sequences)[0];
  const traps =
    worst.trapped > 0
      ? t('; traps in {0}', partOf(worst.trapped, worst.sequences, plural(worst.sequences, 'call sequence')))
      : '';
  switch (rows[0].remedy) {
    case 'mutex':
      return `${t('one caller at a time')}${traps}`;
    case 'pool':
      return `${t('an instance per thread, each with its own state')}${traps}`;
    case 'instance-per-call':
      return `${t('no state is kept; times include instantiation and setup')}${traps}`;
    default:
      break;
  }
  if (verdict === 'hang') return `${t('calls hang')}${traps}`;
  if (verdict === 'wrong-outcome')
    return `${t('wrong in {0}', partOf(wrongRounds, rounds, plural(rounds, 'round')))}${traps}`;
  if (explored?.wrongOutcome) return `${t('wrong outcomes, as exploration shows')}${traps}`;
  if (explored?.verdict === 'race') return `${t('a data race, as exploration shows')}${traps}`;
  if (explored?.verdict === 'host-hazard')
    return `${t('operations that damage the host, as exploration shows')}${traps}`;
  if (explored?.verdict === 'hang') return `${t('calls can hang, as exploration shows')}${traps}`;
  return `${verdict === 'none-seen' ? t('no wrong outcome seen in {0}', plural(rounds, 'round')) : t('not judged')}${traps}`;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `share` of its full length, in eighths of a character. */
function bar(share: number, length: number): string {
  const eighths = Math.round(share * length * 8);
  const text = '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
  return (text === '' && share > 0 ? '▏' : text).padEnd(length);
}

/** `9.4 M`, `12 k`, `830`. */
export function rateText(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value >= 1e4 ? 0 : 1)} k`;
  return String(Math.round(value));
}

/** Nanoseconds as text. */
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
