/** Results of the calls, the seen ones beside those of serial orders. */
import type { palette } from '../cli/style.ts';
import type { Results, StressResult } from './engine/result.ts';
import { callerName, callText } from './engine/scenario.ts';

export type Painted = ReturnType<typeof palette>;

/** Rows of serial outcomes, and of wrong ones. */
const MAX_SERIAL = 6;
const MAX_WRONG = 3;

export function outcomesText({ outcomes, scenario, verdict }: StressResult, paint: Painted): string[] {
  const { wrong, examples, serial } = outcomes;
  if (verdict === 'safe' && serial <= 1) return [];
  const heads = ['', ...scenario.callers.map((calls, i) => `${callerName(i)}: ${calls.map(callText).join('; ')}`)];
  if (scenario.probe.length > 0) heads.push(`then ${scenario.probe.map(callText).join('; ')}`);
  const cells = (label: string, results: Results, probe: readonly string[]): string[] => [
    label,
    ...results.map((list) => list.join(', ')),
    ...(scenario.probe.length > 0 ? [probe.join(', ')] : []),
  ];
  const rows = [
    heads,
    ...wrong
      .slice(0, MAX_WRONG)
      .map((one) => cells(one.state.length > 0 ? 'seen, wrong state' : 'seen, wrong', one.results, one.probe)),
    ...examples.slice(0, MAX_SERIAL).map((one) => cells(`serial order ${one.order}`, one.results, one.probe)),
  ];
  const widths = heads.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const lines = rows.map((row, r) => {
    const text = row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd();
    return `    ${r > 0 && r <= Math.min(wrong.length, MAX_WRONG) ? paint.red(text) : text}`;
  });
  const more =
    serial > Math.min(examples.length, MAX_SERIAL)
      ? [`    and ${serial - Math.min(examples.length, MAX_SERIAL)} more serial outcomes`]
      : [];
  const state = wrong.slice(0, MAX_WRONG).flatMap((one) => one.state.map((text) => `    ${text}`));
  return ['  Outcomes', ...lines, ...more, ...state, ''];
}
