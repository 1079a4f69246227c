/** Shows the results of hammer runs at the exports that they call. */
import { type DecorationOptions, Diagnostic, DiagnosticSeverity, l10n, type Range } from 'vscode';
import { codeBlock } from '../../../../core/harmless/markdown.ts';
import { reportText } from '../../../../core/report/formats.ts';
import { hammerReportOf } from '../../../../core/report/report.ts';
import { hammerVerdict } from '../../../../core/report/verdicts.ts';
import { callerName } from '../../../../core/stress/scenario/scenario.ts';
import { stepText } from '../../../../core/stress/scenario/steps.ts';
import { markdownString } from '../../shown/markdown.ts';
import { severityOfHammer } from '../modes/hammerMode.ts';
import type { HammeredExports } from './stressResults.ts';

/** The worst run of each export, by the byte offset of the export. */
function worstByPlace(hammered: readonly HammeredExports[]): Map<number, HammeredExports> {
  const worst = new Map<number, HammeredExports>();
  for (const one of hammered) {
    for (const offset of one.exports.values()) {
      const known = worst.get(offset);
      if (known === undefined || rank(one) > rank(known)) worst.set(offset, one);
    }
  }
  return worst;
}

const rank = ({ result }: HammeredExports): number =>
  severityOfHammer(result) + result.wrongRounds / Math.max(result.rounds, 1) / 2;

/** The tables of outcomes and costs in the hovers of exports. Lines of exports have badges, so nothing is at their ends. */
export const hammerHovers = (
  hammered: readonly HammeredExports[],
  ranges: ReadonlyMap<number, Range>,
): DecorationOptions[] =>
  [...worstByPlace(hammered)].flatMap(([offset, { result }]) => {
    const range = ranges.get(offset);
    if (range === undefined) return [];
    const text = reportText(hammerReportOf(result), 'text', { full: false, colour: false });
    return [{ range, hoverMessage: markdownString(codeBlock(text)) }];
  });

/** Diagnostics for what went wrong, one at each export. */
export function hammerDiagnostics(
  hammered: readonly HammeredExports[],
  ranges: ReadonlyMap<number, Range>,
): Diagnostic[] {
  return [...worstByPlace(hammered)].flatMap(([offset, { result }]) => {
    const range = ranges.get(offset);
    if (range === undefined || severityOfHammer(result) < 2) return [];
    const { scenario, host, model, threads, outcomes } = result;
    const callers = scenario.callers
      .map((calls, i) => `${callerName(i)} ${calls.map(stepText).join('; ')}`)
      .join(' | ');
    const found = outcomes.map((one) => one.found).find((one) => one?.how === 'schedule');
    const told = l10n.t('{0}: {1}, on {2} threads ({3}, {4}).', callers, hammerVerdict(result), threads, host, model);
    const schedule = found?.how === 'schedule' ? l10n.t('Schedule {0} shows it.', found.schedule) : undefined;
    const message = schedule === undefined ? told : `${told} ${schedule}`;
    const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Warning);
    diagnostic.code = result.verdict;
    return [diagnostic];
  });
}
